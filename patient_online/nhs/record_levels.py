"""How much of a record somebody may see: none, summary, detailed, documents, full, each with all that stands before it.

Source: NHS England's permission levels of GP Connect (Patient Facing) Access Record; what was recorded before the
effective date is historic, what was recorded on it or after is current.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from patient_online.nhs.services import Service


class RecordLevel(StrEnum):
    """How much of a record, least first."""

    NONE = "none"
    SUMMARY = "summary"
    DETAILED = "detailed"
    DOCUMENTS = "documents"
    FULL = "full"

    @property
    def rank(self) -> int:
        """Where the level stands, 0 for none."""
        return _LEAST_FIRST.index(self)

    def at_most(self, other: "RecordLevel") -> "RecordLevel":
        """The lower of two levels."""
        return min(self, other, key=lambda level: level.rank)


_LEAST_FIRST = tuple(RecordLevel)
# The online service that a practice switches on for each level.
SERVICE_OF = {
    RecordLevel.SUMMARY: Service.SUMMARY_RECORD,
    RecordLevel.DETAILED: Service.DETAILED_RECORD,
    RecordLevel.DOCUMENTS: Service.DOCUMENTS,
    RecordLevel.FULL: Service.FULL_RECORD,
}
RECORD_SERVICES = frozenset(SERVICE_OF.values())


@dataclass(frozen=True, slots=True)
class RecordAccess:
    """How much of a record somebody may see: of what was recorded from a day on, and of what was before it."""

    current: RecordLevel = RecordLevel.NONE
    historic: RecordLevel = RecordLevel.NONE
    from_day: date | None = None

    def at_most(self, ceiling: RecordLevel) -> "RecordAccess":
        """The same access, no level above the ceiling."""
        return RecordAccess(self.current.at_most(ceiling), self.historic.at_most(ceiling), self.from_day)


NO_RECORD = RecordAccess()


def ceiling_of(switched_on: frozenset[Service]) -> RecordLevel:
    """The most of a record that a practice shows with these services on: no level counts above one that is off."""
    ceiling = RecordLevel.NONE
    for level in _LEAST_FIRST[1:]:
        if SERVICE_OF[level] not in switched_on:
            break
        ceiling = level
    return ceiling
