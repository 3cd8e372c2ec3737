"""What can happen in the appointment book. One function, one thing, one transaction."""

from patient_online.appointments.actions.absences import enter_absence, take_back_absence
from patient_online.appointments.actions.adding import add_slot
from patient_online.appointments.actions.booking import book, cancel, rearrange, show_red_flags
from patient_online.appointments.actions.day import AT_THE_DESK, mark, record_never_arrived
from patient_online.appointments.actions.desk import book_for, cancel_for, rearrange_for
from patient_online.appointments.actions.groups import add_cohort, add_members, remove_member, rename_cohort
from patient_online.appointments.actions.linked import cancel_by_link
from patient_online.appointments.actions.putting_back import put_back
from patient_online.appointments.actions.release import add_rule, change_rule, remove_rule
from patient_online.appointments.actions.reminding import remind
from patient_online.appointments.actions.taking import Words
from patient_online.appointments.actions.templates import (
    add_session,
    add_template,
    change_template,
    make_sessions,
    stop_template,
)
from patient_online.appointments.actions.unmet import count_empty_search, count_unmet, tell_why_not
from patient_online.appointments.actions.withdraw import move_session, settle, withdraw
from patient_online.appointments.actions.words import word_slot_type

__all__ = [
    "AT_THE_DESK",
    "Words",
    "add_cohort",
    "add_members",
    "add_rule",
    "add_session",
    "add_slot",
    "add_template",
    "book",
    "book_for",
    "cancel",
    "cancel_by_link",
    "cancel_for",
    "change_rule",
    "change_template",
    "count_empty_search",
    "count_unmet",
    "enter_absence",
    "make_sessions",
    "mark",
    "move_session",
    "put_back",
    "rearrange",
    "rearrange_for",
    "record_never_arrived",
    "remind",
    "remove_member",
    "remove_rule",
    "rename_cohort",
    "settle",
    "show_red_flags",
    "stop_template",
    "take_back_absence",
    "tell_why_not",
    "withdraw",
    "word_slot_type",
]
