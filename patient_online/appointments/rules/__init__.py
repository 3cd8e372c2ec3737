"""May this happen in the appointment book? Plain Python over facts; the clock comes in as `at`."""
