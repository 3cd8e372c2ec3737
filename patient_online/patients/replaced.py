"""What is done where a confirmed address gives way to another: an app above says it, as this one sends no messages."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from patient_online.asking import Acting, Staff
from patient_online.patients.models import Patient


class Tell(Protocol):
    """Tells the patient, at the address or number that they still have in this row, in the open transaction."""

    def __call__(self, patient: Patient, *, route: str, by: Acting | Staff, at: datetime) -> object:
        """Tell it there."""


_TELLS: list[Tell] = []


def when_replaced(tell: Tell) -> Callable[..., object]:
    """Have this done whenever it happens, whoever changes it; said once, when the program starts."""
    _TELLS.append(tell)
    return tell


def tell_where_it_was(patient: Patient, route: str, *, by: Acting | Staff, at: datetime) -> None:
    """Do what was asked for. `patient` is as it was before the change."""
    for tell in _TELLS:
        tell(patient, route=route, by=by, at=at)
