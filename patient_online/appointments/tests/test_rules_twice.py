"""The rules agree with the same rules written a second time, as plainly as can be."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from patient_online.appointments.rules.booking import BookingFacts, NotBooked, why_not_book
from patient_online.appointments.rules.cancel import why_not_cancel
from patient_online.appointments.tests.facts import MINUTE, NOW, TEN_MINUTES, a_slot, facts, to_cancel
from patient_online.nhs.appointments import Mode


def all_reasons(of: BookingFacts, at: datetime) -> list[NotBooked]:
    """Every reason against a booking, from a plain list of what must be true: the rules a second time."""
    first, last = of.slots[0], of.slots[-1]
    minutes_away = (first.starts_at - at).total_seconds() / 60
    in_a_row = [slot.starts_at for slot in of.slots[1:]] == [slot.ends_at for slot in of.slots[:-1]]
    alike = len({(slot.schedule_id, slot.mode, slot.type_id) for slot in of.slots}) == 1
    free_after, of_this_kind = not of.later_taken, of.booked_ahead_of_type
    must_be = [
        (of.registered, NotBooked.NOT_REGISTERED),
        (not of.taken, NotBooked.JUST_TAKEN),
        (free_after and in_a_row and alike and of.wanted <= min(len(of.slots), of.joins_up_to), NotBooked.NOT_TOGETHER),
        (last.offered and first.offered, NotBooked.NOT_OFFERED),
        (max(slot.release_at or at for slot in of.slots) <= at, NotBooked.NOT_RELEASED),
        (minutes_away > 0, NotBooked.IN_THE_PAST),
        (minutes_away >= of.minimum_notice_minutes, NotBooked.TOO_SOON),
        (minutes_away <= of.book_ahead_days * 24 * 60, NotBooked.TOO_FAR_AHEAD),
        (not of.clashes, NotBooked.CLASHES),
        (of.moving or of.booked_ahead < of.limit, NotBooked.LIMIT_REACHED),
        (
            of.limit_of_type is None or of_this_kind < of.limit_of_type or of.moved_type_id == first.type_id,
            NotBooked.LIMIT_OF_KIND_REACHED,
        ),
    ]
    return [reason for holds, reason in must_be if not holds]


a_moment = st.integers(-30, 60 * 24 * 3).map(lambda minutes: NOW + minutes * MINUTE)
few = st.integers(0, 3)
mostly = st.sampled_from([True, True, True, True, False])


@st.composite
def bookings(draw: st.DrawFn) -> BookingFacts:
    """One or two slots that mostly fit together, and a patient who mostly may book them."""
    first = a_slot(draw(a_moment), offered=draw(mostly), release_at=draw(st.none() | a_moment))
    start = draw(st.sampled_from([first.ends_at, first.ends_at, first.ends_at + MINUTE]))
    mode = draw(st.sampled_from([first.mode, first.mode, Mode.VIDEO]))
    second = replace(first, starts_at=start, ends_at=start + TEN_MINUTES, mode=mode, offered=draw(mostly))
    slots = [first, second][: draw(st.integers(1, 2))]
    numbers = {"booked_ahead": draw(few), "limit": draw(few), "book_ahead_days": draw(few), "joins_up_to": draw(few)}
    notice, moving = draw(st.sampled_from([0, 10, 60])), not draw(mostly)
    kind: dict[str, Any] = {"booked_ahead_of_type": draw(few), "limit_of_type": draw(st.none() | few)}
    kind |= {
        "moved_type_id": draw(st.sampled_from([None, first.type_id, UUID(int=9)])),
        "later_taken": not draw(mostly),
    }
    known = {"taken": not draw(mostly), "registered": draw(mostly), "clashes": not draw(mostly)}
    wanted = draw(st.integers(1, 2))
    return facts(*slots, **numbers, **known, **kind, wanted=wanted, minimum_notice_minutes=notice, moving=moving)


@given(bookings())
def test_the_rules_agree_with_the_same_rules_written_a_second_time(booking: BookingFacts) -> None:
    reasons = all_reasons(booking, NOW)
    assert why_not_book(booking, at=NOW) is (reasons[0] if reasons else None)


@given(a_moment, st.booleans(), mostly, st.sampled_from([0, 30, 1440]))
def test_cancelling_agrees_with_the_same_rules_written_a_second_time(
    starts_at: datetime, booked: bool, online: bool, cutoff: int
) -> None:
    told = why_not_cancel(to_cancel(starts_at, booked=booked, cancel_online=online, cutoff_minutes=cutoff), at=NOW)
    minutes_away = (starts_at - NOW).total_seconds() / 60
    assert (told is None) == (booked and online and minutes_away > 0 and minutes_away >= cutoff)
