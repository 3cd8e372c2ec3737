"""Commands that act on how rows are kept."""
