"""Journeys of made-up people in a real browser, and every page looked at for who might be shut out."""
