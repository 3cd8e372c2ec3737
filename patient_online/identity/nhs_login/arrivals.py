"""Who hears of somebody who came by NHS login: access, which stands above, says what it means for their practice."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from patient_online.asking import Anyone
from patient_online.identity.nhs_login.rules import Known
from patient_online.refusals import Refusal


class Arrived(StrEnum):
    """What came of it for the person."""

    LINKED = "linked"  # tied to their patient record, now or before
    ELSEWHERE = "elsewhere"  # no practice that uses this knows them
    LEFT = "left"  # the practice knows them, and they are no longer registered there
    ENDED = "ended"  # their access was ended, so it is not given back unasked
    UNPROVEN = "unproven"  # NHS login does not say who they are (P0)


class Hears(Protocol):
    """What access does about somebody who arrived, and about somebody who was turned away."""

    def arrived(self, account_id: UUID, known: Known, *, by: Anyone, at: datetime) -> Arrived:
        """Tie the account to their patient, in the transaction of signing in; or raise Refused."""

    def turned_away(self, known: Known, reason: Refusal, *, by: Anyone, at: datetime) -> None:
        """Tell their practice, if there is something to put right there."""


_HEARING: list[Hears] = []


def when_arrived(hears: Hears) -> None:
    """Have somebody hear of arrivals; said once, when the program starts."""
    _HEARING[:] = [hears]


def hearing() -> Hears | None:
    """Who hears of arrivals."""
    return _HEARING[0] if _HEARING else None
