"""Schema changes of practices."""
