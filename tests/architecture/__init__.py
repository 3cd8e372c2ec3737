"""What checks the laws of the house: functions over sources or models, so that a breach can be planted."""
