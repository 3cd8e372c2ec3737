"""Commands that bring in what the NHS publishes about practices."""
