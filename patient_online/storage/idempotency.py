"""A write that is repeated has one effect and gives the same answer."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from patient_online.refusals import KeyUsedForAnother
from patient_online.storage.models import IdempotentRequest
from patient_online.storage.postgres import prepared_cursor
from patient_online.storage.prepared import prepared
from patient_online.storage.writing import write

PUT_FIRST = """
    INSERT INTO storage_idempotentrequest (practice_id, account_id, key, action, digest, asked_at)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
SETTLE = """
    UPDATE storage_idempotentrequest SET outcome = %s WHERE practice_id = %s AND account_id = %s AND key = %s
"""


def digest_of(action: str, given: Mapping[str, Any]) -> str:
    """A SHA-256 of what was asked, with rows standing as their ids."""
    plain = {name: _plain(value) for name, value in given.items()}
    return hashlib.sha256(json.dumps([action, plain], sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value.id)  # type: ignore[attr-defined]
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a write under its key; used inside the transaction of the write."""

    practice_id: str
    account_id: UUID
    key: UUID
    action: str
    digest: str

    def earlier(self, at: datetime) -> dict[str, Any] | None:
        """The outcome of an earlier try, or None when this is the first; waits for a try that is under way.

        Raises KeyUsedForAnother when the key came before with another input.
        """
        with prepared_cursor() as cursor:
            cursor.execute(PUT_FIRST, [self.practice_id, self.account_id, self.key, self.action, self.digest, at])
            if cursor.rowcount:
                return None
        row = self._rows().get()
        if row.digest != self.digest:
            raise KeyUsedForAnother
        return row.outcome or {}

    def settle(self, outcome: dict[str, Any]) -> None:
        """Keep what came of it, for the next try."""
        write(SETTLE, [json.dumps(outcome), self.practice_id, self.account_id, self.key])

    def _rows(self) -> models.QuerySet[IdempotentRequest]:
        return IdempotentRequest.objects.filter(practice_id=self.practice_id, account_id=self.account_id, key=self.key)


def outcome_of(practice_id: str, account_id: UUID, key: UUID) -> dict[str, Any] | None:
    """What came of the request that this person sent under the key before, whatever it asked; None if nothing yet."""
    found: list[dict[str, Any] | None] = _outcomes(practice_id, account_id, key)
    return found[0] if found else None


@prepared
def _outcomes(practice_id: str, account_id: UUID, key: UUID) -> models.QuerySet[Any]:
    rows = IdempotentRequest.objects.filter(practice_id=practice_id, account_id=account_id, key=key)
    return rows.values_list("outcome", flat=True)


def forget(before: datetime) -> int:
    """Forget the keys asked before an instant; says how many. A repeat after that would be a new request."""
    return IdempotentRequest.objects.filter(asked_at__lt=before).delete()[0]
