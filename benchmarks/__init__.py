"""What is measured, how, and the last table. Nothing here runs in the suite."""
