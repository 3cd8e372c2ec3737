"""Schema changes of storage."""
