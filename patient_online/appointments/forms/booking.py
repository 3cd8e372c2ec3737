"""What patients type and choose when they look for, book, move or cancel an appointment."""

from datetime import date
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.forms.numbers import ask_number, number_field, number_read
from patient_online.appointments.queries import Wish
from patient_online.appointments.rules.booking import MOST_COMMENT, MOST_OF_A_KIND, MOST_REASON
from patient_online.nhs.appointments import Mode, NationalCategory
from patient_online.web.fields import IdempotencyKeyField

MODES = {
    Mode.IN_PERSON: _("In person"),
    Mode.TELEPHONE: _("By telephone"),
    Mode.VIDEO: _("By video"),
    Mode.HOME_VISIT: _("At your home"),
}
CATEGORIES = [(each.value, each.value) for each in NationalCategory if each.is_mapped]
CANCEL_REASONS = [
    ("better", _("I feel better")),
    ("time", _("The time no longer suits me")),
    ("elsewhere", _("I have had help somewhere else")),
    ("other", _("Another reason")),
    ("unsaid", _("I would rather not say")),
]
# For an answer that is not offered any more, or never was: Django's own words name a value that nobody typed.
FROM_THE_LIST = {"invalid_choice": _("Choose one of the answers that are offered"), "required": _("Choose an answer")}


class SeenField(forms.DateTimeField):
    """When the slot on the page starts, hidden: it may be moved while somebody looks at the page.

    An initial value is given as ISO 8601: Django would show an instant without its zone.
    """

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        words = _("This page did not send everything it should. Open it again.")
        super().__init__(**{"required": False, "error_messages": {"invalid": words}, **kwargs})


class WishForm(forms.Form):
    """What the patient looks for. Every part may be left out."""

    label = forms.ChoiceField(label=_("What is it for?"), required=False, error_messages=FROM_THE_LIST)
    clinician = forms.ChoiceField(label=_("Who would you like to see?"), required=False, error_messages=FROM_THE_LIST)
    sex = forms.ChoiceField(
        label=_("A woman or a man?"),
        required=False,
        choices=[("", _("No preference")), ("female", _("A woman")), ("male", _("A man"))],
        error_messages=FROM_THE_LIST,
    )
    site = forms.ChoiceField(label=_("Where?"), required=False, error_messages=FROM_THE_LIST)
    mode = forms.ChoiceField(label=_("How?"), required=False, error_messages=FROM_THE_LIST)
    day = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, choices: list[dict[str, Any]]) -> None:
        super().__init__(data)
        anything = [("", gettext("No preference"))]
        modes = sorted({row["mode"] for row in choices})
        self._offer("label", [("", gettext("Anything")), *sorted({(row["label"], row["label"]) for row in choices})])
        self._offer("clinician", anything + _named(choices, "clinician"))
        self._offer("site", anything + _named(choices, "site"))
        self._offer("mode", anything + [(mode, MODES[Mode(mode)]) for mode in modes])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = choices
        if len(choices) < 3:
            field.widget = forms.HiddenInput()

    def readable(self) -> QueryDict:
        """What was chosen and can be looked for, to be carried in links: what is unknown is left behind."""
        chosen = cast(QueryDict, self.data).copy()
        for name in self.errors:
            chosen.pop(name, None)
        return chosen

    def wish(self, first: date, last: date, *, length: int = 1) -> Wish:
        """The wish for these days; a part that cannot be read counts as left out."""
        self.full_clean()
        chosen = getattr(self, "cleaned_data", {})
        return Wish(
            first,
            last,
            clinician=UUID(chosen["clinician"]) if chosen.get("clinician") else None,
            sex=chosen.get("sex", ""),
            site=UUID(chosen["site"]) if chosen.get("site") else None,
            mode=chosen.get("mode", ""),
            label=chosen.get("label", ""),
            length=length,
        )


def _named(choices: list[dict[str, Any]], thing: str) -> list[tuple[str, str]]:
    """The clinicians or the sites among the choices, each once, by name."""
    known = {str(row[thing]): row[f"{thing}_name"] for row in choices}
    return sorted(known.items(), key=lambda one: one[1])


class RedFlagsForm(forms.Form):
    """The patient goes on after reading the signs of an emergency."""

    key = IdempotencyKeyField()


class BookingForm(forms.Form):
    """The reason and, for telephone and video, the number."""

    key = IdempotencyKeyField()
    starts = SeenField()
    length = forms.ChoiceField(
        label=_("How long do you need?"), widget=forms.RadioSelect, initial="1", error_messages=FROM_THE_LIST
    )
    reason = forms.CharField(
        label=_("What is the appointment about? (optional)"),
        help_text=_("A few words. Reception staff can read this. It may not be read before your appointment."),
        required=False,
        max_length=MOST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("What the appointment is about must be 100 characters or fewer")},
    )
    comment = forms.CharField(
        label=_("Anything else we should know? (optional)"),
        help_text=_("For example, if you need an interpreter or step-free access."),
        required=False,
        max_length=MOST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("Anything else must be 500 characters or fewer")},
    )
    telephone = number_field()
    keep_telephone = forms.BooleanField(label=_("Also keep this number in my details at the practice"), required=False)

    def __init__(self, *args: Any, mode: str, lengths: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        length: Any = self.fields["length"]
        length.choices = lengths
        if len(lengths) < 2:
            length.widget = forms.HiddenInput()
        self.mode = mode
        ask_number(self, mode)

    def leave_details(self) -> None:
        """Ask nothing that would change the patient's details: for who is not known well enough to."""
        self.fields.pop("keep_telephone", None)

    def clean_telephone(self) -> str:
        """The number as it is kept (E.164)."""
        return number_read(self.cleaned_data["telephone"], self.mode)


class CancelForm(forms.Form):
    """Why the patient does not come."""

    key = IdempotencyKeyField()
    starts = SeenField()
    reason = forms.ChoiceField(
        label=_("Why are you cancelling? (optional)"),
        choices=CANCEL_REASONS,
        required=False,
        widget=forms.RadioSelect,
        error_messages=FROM_THE_LIST,
    )


class WordsForm(forms.Form):
    """What patients are told that a kind of slot is for."""

    label = forms.CharField(
        label=_("What patients see"),
        help_text=_(
            "A few plain words, for example: Appointment with a GP. Left empty, patients cannot book it online."
        ),
        max_length=80,
        required=False,
        error_messages={"max_length": _("What patients see must be 80 characters or fewer")},
    )
    guidance = forms.CharField(
        label=_("What it is for, and what it is not for"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": _("What it is for must be 300 characters or fewer")},
    )
    national_category = forms.ChoiceField(
        label=_("National category"),
        help_text=_("Needed before it can be booked online: the national figures count by it."),
        choices=[("", _("Not chosen yet")), *CATEGORIES],
        required=False,
        error_messages=FROM_THE_LIST,
    )
    most_future = forms.IntegerField(
        label=_("Most that a patient may have booked ahead of this kind (optional)"),
        help_text=_("Left empty, only the practice's limit for all appointments together holds."),
        min_value=1,
        max_value=MOST_OF_A_KIND,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "width": "2"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("The most that a patient may have booked ahead must be a number from 1 to 20"),
        ),
    )


class MoveForm(forms.Form):
    """The patient says yes to the new time and, for telephone and video, on which number."""

    key = IdempotencyKeyField()
    starts = SeenField()
    telephone = number_field()

    def __init__(self, *args: Any, mode: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mode = mode
        ask_number(self, mode)

    def clean_telephone(self) -> str:
        """The number as it is kept (E.164)."""
        return number_read(self.cleaned_data["telephone"], self.mode)
