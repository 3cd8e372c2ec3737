"""A person registered at a practice."""
