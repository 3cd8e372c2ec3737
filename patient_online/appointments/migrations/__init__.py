"""Schema changes of appointments."""
