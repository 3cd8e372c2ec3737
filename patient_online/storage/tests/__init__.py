"""Tests of how rows are kept."""
