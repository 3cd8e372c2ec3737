"""What a practice tells its patients: how long a notice may be, and when a closure makes sense."""

from collections.abc import Mapping, Sequence
from datetime import date

from patient_online.nhs.stretches import Stretch
from patient_online.refusals import N_, Owner, Refusal

MOST_WELCOME = 1000
MOST_CLOSURE_WORDS = 300
MOST_ROUTES = 8
ROUTE_PARTS = {"for": 60, "how": 120, "when": 120}  # characters
CLOSURE_AHEAD_DAYS = 2 * 366
CLOSURE_SHOWN_DAYS = 14  # before its first day


class NotTold(Refusal):
    """Why what the practice tells its patients was not changed."""

    NEWER_VERSION = (
        N_("Somebody else has saved a newer version since you opened this page. Nothing was overwritten."),
        N_("Both texts are on this page. Put together what patients should read, then save again."),
        Owner.SYSTEM,
    )
    TOO_LONG = (
        N_("What you wrote is too long."),
        N_("Shorten what is longer than the page says."),
        Owner.PATIENT,
    )
    NO_WORDS = (
        N_("A closure needs words for patients."),
        N_("Say why the practice is closed and where to go instead."),
        Owner.PATIENT,
    )
    DAYS_IN_DISORDER = (
        N_("The closure would end before it begins."),
        N_("Check the days, and the times if you gave any."),
        Owner.PATIENT,
    )
    PAST_CLOSURE = (
        N_("The first day closed has already been."),
        N_("Enter today or a later day."),
        Owner.PATIENT,
    )
    CLOSURE_TOO_FAR = (
        N_("The last day closed is more than two years ahead."),
        N_("Check the year, and enter the closure nearer to its time."),
        Owner.PATIENT,
    )
    OVERLAPS = (
        N_("The practice is closed on some of these days already: from %(first)s to %(last)s, “%(words)s”"),
        N_("Choose other days, or take that closure back first."),
        Owner.PRACTICE,
    )
    ALREADY_TAKEN_BACK = (
        N_("This closure was already taken back."),
        N_("You do not need to do anything."),
        Owner.SYSTEM,
    )


def why_not_told(text: str, routes: Sequence[Mapping[str, str]]) -> NotTold | None:
    """Why a notice cannot be kept whole, or None: it is never cut short."""
    parts = [(part, limit) for route in routes for name, limit in ROUTE_PARTS.items() for part in [route[name]]]
    too_long = len(text) > MOST_WELCOME or len(routes) > MOST_ROUTES or any(len(part) > most for part, most in parts)
    return NotTold.TOO_LONG if too_long else None


def why_not_closed(stretch: Stretch, words: str, *, today: date) -> NotTold | None:
    """Why a closure may not be entered, or None."""
    if not stretch.in_order:
        return NotTold.DAYS_IN_DISORDER
    if stretch.first < today:
        return NotTold.PAST_CLOSURE
    if (stretch.last - today).days > CLOSURE_AHEAD_DAYS:
        return NotTold.CLOSURE_TOO_FAR
    if len(words) > MOST_CLOSURE_WORDS:
        return NotTold.TOO_LONG
    return None if words.strip() else NotTold.NO_WORDS


def for_appointments(routes: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """The ways to reach the practice that are for appointments: those that say so."""
    return [route for route in routes if "appointment" in route["for"].lower()]


def changes(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """The lines of an old text that a new one leaves out, and those that it adds."""
    return [line for line in old if line not in new], [line for line in new if line not in old]
