"""An account is linked by a letter; whatever is wrong there is one answer, and five wrong tries end the key."""

from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from patient_online.access.actions.linking import Typed
from patient_online.access.linkage import HASHER, NOBODYS, hash_of_key, new_key
from patient_online.access.models import Grant, Link, LinkageKey, RecordGrant
from patient_online.access.queries import who_has
from patient_online.access.rules.linking import NotLinked
from patient_online.access.rules.registering import Gives
from patient_online.access.tests.lettering import TO_BOOK, a_desk, a_letter
from patient_online.access.tests.wrong_letters import WRONG, links
from patient_online.asking import Role
from patient_online.audit.models import AccountEntry, Entry
from patient_online.demo.factories import a_patient_of, a_practice, an_account, switch_on
from patient_online.nhs.identity import Identity, Proof
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from tests.at_once import at_once
from tests.statements import statements


def a_patient(**given: Any) -> Patient:
    return a_patient_of(a_practice(), family_name="O'Made-Up", birth_date=date(1980, 3, 31), **given)


@pytest.mark.django_db
def test_who_types_the_letter_is_linked_and_may_use_what_the_desk_has_given(now: datetime) -> None:
    patient, account = a_patient(), an_account()
    letter = a_letter(patient, now)
    assert links(account, letter.typed(family_name="o’made up"), now) is None
    linked = Link.objects.get(account_id=account.id)
    assert (linked.patient_id, linked.proof, linked.identity) == (patient.id, Proof.DOCUMENTS, Identity.P9)
    assert list(Grant.objects.values_list("service", "level")) == [("appointments", "manage")]
    asking = who_has(account.id, at=now, today=now.date())
    acting = asking.acting() if asking else None
    assert acting
    assert acting.may(Service.APPOINTMENTS) is None
    assert (letter.now().used_by, letter.now().wrong) == (account.id, 0)
    assert Entry.objects.filter(event="access.linked_by_letter", patient_id=patient.id).count() == 1


@pytest.mark.django_db
def test_the_record_that_the_desk_chose_is_given_up_to_the_day_and_before_it(now: datetime) -> None:
    practice = a_practice()
    for service in (Service.SUMMARY_RECORD, Service.DETAILED_RECORD):
        switch_on(practice, service)
    patient, account = a_patient_of(practice), an_account()
    gives = Gives({}, RecordLevel.DETAILED, RecordLevel.SUMMARY)
    letter = a_letter(patient, now, gives=gives, by=a_desk(patient, Role.GP))
    assert links(account, letter.typed(), now) is None
    given = RecordGrant.objects.get(revoked_at=None)
    assert (given.current, given.historic, given.from_day) == ("detailed", "summary", now.date())


@pytest.mark.django_db
@pytest.mark.parametrize("what", WRONG)
def test_whatever_is_wrong_costs_the_same_and_says_the_same(
    now: datetime, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same statements and one comparison of a hash, as where nothing of the letter is right (T18)."""
    letter, account = a_letter(a_patient(), now), an_account()
    nothing = Typed("1111111111", "ZZ999", new_key(), "Nobody", date(1990, 1, 1))
    typed, stranger = WRONG[what](letter, now), an_account()
    compared: list[int] = []
    verify = HASHER.verify
    monkeypatch.setattr(type(HASHER), "verify", lambda self, *given: compared.append(1) or verify(*given))  # type: ignore[func-returns-value]
    with statements() as blind:
        assert links(stranger, nothing, now, "198.51.100.0/24") is NotLinked.WRONG
    with statements() as made:
        assert links(account, typed, now) is NotLinked.WRONG
    assert made == blind
    assert len(made) == 5
    assert len(compared) == 2
    assert not Link.objects.filter(account_id=account.id).exists()
    entry = AccountEntry.objects.get(account_id=account.id)
    assert (entry.event, entry.details["refused_by"]) == ("access.link_refused", "access.linking.wrong")


def test_a_key_that_nobody_has_costs_as_much_to_compare_as_one_that_is_kept() -> None:
    assert NOBODYS.split("$")[:4] == hash_of_key(new_key()).split("$")[:4]
    assert len(NOBODYS) == len(hash_of_key(new_key()))


@pytest.mark.django_db
def test_the_key_cannot_be_read_where_it_is_kept(now: datetime) -> None:
    letter = a_letter(a_patient(), now)
    row = letter.now()
    assert row.key_hash.startswith("argon2$argon2id$")
    assert letter.code not in str(LinkageKey.objects.values()) + str(Entry.objects.values())


@pytest.mark.django_db
def test_the_fifth_wrong_try_ends_the_key_and_not_the_account(now: datetime) -> None:
    letter, account = a_letter(a_patient(), now), an_account()
    for tries in range(1, 6):
        assert links(account, letter.typed(key=new_key()), now) is NotLinked.WRONG
        assert letter.now().wrong == tries
    assert letter.now().ended_why == "wrong-tries"
    assert links(account, letter.typed(), now) is NotLinked.WRONG
    assert links(account, a_letter(letter.patient, now).typed(), now) is None


@pytest.mark.django_db
def test_who_saw_an_old_letter_cannot_end_a_new_one(now: datetime) -> None:
    """Each letter has an Account ID of its own: with that of the old one no try at the new one is made."""
    old, strangers = a_letter(a_patient(), now), [an_account() for _ in range(5)]
    letter = a_letter(old.patient, now)
    for stranger in strangers:
        assert links(stranger, old.typed(key=new_key()), now) is NotLinked.WRONG
    assert (letter.now().wrong, letter.now().ended_at) == (0, None)
    assert links(an_account(), letter.typed(), now) is None


@pytest.mark.django_db
def test_after_four_wrong_tries_the_right_key_still_links(now: datetime) -> None:
    letter = a_letter(a_patient(), now)
    for _ in range(4):
        links(an_account(), letter.typed(key=new_key()), now)
    assert links(an_account(), letter.typed(), now) is None


@pytest.mark.django_db
def test_an_account_that_guesses_is_held_back_before_anything_is_compared(now: datetime) -> None:
    letter, account = a_letter(a_patient(), now), an_account()
    for number in range(10):
        assert links(account, letter.typed(account_ref=f"{number:010}"), now) is NotLinked.WRONG
    assert links(account, letter.typed(), now) is NotLinked.TOO_MANY
    assert letter.now().used_at is None
    assert links(an_account(), letter.typed(), now) is None


@pytest.mark.django_db
def test_a_network_that_guesses_with_many_accounts_is_held_back(now: datetime) -> None:
    letter = a_letter(a_patient(), now)
    for number in range(50):
        assert links(an_account(), letter.typed(account_ref=f"{number:010}"), now) is NotLinked.WRONG
    assert links(an_account(), letter.typed(), now) is NotLinked.TOO_MANY
    assert links(an_account(), letter.typed(), now, "198.51.100.0/24") is None


@pytest.mark.django_db
def test_a_second_letter_says_by_which_check_the_account_is_known_now(now: datetime) -> None:
    patient, account = a_patient(), an_account()
    first = a_letter(patient, now)
    links(account, first.typed(), now)
    Link.objects.update(proof=Proof.VOUCHED_REMOTE)
    again = a_letter(patient, now)
    assert links(account, again.typed(), now) is None
    assert [each.proof for each in Link.objects.filter(ended_at=None)] == [Proof.DOCUMENTS]


@pytest.mark.django_db
def test_an_account_is_for_one_person(now: datetime) -> None:
    account = an_account()
    links(account, a_letter(a_patient(), now).typed(), now)
    another = a_letter(a_patient(), now)
    assert links(account, another.typed(), now) is NotLinked.ALREADY
    assert another.now().used_at is None
    assert Link.objects.filter(account_id=account.id).count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_two_browsers_use_a_letter_at_once_and_one_account_is_linked(now: datetime) -> None:
    """Without `used_at=None` in the update of the key both were linked."""
    for _ in range(10):
        letter, accounts = a_letter(a_patient(), now), [an_account(), an_account()]
        came = at_once([partial(links, account, letter.typed(), now) for account in accounts])
        assert sorted(came, key=str) == sorted([None, NotLinked.WRONG], key=str)
        assert Link.objects.filter(patient_id=letter.patient.id).count() == 1


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_twelve_guesses_at_once_are_no_more_than_five(now: datetime) -> None:
    """Without the count that comes before the comparison, the key outlived all twelve."""
    letter = a_letter(a_patient(), now)
    guesses = [letter.typed(key=new_key()) for _ in range(12)]
    at_once([partial(links, an_account(), guess, now, f"net {uuid4()}") for guess in guesses])
    assert (letter.now().wrong, letter.now().ended_why) == (5, "wrong-tries")


@pytest.mark.django_db
def test_a_letter_gives_what_it_says_and_not_what_the_practice_offers_besides(now: datetime) -> None:
    practice = a_practice()
    switch_on(practice, Service.PRESCRIPTIONS)
    account = an_account()
    gives = Gives({Service.PRESCRIPTIONS: Level.VIEW}, RecordLevel.NONE)
    links(account, a_letter(a_patient_of(practice), now, gives=gives).typed(), now)
    assert list(Grant.objects.values_list("service", "level")) == [("prescriptions", "view")]
    assert gives != TO_BOOK
