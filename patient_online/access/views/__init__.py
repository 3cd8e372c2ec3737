"""What people see of access."""
