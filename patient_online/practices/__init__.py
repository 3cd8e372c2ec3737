"""The GP practice: its ODS code and geography, sites, staff and roles, the services it offers and its policies.

Owns what is true of a practice before anybody signs in. Stands on audit; knows nothing of patients.
"""
