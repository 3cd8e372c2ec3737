"""Tests of the page layout, the form fields, the error pages, the logs and health."""
