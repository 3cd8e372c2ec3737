"""What a patient has already, and which slots it leaves room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from patient_online.appointments.models import Appointment, SlotType
from patient_online.appointments.queries.places import BOOKED
from patient_online.asking import Acting
from patient_online.storage.prepared import prepared

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Held:
    """When a patient has appointments, from and until, and the kinds of which they have as many as they may."""

    times: Sequence[tuple[datetime, datetime]] = ()
    kinds: Sequence[UUID] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """How many there are of both."""
        return len(self.times), len(self.kinds)

    def room(self) -> Q:
        """Slots at other times, of other kinds."""
        times = (Q(starts_at__gte=until) | Q(ends_at__lte=since) for since, until in self.times)
        return Q(*times, *(~Q(type_id=kind) for kind in self.kinds))

    def rounded(self) -> "Held":
        """The same in one of few shapes: some of it is said twice."""
        return Held(_rounded(self.times), _rounded(self.kinds))

    def values(self) -> list[Any]:
        """All of it, one after the other."""
        return [*(instant for both in self.times for instant in both), *self.kinds]

    @classmethod
    def of(cls, shape: tuple[int, int], values: Sequence[Any]) -> "Held":
        """What has this shape, from its values."""
        ends = 2 * shape[0]
        return cls(list(zip(values[:ends:2], values[1:ends:2], strict=True)), values[ends:])


NOTHING_HELD = Held()


def held_by(acting: Acting, *, at: datetime, besides: Appointment | None = None) -> Held:
    """What the patient has to come; `besides` is moved: it and its kind are in nobody's way."""
    theirs = _theirs(acting.practice_id, acting.patient_id, at)
    stay = [row for row in theirs if besides is None or besides.id not in (row.id, row.continues_id)]
    ahead = [row.slot.type for row in stay if not row.continues_id and row.slot.starts_at > at]
    moved = besides and besides.slot.type_id
    full = [kind.id for kind in dict.fromkeys(ahead) if kind.id != moved and _is_full(kind, ahead)]
    full = full if acting.is_known else []  # these limits are nothing to a first booking, and tell nothing
    return Held([(row.slot.starts_at, row.slot.ends_at) for row in stay], full)


@prepared
def _theirs(practice_id: str, patient_id: UUID, at: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(BOOKED, practice_id=practice_id, patient_id=patient_id, slot__ends_at__gt=at)
    return rows.select_related("slot__type")


def _is_full(kind: SlotType, ahead: Sequence[SlotType]) -> bool:
    return kind.most_future is not None and ahead.count(kind) >= kind.most_future


def _rounded(several: Sequence[T]) -> list[T]:
    """As many as the next power of two, the last one as often as needed."""
    wanted = 1 << (len(several) - 1).bit_length() if several else 0
    return [*several, *[several[-1] for _ in range(wanted - len(several))]]
