"""Commands that load an appointment book."""
