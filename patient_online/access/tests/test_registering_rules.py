"""Who somebody is: which checks count, what each allows, and what a letter may give."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from patient_online.access.rules.oneself import NotByOneself
from patient_online.access.rules.registering import (
    CHECK_LASTS,
    WITH_PHOTOGRAPH,
    CheckFacts,
    Document,
    Gives,
    LetterFacts,
    NoLetter,
    NotChecked,
    Seen,
    record_offered,
    why_no_letter,
    why_not_checked,
    why_not_looked_after,
)
from patient_online.nhs.identity import Proof, most_record
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.refusals import Refusal

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
ALL_OF_IT = {Service.APPOINTMENTS: Level.MANAGE, Service.PRESCRIPTIONS: Level.VIEW}


def facts(*, registered: bool = True, age: int = 40, **who: bool) -> CheckFacts:
    """A grown-up patient, and a receptionist whom the manager has named."""
    return CheckFacts(registered, age, **{"oneself": False, "named": True, "by_a_gp": False, **who})


@pytest.mark.parametrize("both", list(combinations(Document, 2)))
def test_two_documents_count_when_one_of_them_has_a_photograph(both: tuple[Document, ...]) -> None:
    refusal = why_not_checked(Proof.DOCUMENTS, Seen(in_private=True, documents=both), facts())
    assert refusal is (None if set(both) & WITH_PHOTOGRAPH else NotChecked.FEW_DOCUMENTS)


@pytest.mark.parametrize("document", Document)
def test_one_document_is_not_enough_even_when_it_is_chosen_twice(document: Document) -> None:
    seen = Seen(in_private=True, documents=(document, document))
    assert why_not_checked(Proof.DOCUMENTS, seen, facts()) is NotChecked.FEW_DOCUMENTS


@pytest.mark.parametrize(
    ("proof", "seen"),
    [
        (Proof.DOCUMENTS, Seen(documents=(Document.PASSPORT, Document.COUNCIL_TAX))),
        (Proof.VOUCHED, Seen(known_a_year=True, no_relative=True)),
        (Proof.VOUCHED_RECORD, Seen(questions=2)),
        (Proof.VOUCHED_REMOTE, Seen(questions=3)),
    ],
)
def test_no_check_counts_before_the_patient_was_spoken_with_alone(proof: Proof, seen: Seen) -> None:
    assert why_not_checked(proof, seen, facts()) is NotChecked.NOT_IN_PRIVATE
    alone = Seen(True, seen.documents, seen.known_a_year, seen.no_relative, seen.questions)
    assert why_not_checked(proof, alone, facts()) is None


@pytest.mark.parametrize("proof", [Proof.VOUCHED, Proof.VOUCHED_RECORD, Proof.VOUCHED_REMOTE])
def test_only_who_is_named_by_the_manager_vouches(proof: Proof) -> None:
    seen = Seen(in_private=True, known_a_year=True, no_relative=True, questions=3)
    assert why_not_checked(proof, seen, facts()) is None
    assert why_not_checked(proof, seen, facts(named=False)) is NotChecked.NOT_NAMED


@pytest.mark.parametrize("seen", [Seen(True, known_a_year=True), Seen(True, no_relative=True), Seen(True)])
def test_who_hardly_knows_the_patient_or_is_a_relative_does_not_vouch(seen: Seen) -> None:
    assert why_not_checked(Proof.VOUCHED, seen, facts()) is NotChecked.HARDLY_KNOWN


@pytest.mark.parametrize("proof", [Proof.VOUCHED_RECORD, Proof.VOUCHED_REMOTE])
@pytest.mark.parametrize("right", [0, 1])
def test_fewer_than_two_questions_answered_right_show_nothing(proof: Proof, right: int) -> None:
    assert why_not_checked(proof, Seen(True, questions=right), facts()) is NotChecked.NOT_ANSWERED


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (facts(registered=False), NotChecked.GONE),
        (facts(oneself=True), NotByOneself.ONESELF),
        (facts(age=10, by_a_gp=True), NotChecked.TOO_YOUNG),
        (facts(age=11), NotChecked.GP_DECIDES),
        (facts(age=15), NotChecked.GP_DECIDES),
        (facts(age=15, by_a_gp=True), None),
        (facts(age=16), None),
    ],
)
def test_who_may_be_registered_by_whom(who: CheckFacts, refusal: Refusal | None) -> None:
    assert why_not_looked_after(who) is refusal
    seen = Seen(True, (Document.PASSPORT, Document.BANK_STATEMENT))
    assert why_not_checked(Proof.DOCUMENTS, seen, who) is refusal


def letter(proof: Proof = Proof.DOCUMENTS, record: RecordLevel = RecordLevel.FULL) -> LetterFacts:
    """What a practice offers that has switched all of the record on."""
    return LetterFacts(proof, NOW, ALL_OF_IT, record)


@pytest.mark.parametrize("proof", Proof)
@pytest.mark.parametrize("ceiling", RecordLevel)
@pytest.mark.parametrize("wanted", RecordLevel)
def test_a_letter_gives_no_more_of_the_record_than_check_and_practice_allow(
    proof: Proof, ceiling: RecordLevel, wanted: RecordLevel
) -> None:
    given = Gives({Service.APPOINTMENTS: Level.VIEW}, wanted)
    refusal = why_no_letter(given, letter(proof, ceiling), at=NOW)
    assert (refusal is None) is (wanted in record_offered(letter(proof, ceiling)))
    assert (refusal is None) is (wanted.rank <= most_record(proof).rank and wanted.rank <= ceiling.rank)


@pytest.mark.parametrize("wanted", [RecordLevel.DETAILED, RecordLevel.DOCUMENTS, RecordLevel.FULL])
def test_vouching_from_afar_never_opens_more_than_the_summary(wanted: RecordLevel) -> None:
    new, old = Gives(ALL_OF_IT, wanted), Gives(ALL_OF_IT, wanted, wanted)
    for gives in (new, old):
        assert why_no_letter(gives, letter(Proof.VOUCHED_REMOTE), at=NOW) is NoLetter.ABOVE_THE_CHECK
    assert why_no_letter(Gives(ALL_OF_IT, RecordLevel.SUMMARY), letter(Proof.VOUCHED_REMOTE), at=NOW) is None


@pytest.mark.parametrize(
    ("gives", "refusal"),
    [
        (Gives({}, RecordLevel.NONE), NoLetter.NOTHING),
        (Gives({}), None),
        (Gives({Service.PRESCRIPTIONS: Level.MANAGE}), NoLetter.ABOVE_THE_PRACTICE),
        (Gives({Service.MESSAGES: Level.VIEW}), NoLetter.ABOVE_THE_PRACTICE),
        (Gives(ALL_OF_IT, RecordLevel.SUMMARY, RecordLevel.DETAILED), NoLetter.OLD_ABOVE_NEW),
        (Gives(ALL_OF_IT, None, RecordLevel.SUMMARY), None),
    ],
)
def test_what_a_letter_may_give(gives: Gives, refusal: NoLetter | None) -> None:
    assert why_no_letter(gives, letter(), at=NOW) is refusal


def test_a_letter_is_made_from_a_check_of_the_last_28_days() -> None:
    assert why_no_letter(Gives(ALL_OF_IT), letter(), at=NOW + CHECK_LASTS) is None
    late = NOW + CHECK_LASTS + timedelta(seconds=1)
    assert why_no_letter(Gives(ALL_OF_IT), letter(), at=late) is NoLetter.CHECK_TOO_OLD
