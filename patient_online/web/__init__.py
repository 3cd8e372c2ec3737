"""The NHS.UK design system in Django: page layout, form fields, filters, error pages, logs and health.

Stands on refusals, nhs and storage. Knows nothing of patients or practices: what a page shows of them is given to it.
"""
