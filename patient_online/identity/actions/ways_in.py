"""What can happen to a way in: it is given on paper, tried, and used once for a new password."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, QuerySet

from patient_online.asking import Anyone, Asker
from patient_online.audit.actions import action, record, record_account
from patient_online.identity.models import Account, WayIn
from patient_online.identity.queries import account_named
from patient_online.storage.codes import as_kept, new_code

LENGTH = 12  # signs of 5 random bits
LASTS = timedelta(days=14)
MOST_WRONG = 5


@dataclass(frozen=True, slots=True)
class NewWayIn:
    """A way in that was just made, with its code: it is shown once and kept as a hash only."""

    id: UUID
    code: str
    ends_at: datetime


@action("account.way_in_given")
def give_way_in(
    account: Account, *, why: str, by: Asker, at: datetime, made_by: UUID | None = None, lasts: timedelta = LASTS
) -> NewWayIn:
    """Make a code with which somebody chooses a password for their account; any earlier code ends.

    Who gives it has made sure to whom. It stands for the password only, never for the second step.
    """
    account = Account.objects.select_for_update().get(id=account.id)
    _open_of(account.id, at).update(ended_at=at)
    code = new_code(LENGTH)
    row = {"account": account, "why": why, "code_hash": make_password(code), "made_at": at, "ends_at": at + lasts}
    way = WayIn.objects.create(**row, made_by=made_by or by.account_id)
    record_account("account.way_in_given", account_id=account.id, at=at, request_id=by.request_id, why=why)
    if by.practice_id:
        record("account.way_in_given", by=by, at=at, subject=way.id, why=why)
    return NewWayIn(way.id, code, way.ends_at)


def try_way_in(name: str, code: str, *, by: Anyone, at: datetime) -> WayIn | None:
    """The way in that this code opens for the account of this name, or None; after five wrong tries it is dead.

    Whatever is wrong, and whoever there is not, it costs the same: the same statements, and one hash.
    """
    account = account_named(by, name)
    known = account.id if account and account.is_active else uuid4()
    with transaction.atomic():  # counted before it is compared: many tries at once are no more tries
        rows = _open_of(known, at).filter(wrong__lt=MOST_WRONG)
        counted = rows.update(wrong=F("wrong") + 1)
        way = WayIn.objects.filter(account_id=known, used_at=None, ended_at=None).order_by("-made_at").first()
    right = check_password(as_kept(code), way.code_hash if way and counted else "")
    return _tried(way, right=right and bool(counted), by=by, at=at)


def _tried(way: WayIn | None, *, right: bool, by: Anyone, at: datetime) -> WayIn | None:
    account = way.account_id if way else None
    with transaction.atomic():
        rows = WayIn.objects.filter(id=way.id if way else uuid4())
        if right:
            rows.update(wrong=F("wrong") - 1)
        else:
            rows.filter(wrong__gte=MOST_WRONG, ended_at=None).update(ended_at=at)
        event = "account.way_in_opened" if right else "account.way_in_failed"
        record_account(event, account_id=account, at=at, request_id=by.request_id)
    return way if right else None


def _open_of(account_id: UUID, at: datetime) -> QuerySet[WayIn]:
    return WayIn.objects.filter(account_id=account_id, used_at=None, ended_at=None, ends_at__gt=at)
