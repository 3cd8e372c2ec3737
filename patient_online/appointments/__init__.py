"""Booking, moving and cancelling a GP appointment online.

Owns the appointment book that a practice puts online: schedules, slots, appointments.
Stands on access, patients and practices. Knows nothing of the other online services.
"""
