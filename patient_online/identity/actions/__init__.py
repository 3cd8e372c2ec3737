"""What can happen to accounts: they are opened and closed, signed in to, guessed at, and found again."""

from patient_online.identity.actions.accounts import (
    choose_password,
    close_account,
    confirm_email,
    open_account,
    send_to,
    tell_of_guesses,
)
from patient_online.identity.actions.devices import forget_devices, know_device
from patient_online.identity.actions.guesses import Tried, forget_guesses, take_back, try_once
from patient_online.identity.actions.signing_in import TELL, SignInTry, try_password
from patient_online.identity.actions.ways_in import NewWayIn, give_way_in, try_way_in

__all__ = [
    "TELL",
    "NewWayIn",
    "SignInTry",
    "Tried",
    "choose_password",
    "close_account",
    "confirm_email",
    "forget_devices",
    "forget_guesses",
    "give_way_in",
    "know_device",
    "open_account",
    "send_to",
    "take_back",
    "tell_of_guesses",
    "try_once",
    "try_password",
    "try_way_in",
]
