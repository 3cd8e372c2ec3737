"""Tests of the plain Python that every app stands on."""
