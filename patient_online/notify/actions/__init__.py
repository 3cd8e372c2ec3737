"""What can happen to a message, and to the stop on all sending."""

from patient_online.notify.actions.delivery import call_up, claim, hand_over, look_again, put_off, settle
from patient_online.notify.actions.fences import lift_fences, raise_fence, recognise
from patient_online.notify.actions.handling import mark_printed, mark_read, not_printed, print_instead, stop, try_again
from patient_online.notify.actions.mail import forget_mail, mail_failed, mail_later, mail_sent, post, take_mail
from patient_online.notify.actions.receipts import (
    ask_later,
    ask_no_more,
    claim_receipt,
    give_up,
    go_another_way,
    mark_delivered,
)
from patient_online.notify.actions.sending import send, send_all
from patient_online.notify.actions.stopping import stop_unsent

__all__ = [
    "ask_later",
    "ask_no_more",
    "call_up",
    "claim",
    "claim_receipt",
    "forget_mail",
    "give_up",
    "go_another_way",
    "hand_over",
    "lift_fences",
    "look_again",
    "mail_failed",
    "mail_later",
    "mail_sent",
    "mark_delivered",
    "mark_printed",
    "mark_read",
    "not_printed",
    "post",
    "print_instead",
    "put_off",
    "raise_fence",
    "recognise",
    "send",
    "send_all",
    "settle",
    "stop",
    "stop_unsent",
    "take_mail",
    "try_again",
]
