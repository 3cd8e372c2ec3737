"""Tests of patients."""
