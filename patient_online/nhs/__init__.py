"""What the NHS says the same everywhere: numbers, codes, days and times, telephones, addresses, services.

Plain Python: no tables, no Django, and no reading of the clock; the moment is always passed in.
"""
