"""Schema changes of audit."""
