"""What staff choose and type to withdraw sessions, to move one, and to put one back."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.appointments.forms.booking import FROM_THE_LIST
from patient_online.appointments.models import Schedule
from patient_online.appointments.rules.withdraw import MOST_DAYS, MOST_REASON_FOR_STAFF, MOST_WORDS, digest
from patient_online.nhs.dates import date_text, from_wall_clock, local_day, time_range_text, time_text, to_london
from patient_online.practices.models import Site, StaffMember
from patient_online.refusals import N_
from patient_online.web.clock_field import ClockField
from patient_online.web.fields import DateField3, IdempotencyKeyField

# A telephone makes a link of anything that looks like one: `nhs.uk` as well as `https://nhs.uk`.
WEB_ADDRESS = re.compile(r"://|\bwww\.|[^\W_]\.[^\W\d_]{2,}", re.IGNORECASE)
People = list[StaffMember]
Places = list[Site]


class ChooseForm(forms.Form):
    """Whose sessions are withdrawn, where, and on which days."""

    clinician = forms.ChoiceField(label=_("Whose sessions?"), required=False, error_messages=FROM_THE_LIST)
    site = forms.ChoiceField(label=_("Where?"), required=False, error_messages=FROM_THE_LIST)
    first = DateField3(label=_("First day"), noun=N_("the first day"))
    last = DateField3(label=_("Last day (leave empty for one day)"), noun=N_("the last day"), required=False)

    def __init__(self, data: Any, people: People, places: Places) -> None:
        super().__init__(data)
        clinician, site = self.fields["clinician"], self.fields["site"]
        clinician.choices = [("", gettext("Everybody’s")), *_named(people)]  # type: ignore[attr-defined]
        site.choices = [("", gettext("At every site")), *_named(places)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse days that are the wrong way round, or too many."""
        given = self.cleaned_data
        first, last = given.get("first"), given.get("last")
        if first and last and last < first:
            self.add_error("last", gettext("The last day must be the first day or later"))
        if first and last and last - first >= timedelta(days=MOST_DAYS):
            self.add_error("last", gettext("Choose three months at most"))
        return given


class MoveForm(forms.Form):
    """When and where a session is to be instead, and whose."""

    day = DateField3(label=_("New day"), noun=N_("the new day"))
    time = ClockField(
        label=_("New time at which it starts"),
        help_text=_("For example 8:30am or 14:00. It stays as long as it is."),
        error_messages={"required": _("Enter the time at which it starts")},
    )
    clinician = forms.ChoiceField(label=_("Clinician"), error_messages=FROM_THE_LIST)
    site = forms.ChoiceField(label=_("Site"), error_messages=FROM_THE_LIST)

    def __init__(self, data: Any, people: People, places: Places, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["clinician"].choices = _named(people)  # type: ignore[attr-defined]
        self.fields["site"].choices = _named(places)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a time that the clocks leave out on that day."""
        day, time = self.cleaned_data.get("day"), self.cleaned_data.get("time")
        if isinstance(day, date) and time is not None:
            try:
                self.cleaned_data["starts_at"] = from_wall_clock(day, time)
            except ValueError:
                self.add_error("time", gettext("The clocks go forward over this time on that day"))
        return self.cleaned_data


class SureForm(forms.Form):
    """Staff say yes to what was shown: which of the sessions, why, and what the patients are told besides.

    Of what was shown, `words_seen` are the words in the whole of the message, `choice_seen` marks ticks and times.
    """

    key = IdempotencyKeyField()
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    seen_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    words_seen = forms.CharField(widget=forms.HiddenInput, required=False)
    choice_seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    reason = forms.CharField(
        label=_("Reason, for staff"),
        help_text=_("For example: clinician ill. Patients never see it."),
        max_length=MOST_REASON_FOR_STAFF,
        error_messages={"required": _("Enter a reason, so that colleagues know why")},
    )
    words = forms.CharField(
        label=_("A sentence for the patients (optional)"),
        help_text=_(
            "It goes into every message and letter, which others may open. Write nothing about anybody’s health, the"
            " clinician, or what appointments are for."
        ),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_words(self) -> str:
        """Refuse web addresses: patients are told never to follow one in a message that they did not expect."""
        words: str = self.cleaned_data["words"]
        if WEB_ADDRESS.search(unicodedata.normalize("NFKC", words)):
            raise forms.ValidationError(
                gettext("Take the web or email address out. If there is none, leave a space after each full stop")
            )
        return words

    def __init__(self, data: Any, sessions: Sequence[Schedule] = ()) -> None:
        super().__init__(data)
        self.sessions = sessions
        self.looks = data is not None and data.get("do") == "look"
        self.fields["reason"].required = not self.looks
        if len(sessions) > 1:
            self.fields["sessions"] = _ticks(sessions)
        self.fields |= {_since(each): ClockField(label=_session_named(each), required=False) for each in sessions}

    def clean(self) -> dict[str, Any]:
        """Refuse a time from which on a session is withdrawn that does not lie in it."""
        meant, given = dict(self._meant()), self.cleaned_data
        for each in self.sessions:
            begins, over = to_london(each.starts_at).time(), to_london(each.ends_at).time()
            if (since := given.get(_since(each))) and each.id in meant and not begins <= since < over:
                instead = gettext("untick the session") if len(self.sessions) > 1 else gettext("leave it empty")
                facts = {"first": time_text(begins), "last": time_text(over), "instead": instead}
                words = gettext("Enter a time between %(first)s and %(last)s, or %(instead)s")
                self.add_error(_since(each), words % facts)
        return given

    @property
    def parts(self) -> list[forms.BoundField]:
        """The fields that ask from when on each session is withdrawn."""
        return [self[_since(each)] for each in self.sessions]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that everybody fills in."""
        return [self["reason"], self["words"]]

    def ticked(self) -> tuple[tuple[UUID, time | None], ...]:
        """The sessions that are meant, each with the time from which on it is; all of them until somebody says else."""
        if not self.is_bound:
            return tuple((each.id, None) for each in self.sessions)
        self.full_clean()
        return self._meant()

    def _meant(self) -> tuple[tuple[UUID, time | None], ...]:
        given = self.cleaned_data
        meant = (
            set(given.get("sessions", [])) if "sessions" in self.fields else {str(each.id) for each in self.sessions}
        )
        return tuple((each.id, given.get(_since(each))) for each in self.sessions if str(each.id) in meant)

    def says_yes(self) -> bool:
        """Whether all is filled in, and the message was seen with these words."""
        return self.is_valid() and not self.looks and not self.unread and not self.chosen_anew

    @property
    def chosen_anew(self) -> bool:
        """Whether ticks or times were changed since it was shown whom it touches."""
        seen = getattr(self, "cleaned_data", {}).get("choice_seen")
        return bool(seen) and seen != self._mark(self.data.getlist("sessions"))  # type: ignore[attr-defined]

    def _mark(self, ticked: Sequence[str]) -> str:
        sent = self.data.items() if self.is_bound else ()
        since = [(name, value.strip()) for name, value in sent if name.startswith("since_") and value.strip()]
        return digest([*since, *((each,) for each in ticked)])

    @property
    def unread(self) -> bool:
        """Whether the words have been typed or changed since the message was shown with them."""
        given = getattr(self, "cleaned_data", {})
        return self.is_bound and given.get("words", "") != given.get("words_seen", "")

    def anew(self, shown: str, at: datetime, key: Any) -> None:
        """Carry the mark of what is shown now, whatever was sent."""
        words = getattr(self, "cleaned_data", {}).get("words", "")
        ticked = self["sessions"].value() if "sessions" in self.fields else ()
        given = {"shown": shown, "seen_at": at.isoformat(), "key": str(key), "words_seen": words}
        given["choice_seen"] = self._mark(ticked)
        if self.is_bound:
            data = self.data.copy()  # type: ignore[attr-defined]
            for name, value in given.items():
                data[name] = value
            self.data = data
        else:
            self.initial.update(given)


def _ticks(sessions: Sequence[Schedule]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Which of these sessions?"),
        choices=[(str(each.id), _session_named(each)) for each in sessions],
        initial=[str(each.id) for each in sessions],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one session"), "invalid_choice": FROM_THE_LIST["invalid_choice"]},
    )


def _since(session: Schedule) -> str:
    return f"since_{session.id}"


def _session_named(session: Schedule) -> str:
    times = time_range_text(session.starts_at, session.ends_at)
    return f"{session.clinician.name}, {date_text(local_day(session.starts_at))}, {times}, {session.site.name}"


class PutBackForm(forms.Form):
    """Staff say yes to putting a session back, and who of those who can get their time again does."""

    key = IdempotencyKeyField()

    def __init__(self, data: Any, may: Sequence[tuple[UUID, str]] = ()) -> None:
        super().__init__(data)
        if may:
            self.fields["again"] = forms.TypedMultipleChoiceField(
                label=_("Who gets their time again?"),
                choices=[(str(id_), words) for id_, words in may],
                initial=[str(id_) for id_, _words in may],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                coerce=UUID,
                error_messages=FROM_THE_LIST,
            )


class SettleForm(forms.Form):
    """Somebody has seen to a patient; where `done` is empty, that is taken back."""

    touched = forms.UUIDField()
    done = forms.BooleanField(required=False)


def _named(rows: People | Places) -> list[tuple[str, str]]:
    return [(str(row.id), row.name) for row in rows]
