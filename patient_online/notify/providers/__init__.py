"""Who carries messages out of the house."""
