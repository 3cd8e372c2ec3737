"""What can happen to access: accounts are tied to patients, services given and taken back, staff are listed."""

from patient_online.access.actions.blocks import carry_blocks, hold_back, lift
from patient_online.access.actions.claiming import claim, end_claim
from patient_online.access.actions.codes import enter_code, first_access, give_no_access
from patient_online.access.actions.contact import confirm_code, forget_checks, send_code, tell_of_change
from patient_online.access.actions.ending import close_account, end_access, end_link
from patient_online.access.actions.giving import give, take_back, tie
from patient_online.access.actions.going import end_access_of_gone, note_patient_back, note_patient_gone
from patient_online.access.actions.linking import link
from patient_online.access.actions.listing import list_all, list_for
from patient_online.access.actions.records import give_record, take_back_record
from patient_online.access.actions.registering import check_identity, make_letter, name_vouchers, take_back_letter
from patient_online.access.actions.requests import ask_for, decide, withdraw_request
from patient_online.access.actions.sessions import drop_form, end_sessions, keep_form, sign_out_one, sign_out_others
from patient_online.access.actions.staff import list_staff

__all__ = [
    "ask_for",
    "carry_blocks",
    "check_identity",
    "claim",
    "close_account",
    "confirm_code",
    "decide",
    "drop_form",
    "end_access",
    "end_access_of_gone",
    "end_claim",
    "end_link",
    "end_sessions",
    "enter_code",
    "first_access",
    "forget_checks",
    "give",
    "give_no_access",
    "give_record",
    "hold_back",
    "keep_form",
    "lift",
    "link",
    "list_all",
    "list_for",
    "list_staff",
    "make_letter",
    "name_vouchers",
    "note_patient_back",
    "note_patient_gone",
    "send_code",
    "sign_out_one",
    "sign_out_others",
    "take_back",
    "take_back_letter",
    "take_back_record",
    "tell_of_change",
    "tie",
    "withdraw_request",
]
