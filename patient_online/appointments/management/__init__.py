"""Commands that bring in a practice's appointment book."""
