"""What staff say at the registration desk: how somebody was checked, what was seen, and what the letter gives."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.access.queries.registering import ON_LETTERS
from patient_online.access.rules.registering import (
    BY_VOUCHING,
    WITH_PHOTOGRAPH,
    Document,
    Gives,
    LetterFacts,
    Seen,
    record_offered,
)
from patient_online.nhs.identity import Proof, most_record
from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service
from patient_online.refusals import N_
from patient_online.web.fields import IdempotencyKeyField

USUAL = "usual"
CHOOSE = {"required": _("Choose an answer"), "invalid_choice": _("Choose one of the answers that are offered")}
HOW = {
    Proof.DOCUMENTS: N_("Documents that the patient brought"),
    Proof.VOUCHED: N_("I know the patient and met them face to face"),
    Proof.VOUCHED_RECORD: N_("Face to face, with questions from the record"),
    Proof.VOUCHED_REMOTE: N_("By telephone or video, with questions from the record"),
}
HOW_HINTS = {
    Proof.DOCUMENTS: N_("Two documents, one of them with a photograph."),
    Proof.VOUCHED: N_("You have known them for at least a year. You are not a relative."),
    Proof.VOUCHED_RECORD: N_("Open questions whose answers only the patient knows."),
    Proof.VOUCHED_REMOTE: N_("Not enough for the detailed record, documents or the full record."),
}
NAMES = {
    Document.PASSPORT: N_("Passport"),
    Document.DRIVING_LICENCE: N_("Photocard driving licence"),
    Document.RESIDENCE_PERMIT: N_("Biometric residence permit"),
    Document.IDENTITY_CARD: N_("National identity card"),
    Document.AGE_CARD: N_("PASS proof of age card"),
    Document.BANK_STATEMENT: N_("Bank or building society statement"),
    Document.COUNCIL_TAX: N_("Council tax bill"),
    Document.BENEFITS_LETTER: N_("Letter about benefits or a pension"),
    Document.TENANCY: N_("Tenancy agreement or mortgage statement"),
    Document.BIRTH_CERTIFICATE: N_("Birth or adoption certificate"),
    Document.UTILITY_BILL: N_("Utility bill"),
}
SERVICES = {
    Service.APPOINTMENTS: N_("Appointments"),
    Service.PRESCRIPTIONS: N_("Repeat prescriptions"),
    Service.DEMOGRAPHICS: N_("Name and address"),
    Service.MESSAGES: N_("Messages"),
}
LEVELS = {Level.NONE: N_("No"), Level.VIEW: N_("See only"), Level.MANAGE: N_("See and use")}
RECORD = {
    RecordLevel.NONE: N_("Nothing"),
    RecordLevel.SUMMARY: N_("Summary: medicines and allergies"),
    RecordLevel.DETAILED: N_("Detailed: the coded record too"),
    RecordLevel.DOCUMENTS: N_("Documents: letters too"),
    RecordLevel.FULL: N_("Full: what was written in free text too"),
}
# What the national rule comes to, by whether the check is enough for the full record.
USUAL_WORDS = {
    True: N_("As the national rule says: all that is new, unless a code says otherwise"),
    False: N_("As the national rule says, but no more than the summary: what is new, unless a code says otherwise"),
}


class HowForm(forms.Form):
    """How it is to be checked who somebody is."""

    proof = forms.ChoiceField(
        label=_("How do you check who they are?"), widget=forms.RadioSelect, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, may_vouch: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [proof for proof in HOW if may_vouch or proof not in BY_VOUCHING]
        field: Any = self.fields["proof"]
        field.choices = [(proof.value, gettext(HOW[proof])) for proof in offered]
        field.choice_hints = {proof.value: gettext(HOW_HINTS[proof]) for proof in offered}


class SeenForm(forms.Form):
    """What was seen and heard; which of it is asked depends on how the check is made."""

    key = IdempotencyKeyField()
    in_private = forms.BooleanField(
        label=_("I spoke with the patient alone, and they want this for themselves"), required=False
    )
    documents = forms.MultipleChoiceField(
        label=_("Which documents have you seen?"),
        help_text=_("Choose all that you have looked at. Keep no copies."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages=CHOOSE,
    )
    known_a_year = forms.BooleanField(label=_("I have known the patient for at least a year"), required=False)
    no_relative = forms.BooleanField(label=_("I am not a relative of the patient"), required=False)
    questions = forms.ChoiceField(
        label=_("How many open questions did the patient answer right?"),
        choices=[("0", _("None")), ("1", _("One")), ("2", _("Two")), ("3", _("Three or more"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )

    def __init__(self, *args: Any, proof: Proof, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["documents"]
        field.choices = [(each.value, gettext(NAMES[each])) for each in Document]
        photograph = gettext("Has a photograph")
        field.choice_hints = {each.value: photograph for each in WITH_PHOTOGRAPH}
        for name in self._not_asked(proof):
            del self.fields[name]

    def _not_asked(self, proof: Proof) -> tuple[str, ...]:
        if proof is Proof.DOCUMENTS:
            return ("known_a_year", "no_relative", "questions")
        return ("documents", "questions") if proof is Proof.VOUCHED else ("documents", "known_a_year", "no_relative")

    def seen(self) -> Seen:
        """What was seen and heard, as the rules judge it."""
        given = self.cleaned_data
        return Seen(
            in_private=given["in_private"],
            documents=tuple(Document(each) for each in sorted(given.get("documents", ()))),
            known_a_year=given.get("known_a_year", False),
            no_relative=given.get("no_relative", False),
            questions=int(given.get("questions", 0)),
        )


class LetterForm(forms.Form):
    """What the account may use once the letter links it, and how the letter is printed."""

    key = IdempotencyKeyField()

    def __init__(self, *args: Any, facts: LetterFacts, large: bool, may_open_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = [service for service in ON_LETTERS if service in facts.offered]
        for service in self.services:
            self.fields[service.value] = self._service(service, facts.offered[service])
        levels = record_offered(facts)
        if len(levels) > 1:
            self._ask_for_record(levels, facts.proof, may_open_old=may_open_old)
        self.fields["large"] = forms.BooleanField(label=gettext("Print it large"), required=False, initial=large)

    def _service(self, service: Service, ceiling: Level) -> forms.ChoiceField:
        choices = [(level.value, gettext(LEVELS[level])) for level in Level if level <= ceiling]
        given: dict[str, Any] = {"choices": choices, "widget": forms.RadioSelect, "error_messages": CHOOSE}
        # What the guidance of 2020 gives to everybody who is linked: appointments, prescriptions and the summary.
        usual = ceiling if service in (Service.APPOINTMENTS, Service.PRESCRIPTIONS) else Level.NONE
        return forms.ChoiceField(label=gettext(SERVICES[service]), initial=usual.value, **given)

    def _ask_for_record(self, levels: list[RecordLevel], proof: Proof, *, may_open_old: bool) -> None:
        choices = [(level.value, gettext(RECORD[level])) for level in levels]
        given: dict[str, Any] = {"widget": forms.RadioSelect, "error_messages": CHOOSE}
        new, old = gettext("What is recorded from now on"), gettext("What was recorded before")
        usual = (USUAL, gettext(USUAL_WORDS[most_record(proof) is RecordLevel.FULL]))
        self.fields["current"] = forms.ChoiceField(label=new, choices=[usual, *choices], initial=USUAL, **given)
        if not may_open_old:
            self.fields["current"].help_text = gettext("A GP or a manager opens old entries, after a review.")
            return
        self.fields["historic"] = forms.ChoiceField(label=old, choices=choices, initial=RecordLevel.NONE, **given)
        self.fields["historic"].help_text = gettext(
            "Only where the patient asked for it and somebody has looked through the old record."
            " Old entries are never shown in more detail than new ones."
        )

    def gives(self) -> Gives:
        """What the letter gives, as the rules judge it."""
        given = self.cleaned_data
        services = {service: Level(given[service.value]) for service in self.services}
        current, historic = given.get("current", USUAL), given.get("historic", RecordLevel.NONE)
        return Gives(
            {service: level for service, level in services.items() if level > Level.NONE},
            None if current == USUAL else RecordLevel(current),
            RecordLevel(historic),
        )


class VouchersForm(forms.Form):
    """Who may vouch for patients whom they know."""

    who = forms.MultipleChoiceField(
        label=_("Who may vouch?"), widget=forms.CheckboxSelectMultiple, required=False, error_messages=CHOOSE
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["who"]
        field.choices = choices
