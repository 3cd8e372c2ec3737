"""Tests of the whole: architecture, docs, journeys in a real browser, and many people at once."""
