"""Commands that act on access."""
