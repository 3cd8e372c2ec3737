"""Schema changes of identity."""
