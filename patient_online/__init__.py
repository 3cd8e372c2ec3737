"""Patient Online: booking appointments, ordering prescriptions and seeing your record at an English GP practice."""
