"""How the people of the made-up practice are told: most by e-mail, some by text or letter, a few not at all."""

from datetime import datetime, time, timedelta
from typing import Any

from patient_online.nhs.dates import from_wall_clock
from patient_online.nhs.telephones import is_mobile
from patient_online.patients.models import Patient

LANGUAGES = ("pl", "ro", "ur", "bn", "so", "ar", "pa", "bfi")
FORMATS = (Patient.Format.LARGE_PRINT, Patient.Format.EASY_READ, Patient.Format.BRAILLE, Patient.Format.AUDIO)


def needs_of(row: dict[str, Any], number: int) -> dict[str, Any]:
    """What the `number`th person registered needs: always the same, whatever else is made up of them."""
    email, telephone = row["email"], row["telephone"]
    mobile = bool(telephone) and is_mobile(telephone)
    checked = _checked_at(row, number)
    foreign = number % 9 == 4
    return {
        "contact_by": _route(number, email=bool(email), mobile=mobile),
        "email_verified_at": checked if email and number % 8 != 7 else None,
        "telephone_verified_at": checked if mobile and number % 8 != 6 else None,
        "language": LANGUAGES[number // 9 % len(LANGUAGES)] if foreign else "en",
        "interpreter": foreign and number % 2 == 0,
        "format": FORMATS[number // 30 % len(FORMATS)] if number % 30 == 11 else Patient.Format.STANDARD,
    }


def _route(number: int, *, email: bool, mobile: bool) -> str:
    if number % 40 == 39:
        return Patient.Route.NONE
    if number % 12 == 5 or not (email or mobile):
        return Patient.Route.LETTER
    return Patient.Route.TEXT if mobile and (number % 5 == 2 or not email) else Patient.Route.EMAIL


def _checked_at(row: dict[str, Any], number: int) -> datetime:
    """At the desk, on the day they registered."""
    return from_wall_clock(row["registered_on"], time(9)) + timedelta(minutes=number % 400)
