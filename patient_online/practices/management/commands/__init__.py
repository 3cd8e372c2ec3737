"""Commands that load the practice file."""
