"""People who sign in: their accounts."""
