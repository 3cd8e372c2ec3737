"""Commands that make the made-up world and show it."""
