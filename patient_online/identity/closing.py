"""What is done when somebody closes their account: an app above says it, as this one knows no patients and sessions."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from patient_online.asking import AccountHolder, Asker, System


class End(Protocol):
    """Ends what the account may do, in the open transaction."""

    def __call__(self, account_id: UUID, *, by: Any, at: datetime) -> object:
        """End it."""


_ENDS: list[End] = []
_SIGN_OUTS: list[End] = []


def when_closed(end: End) -> Callable[..., object]:
    """Have this done whenever an account is closed, whoever closes it; said once, when the program starts."""
    _ENDS.append(end)
    return end


def end_all(account_id: UUID, *, by: AccountHolder | System, at: datetime) -> None:
    """Do what was asked for."""
    for end in _ENDS:
        end(account_id, by=by, at=at)


def when_steps_lost(end: End) -> None:
    """Have this end an account's sessions when its owner comes back without a second step; said once."""
    _SIGN_OUTS[:] = [end]


def sign_out_all(account_id: UUID, *, by: Asker, at: datetime) -> None:
    """End every session of the account."""
    for end in _SIGN_OUTS:
        end(account_id, by=by, at=at)
