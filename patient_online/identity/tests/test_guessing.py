"""Guessing at passwords: how far it gets, and that it keeps nobody else out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from patient_online.asking import Anyone
from patient_online.audit.models import AccountEntry
from patient_online.demo.factories import PASSWORD, an_account
from patient_online.identity.actions import try_once
from patient_online.identity.guarding import bucket, network_of
from patient_online.identity.jobs import tell_of_guesses
from patient_online.identity.models import Account, GuessBucket
from patient_online.identity.rules import AT_A_NAME, DAY, FROM_A_NETWORK, HOUR, Limit
from patient_online.web.tests.pages import said
from tests.at_once import at_once

pytestmark = pytest.mark.django_db
TRANSACTIONAL = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
HELD = "There were too many tries."
ANYONE = Anyone()


@pytest.fixture
def clock(now: datetime) -> Iterator[Any]:
    """A clock that stands until it is moved."""
    with time_machine.travel(now, tick=False) as moved:
        yield moved


@pytest.fixture
def robin() -> Account:
    """Somebody with an account."""
    return an_account("robin@example.com")


def tries(client: Client, password: str = PASSWORD, name: str = "robin@example.com", **more: Any) -> Any:
    """Send the form of the sign-in page."""
    return client.post("/sign-in", {"login": name, "password": password}, **more)


def guesses(how_many: int, name: str = "robin@example.com") -> list[Any]:
    """Wrong passwords, each from a browser that nobody knows."""
    return [tries(Client(), f"guess{n}", name) for n in range(how_many)]


def test_the_waits_grow_and_an_hour_lets_no_more_than_ten_guesses_through(robin: Account, clock: Any) -> None:
    """A stranger tries every minute, for four hours; most of it is compared with nothing."""
    for _ in range(4 * 60):
        guesses(1)
        clock.shift(timedelta(minutes=1))
    failed = AccountEntry.objects.filter(event="account.sign_in_failed", account_id=robin.id)
    compared = list(failed.values_list("at", flat=True))
    assert len(compared) >= 12
    assert max(sum(each <= other < each + HOUR for other in compared) for each in compared) == 10


def test_who_has_to_wait_is_told_how_long_and_what_works_meanwhile(robin: Account, clock: Any) -> None:
    """The right password has to wait too, or a guesser would learn that it was right."""
    answers = guesses(5)
    assert HELD not in said(answers[-1])
    held = tries(Client())
    assert f"{HELD} Wait 1 minute, then try again. You can sign in now with a passkey" in said(held)
    assert held.status_code == 200
    clock.shift(timedelta(minutes=1))
    assert tries(Client()).status_code == 302


def test_by_either_of_their_names_it_is_the_same_count(robin: Account, clock: Any) -> None:
    """E-mail address and sign-in name are not two doors."""
    guesses(3)
    guesses(2, robin.sign_in_name)
    assert HELD in said(tries(Client()))
    assert HELD in said(tries(Client(), name=robin.sign_in_name))


def test_the_right_password_is_no_guess_however_often_it_is_typed(robin: Account, clock: Any) -> None:
    """Somebody may sign in twenty times from as many browsers."""
    assert {tries(Client()).status_code for _ in range(20)} == {302}
    assert not GuessBucket.objects.filter(wrong__gt=0).exists()


def test_a_day_later_the_guesses_are_forgotten(robin: Account, clock: Any) -> None:
    """The count begins anew."""
    guesses(5)
    clock.shift(DAY)
    assert not [answer for answer in guesses(5) if HELD in said(answer)]


def test_names_and_networks_are_not_kept_with_the_counts(robin: Account) -> None:
    """The table says of nobody that they were guessed at."""
    guesses(2)
    kept = str(list(GuessBucket.objects.values()))
    assert GuessBucket.objects.count() == 2
    assert not [word for word in ("robin", str(robin.id), "127.0.0") if word in kept]


def test_a_hundred_wrong_guesses_from_one_network_are_all_there_are_in_an_hour(clock: Any) -> None:
    """Whatever names they try; another network is not held back."""
    an_account("robin@example.com")
    answers = [tries(Client(), "guess", f"madeup{n}@example.com", REMOTE_ADDR=f"192.0.2.{n}") for n in range(101)]
    assert [HELD in said(answer) for answer in answers] == [False] * 100 + [True]
    assert HELD in said(tries(Client(), REMOTE_ADDR="192.0.2.254"))
    assert tries(Client(), REMOTE_ADDR="198.51.100.1").status_code == 302
    clock.shift(HOUR)
    assert tries(Client(), REMOTE_ADDR="192.0.2.254").status_code == 302


@pytest.mark.parametrize("trusted", [0, 1])
def test_what_a_request_says_of_its_own_address_counts_behind_a_proxy_that_we_trust_alone(
    rf: Any, settings: Any, trusted: int
) -> None:
    """X-Forwarded-For is anybody's to write: its last entry alone is the proxy's."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    forged = [{"X-Forwarded-For": f"10.0.{n}.1, 198.51.100.7"} for n in range(9)]
    said_so = {network_of(rf.get("/", REMOTE_ADDR="192.0.2.9", headers=each)) for each in forged}
    assert said_so == {"198.51.100.0/24" if trusted else "192.0.2.0/24"}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.9", "192.0.2.0/24"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_a_network_is_a_24th_or_a_64th(rf: Any, address: str, network: str) -> None:
    """Who owns one address of IPv6 owns as many as they like."""
    assert network_of(rf.get("/", REMOTE_ADDR=address)) == network


def test_after_ten_guesses_the_owner_is_told_once(robin: Account, clock: Any, mailoutbox: list[Any]) -> None:
    """By the worker, so that a name that nobody has costs the same."""
    for _ in range(24):
        guesses(3)
        guesses(3, "nobody@example.com")
        clock.shift(HOUR)
    told = _jobs()
    assert len(told) == 2
    for account_id in told:
        tell_of_guesses(account_id)
    assert [(mail.to, mail.subject) for mail in mailoutbox] == [
        (["robin@example.com"], "Somebody tried to sign in to your account")
    ]


def _jobs() -> list[str]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    jobs = ProcrastinateJob.objects.filter(task_name="patient_online.identity.jobs.tell_of_guesses")
    return [job.args["account_id"] for job in jobs]


@TRANSACTIONAL
def test_three_hundred_guesses_at_once_are_no_more_than_ten() -> None:
    """T16. Many browsers, many connections, one count: it is made before anything is compared."""
    robin = an_account("robin@example.com")
    at = robin.created_at + timedelta(days=1)
    key = bucket("name", robin.id)
    let_in = [
        tried
        for _ in range(10)
        for tried in at_once([lambda: try_once(key, AT_A_NAME, by=ANYONE, at=at) for _ in range(30)])
        if tried.held_until is None
    ]
    assert len(let_in) == 5  # the fifth begins the first wait
    assert sorted(tried.wrong for tried in let_in) == [1, 2, 3, 4, 5]


@TRANSACTIONAL
def test_guesses_by_the_page_at_once_are_held_back_too() -> None:
    """The page has no other way to a password than through the count."""
    robin = an_account("robin@example.com")
    at_once([lambda: guesses(1)[0].status_code for _ in range(24)])
    events = AccountEntry.objects.filter(account_id=robin.id)
    assert events.filter(event="account.sign_in_failed").count() == 5
    assert events.filter(event="account.sign_in_held").count() == 19


@given(
    free=st.integers(1, 6),
    waits=st.lists(st.integers(0, 3), min_size=1, max_size=4),
    gaps=st.lists(st.integers(0, 4), max_size=30),
)
def test_the_count_in_the_database_is_that_of_a_plain_sum(free: int, waits: list[int], gaps: list[int]) -> None:
    """The statement against the same rule in plain Python, over limits and times that are drawn."""
    limit = Limit("drawn", free, tuple(timedelta(minutes=wait) for wait in waits), timedelta(minutes=20))
    key, start = bucket("drawn", uuid4()), datetime.fromisoformat("2026-03-03T08:00:00+00:00")
    wrong, since, until, at = 0, start, start, start
    for gap in gaps:
        at += timedelta(minutes=gap)
        tried = try_once(key, limit, by=ANYONE, at=at)
        if until > at:
            assert tried.held_until == until
            continue
        wrong, since = (1, at) if wrong == 0 or at - since >= limit.counted_for else (wrong + 1, since)
        until = at + (timedelta(0) if wrong <= free else limit.waits[min(wrong - free, len(waits)) - 1])
        assert (tried.wrong, tried.held_until) == (wrong, None)


def test_what_is_held_back_by_a_network_does_not_count_at_the_name(clock: Any) -> None:
    """Nor the other way round: a try that is not made is counted nowhere."""
    robin = an_account("robin@example.com")
    guesses(50)
    network = GuessBucket.objects.get(bucket=bucket("network", "127.0.0.0/24"))
    name = GuessBucket.objects.get(bucket=bucket("name", robin.id))
    assert (network.wrong, name.wrong) == (5, 5)
    assert FROM_A_NETWORK.free > network.wrong


def test_mails_in_tests_go_nowhere() -> None:
    """What these tests read is Django's own outbox."""
    from django.core.mail import get_connection

    assert isinstance(get_connection(), EmailBackend)
