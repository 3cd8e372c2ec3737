"""Places at work are shared between practices: the crowd of one never stands before the few of another."""

import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest

from patient_online.web.turns import LATELY_SECONDS, Full, Places, Turn

RUSH, OTHER_RUSH, QUIET, NOT_SIGNED_IN = "rush", "other rush", "quiet", ""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """People who come to places at work, and end one after another; `order` is that in which they were let in."""

    def __init__(self, places: int, seats: int = 100) -> None:
        self.clock = Clock()
        self.places = Places(range(places), seats=seats, clock=self.clock)
        self.all: list[Turn[int]] = []

    def come(self, *shares: str) -> list[Turn[int]]:
        """Somebody of each share comes."""
        came = [self.places.come(share) for share in shares]
        self.all += came
        return came

    def at_work(self) -> Counter[str]:
        """How many of each share are at work."""
        return +self.places.at_work

    def order(self, number: int) -> list[str]:
        """End the one who has been at work longest, so often; who was let in each time."""
        let_in = []
        for _ in range(number):
            before = [one for one in self.all if one.place is not None]
            self.places.end(before[0])
            self.all.remove(before[0])
            let_in += [one.share for one in self.all if one.place is not None and one not in before]
        return let_in


def test_the_one_of_a_quiet_practice_comes_before_the_fifty_of_a_rush_who_came_first() -> None:
    desk = Desk(places=1)
    desk.come(*[RUSH] * 50, QUIET)
    assert desk.order(3) == [QUIET, RUSH, RUSH]


def test_two_rushes_are_served_in_turns_however_many_more_one_of_them_has() -> None:
    desk = Desk(places=1)
    desk.come(*[RUSH] * 50, *[OTHER_RUSH] * 5)
    assert desk.order(10) == [OTHER_RUSH, RUSH] * 5
    assert desk.order(3) == [RUSH] * 3


def test_those_of_one_practice_are_served_in_the_order_in_which_they_came() -> None:
    desk = Desk(places=1)
    came = desk.come(*[RUSH] * 5)
    for number, one in enumerate(came):
        assert [each.place is not None for each in came[number:]] == [True] + [False] * (4 - number)
        desk.places.end(one)


def test_a_place_is_kept_for_whoever_comes_of_another_practice() -> None:
    desk = Desk(places=3)
    desk.come(QUIET)
    desk.order(1)
    desk.come(*[RUSH] * 50)
    assert desk.at_work() == {RUSH: 2}
    (quiet,) = desk.come(QUIET)
    assert quiet.place is not None
    assert desk.at_work() == {RUSH: 2, QUIET: 1}
    assert desk.order(2) == [RUSH]
    assert desk.at_work() == {RUSH: 1, QUIET: 1}
    (other,) = desk.come(OTHER_RUSH)
    assert other.place is not None


def test_a_practice_that_is_alone_has_all_the_places() -> None:
    desk = Desk(places=3)
    desk.come(NOT_SIGNED_IN)
    desk.order(1)
    desk.come(*[RUSH] * 50)
    assert desk.at_work() == {RUSH: 3}


def test_a_practice_is_alone_again_when_the_others_have_not_asked_for_a_while() -> None:
    desk = Desk(places=2)
    desk.come(QUIET)
    desk.order(1)
    desk.come(RUSH, RUSH)
    assert desk.at_work() == {RUSH: 1}
    desk.clock.now += LATELY_SECONDS + 1
    desk.come(RUSH)
    assert desk.order(1) == [RUSH, RUSH]


def test_those_who_are_not_signed_in_share_one_share_and_cannot_take_the_last_place_from_practices() -> None:
    desk = Desk(places=2)
    desk.come(QUIET, *[NOT_SIGNED_IN] * 50)
    assert desk.at_work() == {QUIET: 1, NOT_SIGNED_IN: 1}
    assert desk.order(1) == []
    (quiet,) = desk.come(QUIET)
    assert quiet.place is not None


def test_when_every_seat_is_taken_the_last_of_the_longest_queue_makes_room_for_a_quiet_practice() -> None:
    desk = Desk(places=1, seats=4)
    rush = desk.come(*[RUSH] * 5)
    (quiet,) = desk.come(QUIET)
    assert [one.called.acquire(blocking=False) for one in rush] == [True, False, False, False, True]
    assert rush[-1].place is None
    desk.places.end(rush[0])
    assert quiet.place is not None


def test_when_every_seat_is_taken_the_next_of_the_longest_queue_is_turned_away_at_once() -> None:
    desk = Desk(places=1, seats=4)
    desk.come(*[RUSH] * 3, QUIET, QUIET)
    for share in (RUSH, QUIET):
        with pytest.raises(Full):
            desk.come(share)
    assert desk.places.waiting == 4


def test_who_presses_a_button_goes_before_those_of_their_practice_who_look_at_pages() -> None:
    desk = Desk(places=1, seats=4)
    first, *looks = desk.come(*[RUSH] * 4)
    presses = [desk.places.come(RUSH, presses=True) for _ in range(2)]
    assert looks[-1].called.acquire(blocking=False)
    assert looks[-1].place is None
    for one in (first, *presses, *looks[:-1]):
        assert one.place is not None
        desk.places.end(one)


def test_who_presses_a_button_sends_nobody_of_a_smaller_queue_away() -> None:
    desk = Desk(places=1, seats=2)
    desk.come(RUSH)
    for _ in range(2):
        desk.places.come(RUSH, presses=True)
    with pytest.raises(Full):
        desk.places.come(RUSH, presses=True)
    (quiet,) = desk.come(QUIET)
    with pytest.raises(Full):
        desk.places.come(RUSH, presses=True)
    assert not quiet.called.acquire(blocking=False)


def test_who_gives_up_leaves_their_seat_to_others() -> None:
    desk = Desk(places=1, seats=1)
    first, second = desk.come(RUSH, RUSH)
    desk.places.give_up(second)
    desk.places.give_up(second)
    (third,) = desk.come(RUSH)
    desk.places.end(first)
    assert (second.place, third.place is not None, desk.places.waiting) == (None, True, 0)


def test_who_is_called_while_they_give_up_keeps_the_place() -> None:
    desk = Desk(places=1)
    first, second = desk.come(RUSH, RUSH)
    desk.places.end(first)
    desk.places.give_up(second)
    assert second.place is not None
    desk.places.end(second)
    assert (len(desk.places.free), desk.places.waiting, desk.at_work()) == (1, 0, {})


def test_two_hundred_people_of_five_practices_come_at_once_and_each_has_a_place_of_their_own_while_they_work() -> None:
    places, lock, most = Places(range(3), seats=200), threading.Lock(), 0
    busy: set[int] = set()

    def works(share: str) -> int:
        nonlocal most
        with places.taken(share, patience=30) as place:
            with lock:
                assert place not in busy
                busy.add(place)
                most = max(most, len(busy))
            with lock:
                busy.remove(place)
        return place

    with ThreadPoolExecutor(32) as pool:
        came: Iterable[int] = pool.map(works, [f"practice {number % 5}" for number in range(200)])
        assert len(list(came)) == 200
    assert 1 <= most <= 3
    assert (sorted(places.free), places.waiting, +places.at_work, places.queues) == ([0, 1, 2], 0, {}, {})


def test_a_place_is_given_back_when_the_work_breaks() -> None:
    places = Places(range(1), seats=0)
    for _ in range(2):
        with pytest.raises(RuntimeError), places.taken(RUSH, patience=0):
            raise RuntimeError
    assert places.free == [0]
