"""Tests of the whole: architecture, docs, journeys in a real browser, and what happens when many people come at once."""
