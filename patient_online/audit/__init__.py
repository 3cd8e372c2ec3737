"""Who did what to which record: append-only, and it feeds nothing else."""
