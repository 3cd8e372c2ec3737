"""What people see of identity."""
