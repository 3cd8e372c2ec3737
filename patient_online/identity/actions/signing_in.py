"""What happens when somebody signs in with a password: the try is counted, compared, and taken back if it was right."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password
from procrastinate.contrib.django import app

from patient_online.asking import Anyone
from patient_online.audit.actions import record_account
from patient_online.identity.actions.guesses import take_back, try_once
from patient_online.identity.guarding import Place, bucket
from patient_online.identity.models import Account
from patient_online.identity.queries import account_named, device_known
from patient_online.identity.rules import AT_A_NAME, FROM_A_NETWORK, ON_A_DEVICE, TELL_AFTER, Limit
from patient_online.storage.codes import as_kept

TELL = "patient_online.identity.jobs.tell_of_guesses"


@dataclass(frozen=True, slots=True)
class SignInTry:
    """What became of a try: the account whose password it was, or nobody's; `held_until` where it was not compared."""

    account: Account | None = None
    held_until: datetime | None = None


def try_password(name: str, password: str, *, place: Place, by: Anyone, at: datetime) -> SignInTry:
    """Compare a password with that of the account of this name, unless tries are held back.

    The same statements and one hash, whether there is such an account or not.
    """
    account = account_named(by, name)
    device = device_known(by, account.id if account else uuid4(), place.device)
    counted: list[str] = []
    for key, limit in _counts(account, name, device, place):
        tried = try_once(key, limit, by=by, at=at)
        if tried.held_until:
            take_back(counted, by=by, at=at)
            _note("account.sign_in_held", account, by, at, why=limit.kind)
            return SignInTry(held_until=tried.held_until)
        counted.append(key)
    if account.check_password(password) if account else check_password(password, ""):
        take_back(counted, by=by, at=at)
        return SignInTry(account)
    _note("account.sign_in_failed", account, by, at, why="password" if account else "unknown")
    if tried.wrong == TELL_AFTER:  # for a name that nobody has too, so that it costs the same
        app.configure_task(TELL, queue="messages").defer(account_id=str(account.id if account else uuid4()))
    return SignInTry()


def _counts(account: Account | None, name: str, device: UUID | None, place: Place) -> list[tuple[str, Limit]]:
    """Under what this try counts. A browser that is known has a count of its own: no stranger can use it up."""
    if device:
        return [(bucket("device", device), ON_A_DEVICE)]
    who = account.id if account else as_kept(name)
    return [(bucket("network", place.network), FROM_A_NETWORK), (bucket("name", who), AT_A_NAME)]


def _note(event: str, account: Account | None, by: Anyone, at: datetime, why: str) -> None:
    record_account(event, account_id=account.id if account else None, at=at, request_id=by.request_id, why=why)
