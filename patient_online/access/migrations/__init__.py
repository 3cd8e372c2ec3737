"""Schema changes of access."""
