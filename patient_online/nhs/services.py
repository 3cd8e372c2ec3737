"""The online services that a practice can switch on, and how much of one a person may use."""

from enum import StrEnum


class Service(StrEnum):
    """An online service, named as the practice's settings and the national returns name it."""

    APPOINTMENTS = "appointments"
    PRESCRIPTIONS = "prescriptions"
    SUMMARY_RECORD = "summary-record"
    DETAILED_RECORD = "detailed-record"
    DOCUMENTS = "documents"
    FULL_RECORD = "full-record"
    MESSAGES = "messages"
    DEMOGRAPHICS = "demographics"
    PROXIES = "proxies"


class Level(StrEnum):
    """How much of a service a person may use: nothing, look, or look and act. Least first."""

    NONE = "none"
    VIEW = "view"
    MANAGE = "manage"

    def allows(self, wanted: "Level") -> bool:
        """Whether someone with this level may do what needs the wanted one."""
        return self >= wanted

    # A StrEnum compares as text, where "manage" < "none" < "view": the lowest of several ceilings would be wrong.
    def __lt__(self, other: str) -> bool:
        """Whether this level allows less than the other."""
        return _rank(self) < _rank(other)

    def __le__(self, other: str) -> bool:
        """Whether this level allows no more than the other."""
        return _rank(self) <= _rank(other)

    def __gt__(self, other: str) -> bool:
        """Whether this level allows more than the other."""
        return _rank(self) > _rank(other)

    def __ge__(self, other: str) -> bool:
        """Whether this level allows no less than the other."""
        return _rank(self) >= _rank(other)


_LEAST_FIRST = tuple(Level)


def _rank(level: str) -> int:
    """Where the level stands, least first; ValueError for a word that is no level."""
    return _LEAST_FIRST.index(Level(level))
