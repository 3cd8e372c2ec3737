"""What somebody may use, over every combination of what the practice, the check of identity and the sign-in say."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from patient_online.access.queries import ActsForOne
from patient_online.access.rules.standing import (
    RecordFacts,
    ServiceFacts,
    State,
    level_for,
    record_standing,
    standing_of,
)
from patient_online.asking import Acting, NotAllowed
from patient_online.nhs.identity import TWO_STEPS, Identity, Proof, most_record
from patient_online.nhs.record_levels import SERVICE_OF, RecordAccess, RecordLevel
from patient_online.nhs.services import Level, Service

DAY = date(2026, 3, 3)
EVERY_LEVEL = list(RecordLevel)


def listed(**given: Any) -> Acting:
    """Somebody, as the one statement tells of them: what the practice has on, what is held, what was given."""
    row = {"practice": "X90001", "name": "Made-up", "patient": str(UUID(int=2)), "policies": {}}
    nothing: dict[str, Any] = {"levels": {}, "held": [], "record": {}, "identity": 9, "on": {}}
    one = ActsForOne.listed(row | nothing | {name: each for name, each in given.items() if name != "two_steps"})
    return Acting(
        UUID(int=1),
        one.practice_id,
        one.patient_id,
        one.switched_on,
        one.levels,
        identity=one.identity,
        two_steps=given["two_steps"],
        record=one.record,
    )


def every_case() -> Iterator[tuple[Service, ServiceFacts, Level]]:
    """Each service with each state of it at the practice, held back or not, each level given, and each sign-in."""
    for service, ceiling, held, given, identity, two_steps, wanted in product(
        Service, Level, (False, True), Level, Identity, (False, True), (Level.VIEW, Level.MANAGE)
    ):
        yield service, ServiceFacts(ceiling, held, given, identity, two_steps), wanted


def test_who_is_asking_and_the_rule_say_the_same_of_every_combination() -> None:
    """What answers each request and what explains it to the patient cannot come apart."""
    seen = set()
    for service, facts, wanted in every_case():
        acting = listed(
            levels={service.value: facts.given.value},
            held=[service.value] if facts.held else [],
            on={service.value: facts.ceiling.value} if facts.ceiling is not Level.NONE else {},
            identity=facts.identity.value,
            two_steps=facts.two_steps,
        )
        standing = standing_of(service, facts, wanted)
        assert acting.may(service, wanted) is standing.why_not, (service, facts, wanted)
        assert (standing.state is State.ENABLED) is (acting.may(service, wanted) is None)
        seen.add(standing.state)
    assert seen == set(State) - {State.COMING}


def test_what_is_held_back_from_a_patient_stands_as_what_nobody_is_offered() -> None:
    """Byte for byte: the same state, level and rule, whatever else is true."""
    for service, facts, wanted in every_case():
        if facts.held:
            off = ServiceFacts(Level.NONE, False, facts.given, facts.identity, facts.two_steps)
            assert standing_of(service, facts, wanted) == standing_of(service, off, wanted)


def test_nobody_uses_more_than_the_practice_offers_or_more_than_they_were_given() -> None:
    for service, facts, wanted in every_case():
        standing = standing_of(service, facts, wanted)
        assert standing.level <= facts.ceiling
        assert standing.level <= facts.given
        if standing.state is State.ENABLED:
            assert standing.level.allows(wanted)
            assert facts.identity is Identity.P9
            assert facts.two_steps or service not in TWO_STEPS


def test_nobody_whose_identity_was_not_checked_uses_anything() -> None:
    """P0 and P5 are enough for nothing that shows or changes anything."""
    for service, facts, wanted in every_case():
        if facts.identity is not Identity.P9:
            assert standing_of(service, facts, wanted).why_not in (NotAllowed.SERVICE_OFF, NotAllowed.IDENTITY_TOO_LOW)


def test_what_this_version_cannot_show_is_never_said_to_be_usable() -> None:
    facts = ServiceFacts(Level.MANAGE, False, Level.MANAGE, Identity.P9, True, built=False)
    assert standing_of(Service.PRESCRIPTIONS, facts).state is State.COMING


@pytest.mark.parametrize("proof", Proof)
def test_of_the_record_the_least_of_practice_grant_and_proof_is_seen(proof: Proof) -> None:
    """For new and for old entries apart: 5 ceilings, 25 grants, every proof, each identity, with one step or two."""
    most = most_record(proof)
    cases = product(EVERY_LEVEL, EVERY_LEVEL, EVERY_LEVEL, Identity, (False, True))
    for ceiling, current, historic, identity, two_steps in cases:
        facts = RecordFacts(ceiling, RecordAccess(current, historic, DAY), most, identity, two_steps)
        standing = record_standing(facts)
        for given, seen in ((current, standing.access.current), (historic, standing.access.historic)):
            if standing.state in (State.ENABLED, State.SECOND_STEP):
                assert seen.rank == min(ceiling.rank, given.rank, most.rank)
            else:
                assert seen is RecordLevel.NONE
        assert (standing.why_not is None) is (standing.state is State.ENABLED)
        if standing.state is State.ENABLED:
            assert identity is Identity.P9
            assert two_steps


@pytest.mark.parametrize("ceiling", EVERY_LEVEL)
@pytest.mark.parametrize("held", [None, *SERVICE_OF.values()])
def test_the_one_statement_and_the_rule_show_the_same_of_a_record(ceiling: RecordLevel, held: Service | None) -> None:
    """A level that is held back takes all above it away, as one that is switched off does."""
    on = {service.value: "manage" for level, service in SERVICE_OF.items() if level.rank <= ceiling.rank}
    below = [level for level in RecordLevel if SERVICE_OF.get(level) is held and held] or [RecordLevel.FULL]
    most = ceiling if held is None else EVERY_LEVEL[below[0].rank - 1].at_most(ceiling)
    for current, historic in product(EVERY_LEVEL, EVERY_LEVEL):
        record = {"current": current.value, "historic": historic.value, "from": DAY.isoformat()}
        acting = listed(on=on, held=[held.value] if held else [], record=record, two_steps=True)
        facts = RecordFacts(most, RecordAccess(current, historic, DAY), RecordLevel.FULL, Identity.P9, True)
        assert (acting.record.current, acting.record.historic) == (
            record_standing(facts).access.current,
            record_standing(facts).access.historic,
        )


def test_what_is_recorded_on_the_day_itself_is_new_and_the_day_before_is_old() -> None:
    access = RecordAccess(RecordLevel.FULL, RecordLevel.SUMMARY, DAY)
    assert level_for(access, DAY) is RecordLevel.FULL
    assert level_for(access, DAY + timedelta(days=400)) is RecordLevel.FULL
    assert level_for(access, DAY - timedelta(days=1)) is RecordLevel.SUMMARY
    assert level_for(RecordAccess(), DAY) is RecordLevel.NONE
