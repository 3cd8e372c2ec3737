"""Which of the free times are offered to one patient, where many look for another time at once. Plain Python."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")
AS_MANY_AGAIN = 3


def how_many_near(most: int) -> int:
    """Among how many of the nearest times each patient is given `most`, so that not all are sent to the same."""
    return most * AS_MANY_AGAIN


def their_share(near: Sequence[T], patient_id: UUID, *, most: int, key: Callable[[T], object]) -> list[T]:
    """The times among the near ones that are named to this patient, in the order in which they came; `most` of them.

    The one way in which times are shared out: to who is refused (`queries.others`) and to whose appointment the
    practice withdraws (`named_to`; whatever else offers times of a withdrawn session shall ask it too).
    A patient is named the same ones however often they look, and another one leaving the list changes none of the
    others: each patient has an order of preference of their own, made of both ids. `key` tells one time from another.
    """
    drawn = sorted(near, key=lambda time: blake2b(f"{patient_id} {key(time)}".encode(), digest_size=8).digest())[:most]
    return [time for time in near if time in drawn]


def first_of_the_kind(
    near: Sequence[T], patient_id: UUID, *, most: int, key: Callable[[T], object], alike: Callable[[T], bool]
) -> list[T]:
    """The same, where times of the same kind come before all others: the rest is filled up with these."""
    same = their_share([time for time in near if alike(time)], patient_id, most=most, key=key)
    rest = [time for time in near if not alike(time)]
    return [*same, *their_share(rest, patient_id, most=most - len(same), key=key)]


def named_to(patient_id: UUID, free: Iterable[datetime], near: datetime, *, most: int) -> list[datetime]:
    """Those of the free times near to an instant that a message names to the patient, in order; `most` of them.

    Given must be the nearest ones before and after it at least, of each as many as `how_many_near` says. Of two times
    that are as near the later one comes first.
    """
    around = sorted(free, key=lambda time: (abs(time - near), time < near))[: how_many_near(most)]
    return sorted(their_share(around, patient_id, most=most, key=datetime.isoformat))
