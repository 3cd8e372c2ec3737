"""Which kinds of slot are open to a patient: the release rules, what they ask of the patient, both as conditions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least, TruncDate
from django.db.models.lookups import GreaterThan, LessThanOrEqual

from patient_online.appointments.models import BookingRule, CohortMember
from patient_online.appointments.rules.release import (
    ANYBODY,
    SOMEBODY,
    Opening,
    Reach,
    RuleFacts,
    Terms,
    WhoFacts,
    fits,
    opening,
)
from patient_online.asking import Acting, Staff, System
from patient_online.nhs.dates import LONDON
from patient_online.patients.models import Patient
from patient_online.practices.queries import policies
from patient_online.storage.prepared import prepared


def rules_of(asker: Acting | Staff) -> QuerySet[BookingRule]:
    """The release rules of the practice, in the order in which they were made."""
    rows = BookingRule.objects.filter(practice_id=asker.practice_id)
    return rows.select_related("cohort", "type").order_by("type__name", "id")


def terms_of(acting: Acting, **only: Any) -> Terms:
    """All that decides which kinds of slot are open to the patient: one statement, beside that of the policies.

    `only` narrows the rules down, to those of one kind.
    """
    return _terms(acting, acting.practice_id, acting.patient_id, only)


def terms_of_patient(system: System, patient: Patient, **only: Any) -> Terms:
    """The same, of a patient to whom the practice writes."""
    return _terms(system, patient.practice_id, patient.id, only)


def _terms(asker: Acting | System, practice_id: str, patient_id: UUID, only: dict[str, Any]) -> Terms:
    who, rules, cohorts = SOMEBODY, dict[UUID, list[RuleFacts]](), set[UUID]()
    for row in _rules_for(practice_id, patient_id, *only.values(), only=tuple(only)):
        rules.setdefault(row.type_id, []).append(row.facts)
        if row.member and row.cohort_id:
            cohorts.add(row.cohort_id)
        who = WhoFacts(row.born, row.is_of, frozenset(cohorts))
    return Terms(Reach.of(policies(asker)), who, rules)


@prepared
def _rules_for(practice_id: str, patient_id: UUID, *given: Any, only: tuple[str, ...]) -> QuerySet[BookingRule]:
    """The rules with what they ask of this patient; those alone for which what is named in `only` is as given."""
    patient = Patient.objects.filter(practice=OuterRef("practice"), id=patient_id)
    theirs = CohortMember.objects.filter(practice=OuterRef("practice"), patient_id=patient_id)
    rows = BookingRule.objects.filter(practice_id=practice_id, **dict(zip(only, given, strict=True)))
    return rows.annotate(
        member=Exists(theirs.filter(cohort_id=OuterRef("cohort_id"))),
        born=Subquery(patient.values("birth_date")),
        is_of=Subquery(patient.values("sex")),
    ).order_by("id")


Openings = Sequence[tuple[UUID | None, Opening]]


class OnTheWall(Func):
    """The instant at which clocks in London show the time on the day; see `rules.release.released_at`."""

    template = "((%(expressions)s) AT TIME ZONE 'Europe/London')"
    arg_joiner = " + "
    output_field = DateTimeField()


@dataclass(frozen=True, slots=True)
class OpenTo:
    """The terms of one patient, as conditions on slots."""

    terms: Terms

    def now(self, at: datetime) -> Q:
        """That some rule lets the slot in at this instant."""
        return _any([self._of(kind) & _within(each) for kind, each in self.openings(at)])

    def openings(self, at: datetime) -> Openings:
        """The starts that each rule lets in at this instant, with its kind of slot."""
        who, reach = self.terms.who, self.terms.reach
        openings = [(kind, opening(rule, who, reach, at=at)) for kind, rule in self._rules()]
        return [(kind, each) for kind, each in openings if isinstance(each, Opening)]

    def some_day(self) -> Q:
        """That some rule of the slot's kind is for this patient on the slot's day."""
        return _any([self._of(kind) & _within(each) for kind, each in self.days()])

    def days(self) -> Openings:
        """The starts on whose day the patient is one whom a rule is for, with its kind of slot."""
        fitting = [(kind, fits(rule, self.terms.who)) for kind, rule in self._rules()]
        return [(kind, each) for kind, each in fitting if each]

    def opens(self, at: datetime) -> Combinable:
        """When, after this instant, the slot becomes open to the patient; null for one that never does."""
        cases = [
            case for kind, rule in self._rules() if (days := fits(rule, self.terms.who))
            for case in [self._opens_by(rule, self._of(kind) & _within(days), at)]
        ]  # fmt: skip
        never = Value(None, output_field=DateTimeField())
        return Least(*cases, never)

    def _opens_by(self, rule: RuleFacts, concerned: Q, at: datetime) -> Case:
        opens = Greatest(self._released(rule), Value(rule.embargo_until, DateTimeField()), F("release_at"))
        in_time = F("starts_at") - rule.notice(self.terms.reach)
        waiting = Q(GreaterThan(opens, Value(at))) & Q(LessThanOrEqual(opens, in_time))
        return Case(When(concerned & waiting, then=opens), output_field=DateTimeField())

    def _released(self, rule: RuleFacts) -> Combinable:
        if rule.days_ahead is None:
            return F("starts_at") - timedelta(days=self.terms.reach.book_ahead_days)
        day = TruncDate("starts_at", tzinfo=LONDON)
        return OnTheWall(day, Value(-rule.days_ahead), Value(rule.release_time))

    def _rules(self) -> list[tuple[UUID | None, RuleFacts]]:
        """Every rule with its kind of slot; without one, the rule for kinds that have none."""
        ruled = [(kind, rule) for kind, rules in self.terms.rules.items() for rule in rules]
        return [(None, ANYBODY), *ruled]

    def _of(self, kind: UUID | None) -> Q:
        if kind:
            return Q(type_id=kind)
        return ~Q(type_id__in=list(self.terms.rules)) if self.terms.rules else Q()


def _within(opening: Opening) -> Q:
    return Q(starts_at__gte=opening.since, starts_at__lt=opening.until)


def _any(conditions: list[Q]) -> Q:
    """That one of them holds."""
    either = Q()
    for each in conditions:
        either |= each
    return either
