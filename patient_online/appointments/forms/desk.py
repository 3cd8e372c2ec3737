"""What the desk types and chooses: whom it looks for, which time, and how the patient came."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.forms.booking import FROM_THE_LIST, SeenField
from patient_online.appointments.rules.booking import MOST_COMMENT, MOST_REASON
from patient_online.appointments.rules.desk import MOST_EXTRA_REASON, Mark
from patient_online.appointments.rules.saying import needs_number
from patient_online.asking import Channel
from patient_online.nhs.telephones import normalise_phone
from patient_online.patients.looking import why_not_looked_for
from patient_online.web.fields import DateField3, IdempotencyKeyField, TelephoneField

CHANNELS = [
    (Channel.DESK.value, _("At the desk")),
    (Channel.TELEPHONE.value, _("On the telephone")),
]
REASONS = [
    ("better", _("The patient feels better")),
    ("time", _("The time no longer suits the patient")),
    ("elsewhere", _("The patient has had help somewhere else")),
    ("other", _("Another reason of the patient")),
    ("practice", _("The practice cannot keep it")),
    ("mistake", _("It was booked by mistake")),
]
# No patient asked for these, so nobody is asked how.
NOT_ASKED_FOR = {"practice", "mistake"}


class ChannelField(forms.ChoiceField):
    """How the patient came: what is booked for them is counted apart from what they book themselves."""

    widget = forms.RadioSelect

    def __init__(self, **kwargs: Any) -> None:
        messages = {**FROM_THE_LIST, "required": _("Say how the patient asked: at the desk or on the telephone")}
        given = {"label": _("How did the patient ask?"), "choices": CHANNELS, "error_messages": messages}
        super().__init__(**{**given, **kwargs})


class JumpForm(forms.Form):
    """Which day of the book to look at, of which clinician and site."""

    day = DateField3(label=_("Day"), required=False)
    clinician = forms.ChoiceField(label=_("Clinician"), required=False, error_messages=FROM_THE_LIST)
    site = forms.ChoiceField(label=_("Site"), required=False, error_messages=FROM_THE_LIST)

    def __init__(self, data: Any, *, clinicians: dict[UUID, Any], sites: dict[UUID, Any], day: date) -> None:
        # Of a day that was not typed, the day that is shown stands in the boxes.
        kept = {name: data[name] for name in ("clinician", "site") if name in data}
        super().__init__(data if "day_day" in data else None, initial={"day": day, **kept})
        self._offer("clinician", gettext("All clinicians"), clinicians)
        self._offer("site", gettext("All sites"), sites)

    def _offer(self, name: str, everybody: str, known: dict[UUID, Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", everybody), *((str(id_), each.name) for id_, each in known.items())]
        if len(known) < 2:
            field.widget = forms.HiddenInput()


class MarkForm(forms.Form):
    """One press in the day's list: what is noted, and of which appointment."""

    mark = forms.CharField(
        widget=forms.HiddenInput, error_messages={"required": _("Press one of the buttons in the list")}
    )

    def clean_mark(self) -> tuple[Mark, UUID]:
        """The mark and the appointment's id."""
        what, _space, id_ = self.cleaned_data["mark"].partition(" ")
        try:
            return Mark(what), UUID(id_)
        except ValueError:
            raise forms.ValidationError(gettext("Press one of the buttons in the list")) from None


def can_be_looked_for(text: str) -> None:
    """Raise ValidationError where nobody can be found by this text, with what is wrong with it."""
    if why_not := why_not_looked_for(text):
        raise forms.ValidationError(why_not)


class FindForm(forms.Form):
    """Whom the desk looks for."""

    q = forms.CharField(
        label=_("Find a patient"),
        help_text=_(
            "Parts of the name, a date of birth such as 27 3 1984, the NHS number, or the reference of an appointment"
        ),
        max_length=200,
        error_messages={"required": _("Enter a name, a date of birth, an NHS number or a reference")},
        validators=[can_be_looked_for],
    )


class BookWishForm(forms.Form):
    """Which day, and whom and what for."""

    day = DateField3(label=_("Day"))
    clinician = forms.ChoiceField(label=_("Clinician"), required=False, error_messages=FROM_THE_LIST)
    kind = forms.ChoiceField(label=_("Kind of slot"), required=False, error_messages=FROM_THE_LIST)

    def __init__(self, data: Any, *, clinicians: list[Any], kinds: list[Any], day: date) -> None:
        chosen = {name: data[name] for name in ("clinician", "kind") if name in data}
        super().__init__(data if "day_day" in data else None, initial={"day": day, **chosen})
        self._offer("clinician", gettext("Anybody"), clinicians)
        self._offer("kind", gettext("Any kind"), kinds)

    def _offer(self, name: str, anything: str, rows: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", anything), *((str(row.id), row.name) for row in rows)]


class _SeatForm(forms.Form):
    """What a slot asks before one more patient is put into it."""

    key = IdempotencyKeyField()
    starts = SeenField()
    channel = ChannelField()
    extra_reason = forms.CharField(
        label=_("Why is an extra appointment needed?"),
        help_text=_("This time is full. The reason is kept with the appointment."),
        max_length=MOST_EXTRA_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Say why an extra appointment is needed"),
            "max_length": _("The reason for an extra appointment must be 200 characters or fewer"),
        },
    )
    knows_of_clash = forms.BooleanField(
        label=_("Book it all the same"),
        error_messages={"required": _("Tick “Book it all the same”, or choose another time")},
    )

    on_purpose = forms.BooleanField(
        label=_("Book it on purpose"),
        error_messages={"required": _("Tick “Book it on purpose”, or choose another time")},
    )

    def ask(self, *, full: bool, clashes: bool, against: bool, other: bool, again: bool = False) -> None:
        """Leave out what this slot does not ask.

        Of a page that took the slot when it was sent before all is read as it was then, and nothing new is asked.
        """
        asked = {"extra_reason": full, "knows_of_clash": clashes, "on_purpose": against, "knows_of_other": other}
        for name, needed in asked.items():
            if name not in self.fields:
                continue
            if again:
                self.fields[name].required = False
            elif not needed:
                del self.fields[name]

    @property
    def seat(self) -> dict[str, Any]:
        """What the action is told of the seat."""
        given = self.cleaned_data
        return {"extra_reason": given.get("extra_reason", ""), "knows_of_clash": given.get("knows_of_clash", False)}


class BookForForm(_SeatForm):
    """What is kept with an appointment that the desk books."""

    length = forms.ChoiceField(label=_("How long?"), initial="1", error_messages=FROM_THE_LIST)
    reason = forms.CharField(
        label=_("What is the appointment about? (optional)"),
        required=False,
        max_length=MOST_REASON,
        error_messages={"max_length": _("What the appointment is about must be 100 characters or fewer")},
    )
    comment = forms.CharField(
        label=_("Anything else to know? (optional)"),
        help_text=_("For example an interpreter or step-free access. The patient can read it."),
        required=False,
        max_length=MOST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("Anything else must be 500 characters or fewer")},
    )
    telephone = TelephoneField(
        label=_("Telephone number for this appointment"),
        error_messages={"required": _("Enter the telephone number that the patient can be reached on")},
    )
    field_order = ("key", "channel", "length", "reason", "comment", "telephone", "extra_reason")

    def __init__(self, *args: Any, lengths: list[tuple[str, str]], mode: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        length: Any = self.fields["length"]
        length.choices = lengths
        if len(lengths) < 2:
            length.widget = forms.HiddenInput()
        if not needs_number(mode):
            del self.fields["telephone"]

    def clean_telephone(self) -> str:
        """The number as it is kept (E.164)."""
        try:
            return normalise_phone(self.cleaned_data["telephone"])
        except ValueError:
            wrong = gettext("Enter a telephone number, like 01632 960 001 or 07700 900 982")
            raise forms.ValidationError(wrong) from None


class MoveForForm(_SeatForm):
    """The desk says yes to the new time, and to an appointment of another kind."""

    knows_of_other = forms.BooleanField(
        label=_("The patient knows what is different"),
        error_messages={"required": _("Tick “The patient knows what is different”, or choose another time")},
    )


class CancelForForm(forms.Form):
    """Why the appointment is given back, and how the patient asked, if they did."""

    key = IdempotencyKeyField()
    reason = forms.ChoiceField(
        label=_("Why? (optional)"),
        choices=REASONS,
        required=False,
        widget=forms.RadioSelect,
        error_messages=FROM_THE_LIST,
    )
    channel = ChannelField(
        required=False,
        help_text=_("You need not answer where the practice cannot keep it, or it was booked by mistake."),
    )

    def clean(self) -> None:
        """How the patient asked must be said, unless the reason is the practice's own."""
        given, field = self.cleaned_data, self.fields["channel"]
        asked = given.get("reason") not in NOT_ASKED_FOR
        if asked and not given.get("channel") and "channel" not in self.errors:
            self.add_error("channel", field.error_messages["required"])
