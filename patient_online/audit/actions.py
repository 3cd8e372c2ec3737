"""Recording what was done, and the `action` wrapper that every write goes through."""

import functools
import inspect
import random
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import OperationalError, models, transaction
from psycopg import errors

from patient_online.asking import Asker, Staff, System
from patient_online.audit.models import AccountEntry, Entry
from patient_online.refusals import N_, KeyUsedForAnother, Owner, Refusal, Refused
from patient_online.storage.idempotency import Attempt, digest_of
from patient_online.storage.ids import uuid7
from patient_online.storage.writing import insert, insert_each, together

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 3
FIRST_WAIT = 0.05  # seconds
NEVER_ASKED = ("by", "at", "key")
PASSING = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)


class Busy(Refusal):
    """Why nothing was tried any more: others were faster, three times."""

    TRY_AGAIN = (
        N_("Very many people are using the service at this moment. Nothing was changed."),
        N_("Wait a minute, then try again."),
        Owner.SYSTEM,
    )


def record(
    event: str,
    *,
    by: Asker,
    at: datetime,
    subject: UUID | None = None,
    patient: UUID | None = None,
    using: str = "default",
    **details: Any,
) -> None:
    """Add one entry to the trail, in the transaction of the connection named by `using`.

    `details` hold ids, codes and counts: never names, numbers or clinical words.
    """
    insert(_entry(event, by, at, patient, subject, details), using)


def record_all(event: str, *, by: Asker, at: datetime, patients: Iterable[UUID], **details: Any) -> None:
    """Add one entry for each of the patients whose records were seen together, or one alone where there was none.

    One statement. Each patient's trail then tells who saw their record, in a list too.
    """
    each: Sequence[UUID | None] = list(dict.fromkeys(patients)) or [None]
    entry = _entry(event, by, at, None, None, details)
    insert_each(entry, {"id": [uuid7() for _ in each], "patient_id": [patient or by.patient_id for patient in each]})


def _entry(
    event: str, by: Asker, at: datetime, patient: UUID | None, subject: UUID | None, details: dict[str, Any]
) -> Entry:
    return Entry(
        practice_id=by.practice_id,
        at=at,
        event=event,
        asker=by.kind,
        asker_name=by.name if isinstance(by, System) else "",
        account_id=by.account_id,
        staff_id=by.staff_id if isinstance(by, Staff) else None,
        patient_id=patient or by.patient_id,
        subject_id=subject,
        channel=by.channel,
        request_id=by.request_id,
        refused_by=details.get("refused_by", ""),
        vot=getattr(by, "vot", ""),
        details={name: value for name, value in details.items() if name != "refused_by"},
    )


def record_account(
    event: str, *, account_id: UUID | None, at: datetime, request_id: UUID | None = None, **details: Any
) -> None:
    """Add one entry to the trail of an account; of none where somebody named an account that there is not."""
    AccountEntry.objects.create(account_id=account_id, at=at, event=event, request_id=request_id, details=details)


def action(event: str, *, unasked: Collection[str] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a function an action: one transaction, safe to repeat under its `key`, refusals remembered.

    The function takes `by`, `at` and, where it may be repeated, `key` as keywords. When it raises Refused, what it
    wrote is rolled back and the refusal is recorded under `event`. A row that it returns is found again by its id
    when the same key comes once more. A deadlock or a lock that was not free in time is tried up to three times.
    What `unasked` names is ours, not the person's: a repeat may come with another value of it and is a repeat still.
    """

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs).arguments
            run = functools.partial(_once, event, function, given, {*NEVER_ASKED, *unasked})
            return cast(R, _patiently(run))

        wrapper.event = event  # type: ignore[attr-defined]
        return wrapper

    return wrap


def _patiently(run: Callable[[], Any]) -> Any:
    for attempt in range(1, TRIES + 1):
        try:
            outcome = run()
        except OperationalError as error:
            if not isinstance(error.__cause__, PASSING) or transaction.get_connection().in_atomic_block:
                raise
            time.sleep(random.uniform(0, FIRST_WAIT * attempt))  # noqa: S311 - spreads those who wait, no secret
        else:
            if isinstance(outcome, Refused):
                raise outcome
            return outcome
    raise Refused(Busy.TRY_AGAIN)


def _once(event: str, function: Callable[..., Any], given: dict[str, Any], unasked: set[str]) -> Any:
    """Run the action in one transaction; a refusal comes back as a value, once it is recorded in another."""
    by: Asker = given["by"]
    attempt = _attempt(event, by, given, unasked)
    try:
        with transaction.atomic(), together():
            if attempt and (earlier := attempt.earlier(given["at"])) is not None:
                return _replayed(function, by, earlier)
            result = function(**given)
            if attempt:
                attempt.settle({"id": str(result.id)})
            return result
    except KeyUsedForAnother:
        raise
    except Refused as refused:
        return _refused(event, refused, function, given, attempt)


def _refused(
    event: str, refused: Refused, function: Callable[..., Any], given: dict[str, Any], attempt: Attempt | None
) -> Any:
    """The refusal, recorded; or what came of the same request where that was quicker, once this one was undone."""
    by: Asker = given["by"]
    with transaction.atomic(), together():
        if attempt and (earlier := attempt.earlier(given["at"])) is not None:
            return _replayed(function, by, earlier)
        record(event, by=by, at=given["at"], refused_by=refused.reason.rule, **_subject(given))
        if attempt:
            attempt.settle({"refused": _name_of(refused.reason), "facts": refused.facts})
    refused.recorded = True
    return refused


def _attempt(event: str, by: Asker, given: dict[str, Any], unasked: set[str]) -> Attempt | None:
    key = given.get("key")
    if key is None or by.account_id is None:
        return None
    asked = {name: value for name, value in given.items() if name not in unasked}
    digest = digest_of(event, asked | {"patient": by.patient_id})
    return Attempt(by.practice_id, by.account_id, key, event, digest)


def _replayed(function: Callable[..., Any], by: Asker, earlier: dict[str, Any]) -> Any:
    if "refused" in earlier:
        refused = Refused(_reason_named(earlier["refused"]), **earlier["facts"])
        refused.recorded = True
        return refused
    model = cast(type[models.Model], inspect.get_annotations(function, eval_str=True)["return"])
    return model._default_manager.get(practice_id=by.practice_id, id=earlier["id"])


def _subject(given: dict[str, Any]) -> dict[str, Any]:
    rows = [value for value in given.values() if isinstance(value, models.Model)]
    return {"subject": getattr(rows[0], "id", None)} if rows else {}


def _name_of(reason: Refusal) -> list[str]:
    return [f"{type(reason).__module__}.{type(reason).__qualname__}", reason.name]


def _reason_named(name: list[str]) -> Refusal:
    known = {_name_of(reason)[0]: type(reason) for kind in Refusal.__subclasses__() for reason in kind}
    return known[name[0]][name[1]]
