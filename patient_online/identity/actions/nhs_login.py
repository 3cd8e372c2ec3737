"""What can happen when somebody comes by NHS login: a mark is used up, an account opened, known again or connected."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction

from patient_online.asking import Anyone, Asker, System
from patient_online.audit.actions import action, record_account
from patient_online.identity.models import Account, NhsLogin, SpentToken
from patient_online.identity.nhs_login.arrivals import Arrived, hearing
from patient_online.identity.nhs_login.rules import Known, NotByNhsLogin, why_not_let_in
from patient_online.identity.notices import nhs_login_connected
from patient_online.identity.owners import tell_owner
from patient_online.refusals import Refused

REMEMBERED = timedelta(days=1)  # far longer than any code or token of theirs holds
SPEND = "INSERT INTO identity_spenttoken (mark, ends_at) VALUES (%s, %s) ON CONFLICT DO NOTHING"


def spend(issuer: str, kind: str, value: str, *, by: Anyone, at: datetime) -> bool:
    """Use a code or a token up; False where it was used before, by any worker."""
    mark = hashlib.sha256("\n".join((issuer, kind, value)).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(SPEND, [mark, at + REMEMBERED])
        return bool(cursor.rowcount)


def forget_spent(*, by: System, at: datetime) -> int:
    """Forget the marks of what would be refused for its age anyway; says how many."""
    return SpentToken.objects.filter(ends_at__lt=at).delete()[0]


def forget_login(account_id: UUID, *, by: Asker, at: datetime) -> int:
    """Forget who a closed account was at NHS login: who comes by it again begins anew. In the closing's transaction."""
    return NhsLogin.objects.filter(account_id=account_id).delete()[0]


def come_in(known: Known, *, by: Anyone, at: datetime) -> tuple[Account, Arrived]:
    """The account of whom NHS login knows, opened now if it is new, and what came of it; or raise Refused."""
    return _or_tell(known, lambda: _come_in(known, by=by, at=at), by, at)


def connect(known: Known, account_id: UUID, *, by: Anyone, at: datetime) -> tuple[Account, Arrived]:
    """Let an account that there is be signed in to with this NHS login too, or raise Refused."""
    return _or_tell(known, lambda: _connect(known, account_id, by=by, at=at), by, at)


def _or_tell(
    known: Known, do: Callable[[], tuple[Account, Arrived]], by: Anyone, at: datetime
) -> tuple[Account, Arrived]:
    try:
        return do()
    except Refused as refused:
        if hears := hearing():
            hears.turned_away(known, refused.reason, by=by, at=at)
        raise


@action("account.nhs_login")
def _come_in(known: Known, *, by: Anyone, at: datetime) -> tuple[Account, Arrived]:
    if refusal := why_not_let_in(known, at=at):
        raise Refused(refusal)
    login = _of(known) or _opened(known, at)
    return _arrived(login, known, by, at)


@action("account.nhs_login_connected")
def _connect(known: Known, account_id: UUID, *, by: Anyone, at: datetime) -> tuple[Account, Arrived]:
    if refusal := why_not_let_in(known, at=at):
        raise Refused(refusal)
    account = Account.objects.select_for_update(no_key=True).get(id=account_id)
    login = _of(known) or _connected(account, known, at)
    if login.account_id != account_id:
        raise Refused(NotByNhsLogin.OTHER_PERSON)
    if login.linked_at == at:
        tell_owner(account, nhs_login_connected())
    return _arrived(login, known, by, at)


def _of(known: Known) -> NhsLogin | None:
    """Found by issuer and subject, and by nothing else."""
    rows = NhsLogin.objects.select_for_update(no_key=True, of=("self",)).select_related("account")
    return rows.filter(issuer=known.issuer, subject=known.subject).first()


def _opened(known: Known, at: datetime) -> NhsLogin:
    """A new account: its password opens nothing, and no e-mail address is taken from NHS login."""
    try:
        with transaction.atomic():
            row = {"name": known.name, "password": make_password(None), "created_at": at}
            return _made(Account.objects.create(**row), known, at)
    except IntegrityError:  # the same person in two windows: the other one was quicker
        found = _of(known)
        if found is None:
            raise
        return found


def _connected(account: Account, known: Known, at: datetime) -> NhsLogin:
    if NhsLogin.objects.filter(account=account, issuer=known.issuer).exists():
        raise Refused(NotByNhsLogin.OTHER_PERSON)
    return _made(account, known, at)


def _made(account: Account, known: Known, at: datetime) -> NhsLogin:
    row = {"issuer": known.issuer, "subject": known.subject, "identity": known.identity}
    login = NhsLogin.objects.create(account=account, linked_at=at, last_used_at=at, **row)
    record_account("account.nhs_login_made", account_id=account.id, at=at, vot=known.vot)
    return login


def _arrived(login: NhsLogin, known: Known, by: Anyone, at: datetime) -> tuple[Account, Arrived]:
    if not login.account.is_active:
        raise Refused(NotByNhsLogin.CLOSED)
    NhsLogin.objects.filter(id=login.id).update(identity=known.identity, last_used_at=at)
    hears = hearing()
    arrived = hears.arrived(login.account_id, known, by=by, at=at) if hears else Arrived.ELSEWHERE
    record_account("account.nhs_login", account_id=login.account_id, at=at, vot=known.vot, came_of_it=arrived.value)
    return login.account, arrived
