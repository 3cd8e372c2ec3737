"""That a patient has read the signs of an emergency: kept by the browser, sealed, so that a booking writes no session.

The seal holds for one session and one patient, and tells nothing of either.
"""

from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from patient_online.access.audiences import PatientRequest

Answer = TypeVar("Answer", bound=HttpResponseBase)

HOLD = timedelta(hours=1)
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime.fromtimestamp(0, UTC)
SALT = "patient_online.appointments.views.signs"


def read_at(request: PatientRequest) -> datetime | None:
    """When the patient last went past the signs of an emergency, if that was within the hour."""
    given = request.COOKIES.get(cookie_name(), "")
    number = given.partition(".")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 18):
        return None
    at = EPOCH + int(number) * MICROSECOND
    fits = constant_time_compare(given, sealed(request.session.session_key, request.acting.patient_id, at=at))
    return at if fits and timedelta(0) <= timezone.now() - at < HOLD else None


def keep(request: PatientRequest, answer: Answer) -> Answer:
    """The answer, with which the browser keeps that the patient has gone past the signs now."""
    value = sealed(request.session.session_key, request.acting.patient_id, at=timezone.now())
    answer.set_cookie(
        cookie_name(), value, max_age=HOLD, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )
    return answer


def spend(answer: Answer) -> Answer:
    """The answer after a booking, with which the browser forgets it: the signs count for one booking.

    A browser that sends it again all the same is shown them again: see `rules.booking.why_not_signs`.
    """
    answer.delete_cookie(cookie_name(), samesite="Lax")
    return answer


def sealed(session_key: str | None, patient_id: UUID, *, at: datetime) -> str:
    """What the browser keeps of this patient's reading the signs in the session with this key."""
    number = (at - EPOCH) // MICROSECOND
    return f"{number}.{salted_hmac(SALT, f'{session_key}.{patient_id}.{number}', algorithm='sha256').hexdigest()[:32]}"


def cookie_name() -> str:
    """What the cookie is called."""
    return "__Host-signs" if settings.SESSION_COOKIE_SECURE else "signs"
