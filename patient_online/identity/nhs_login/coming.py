"""Bringing somebody whom NHS login knows into their session: a new one at sign-in, the same one at a step-up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from patient_online.asking import Anyone
from patient_online.identity.actions.nhs_login import come_in, connect
from patient_online.identity.models import Account
from patient_online.identity.nhs_login.arrivals import Arrived
from patient_online.identity.nhs_login.fetching import Untrue
from patient_online.identity.nhs_login.flow import Errand, errand_of, known_by
from patient_online.identity.nhs_login.ours import Ours
from patient_online.identity.nhs_login.rules import Known, NotByNhsLogin
from patient_online.identity.queries import is_theirs
from patient_online.identity.rules import NEW_HERE, NHS_LOGIN, counts_here
from patient_online.refusals import Refused

SIGN_IN, STEP_UP, CONNECT, CONFIRM = "sign-in", "step-up", "connect", "confirm"


@dataclass(frozen=True, slots=True)
class Back:
    """Somebody is back from NHS login and in their session: where they were going, and what came of it."""

    next: str
    arrived: Arrived


def come_back(request: HttpRequest, ours: Ours, *, at: datetime) -> Back:
    """Believe what the browser brought back and let its person in. Raises Declined, Refused, Unreachable or Untrue."""
    errand, asked = errand_of(request.session, request.GET, at=at)
    _check_still_here(request, errand)
    known = known_by(ours, request.GET, asked, at=at)
    by = Anyone(request_id=getattr(request, "id", None))
    account, arrived = _let_in(known, errand, by, at)
    _note_in_session(request, account, errand, known)
    return Back(errand.next, arrived)


def _check_still_here(request: HttpRequest, errand: Errand) -> None:
    """Who is signed in now must be who was when the browser was sent off: nobody is swapped for another."""
    here = str(request.user.pk) if request.user.is_authenticated else ""
    if here != errand.account:
        raise Refused(NotByNhsLogin.OTHER_PERSON) if here else Untrue("signed-out-meanwhile")


def _let_in(known: Known, errand: Errand, by: Anyone, at: datetime) -> tuple[Account, Arrived]:
    if errand.purpose == CONNECT:
        return connect(known, UUID(errand.account), by=by, at=at)
    if errand.purpose in (STEP_UP, CONFIRM) and not is_theirs(by, known, UUID(errand.account)):
        raise Refused(NotByNhsLogin.OTHER_PERSON)
    return come_in(known, by=by, at=at)


def _note_in_session(request: HttpRequest, account: Account, errand: Errand, known: Known) -> None:
    """Put into the session how well the person is known, under a new key: the old one opens nothing any more."""
    again = {"asked_there": True} if errand.purpose in (SIGN_IN, CONFIRM) else {}  # both with prompt=login
    new = {NEW_HERE: True} if errand.purpose == CONNECT and not counts_here(request.session, account.pk) else {}
    record_authentication(request, account, method=NHS_LOGIN, vot=known.vot, **again, **new)
    if errand.purpose == SIGN_IN:
        get_adapter().login(request, account)
    else:
        request.session.cycle_key()
