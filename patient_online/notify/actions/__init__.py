"""What can happen to a message, and to the stop on all sending."""

from patient_online.notify.actions.delivery import call_up, claim, hand_over, look_again, put_off, settle
from patient_online.notify.actions.fences import lift_fences, raise_fence, recognise
from patient_online.notify.actions.handling import mark_printed, mark_read, not_printed, stop, try_again
from patient_online.notify.actions.sending import send, send_all

__all__ = [
    "call_up",
    "claim",
    "hand_over",
    "lift_fences",
    "look_again",
    "mark_printed",
    "mark_read",
    "not_printed",
    "put_off",
    "raise_fence",
    "recognise",
    "send",
    "send_all",
    "settle",
    "stop",
    "try_again",
]
