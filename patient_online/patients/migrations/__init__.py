"""Schema changes of patients."""
