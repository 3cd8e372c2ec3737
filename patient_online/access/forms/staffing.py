"""What is typed about who works at a practice."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.access.rules.staffing import ROLES
from patient_online.asking import Role
from patient_online.web.fields import DateField3, IdempotencyKeyField

EMAIL_WRONG = _("Enter an email address in the correct format, like name@example.com")
CHOOSE = {"required": _("Choose an answer"), "invalid_choice": _("Choose one of the answers that are offered")}
NO_TAGS = RegexValidator("[<>]", _("Leave out the signs < and >"), inverse_match=True)
NOW, LATER = "now", "later"
BY_EMAIL, ON_PAPER, LOST_STEP, NOT_AT_ALL = "email", "paper", "lost", "not"


def _roles() -> list[tuple[str, str]]:
    return [(role.value, f"{gettext(name)}: {gettext(what)}") for role, (name, what) in ROLES.items()]


class PlaceForm(forms.Form):
    """What somebody is called and does at the practice."""

    name = forms.CharField(label=_("Full name"), max_length=120, validators=[NO_TAGS])
    job = forms.CharField(
        label=_("Job title"),
        help_text=_("As patients may read it, for example: Practice nurse."),
        max_length=80,
        validators=[NO_TAGS],
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        help_text=_("Tick only what the work needs. Who signs in with no role sees hardly anything."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose among the roles that are offered")},
    )
    sees_patients = forms.BooleanField(
        label=_("Patients have appointments with this person"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = _roles()  # type: ignore[attr-defined]

    def clean_roles(self) -> list[Role]:
        """The roles as what they are."""
        return [Role(text) for text in self.cleaned_data["roles"]]


class ChangePlaceForm(PlaceForm):
    """The same, of somebody who is on the list; `seen` are the roles that were shown."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> list[Role]:
        """The roles that were shown; what is none of them was never shown."""
        known = {role.value for role in Role}
        return [Role(text) for text in self.cleaned_data["seen"].split(",") if text in known]


class InviteForm(forms.Form):
    """How somebody comes to an account, so that they can sign in."""

    how = forms.ChoiceField(label=_("How do they get their way to sign in?"), widget=forms.RadioSelect)
    email = forms.EmailField(
        label=_("Their email address (only if it is sent by email)"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": EMAIL_WRONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["how"]
        field.error_messages |= CHOOSE
        field.choices = [
            (BY_EMAIL, gettext("By email")),
            (ON_PAPER, gettext("On paper: you print a code and hand it to them")),
            (LOST_STEP, gettext("On paper, for somebody who has no second step, or has lost it: the old one ends")),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the address where it is needed, and leave it out where it is not."""
        given = dict(self.cleaned_data)
        if given.get("how") == BY_EMAIL and not given.get("email") and "email" not in self.errors:
            self.add_error("email", EMAIL_WRONG)
        return given | {"email": given.get("email", "").lower() if given.get("how") == BY_EMAIL else ""}


class NewPlaceForm(InviteForm, PlaceForm):
    """Somebody new, and whether and how they will sign in."""

    key = IdempotencyKeyField()
    field_order = ("key", "name", "job", "roles", "sees_patients", "how", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["how"]
        field.label = gettext("Will they sign in?")
        field.choices = [
            (BY_EMAIL, gettext("Yes, they are invited by email")),
            (ON_PAPER, gettext("Yes, you print a code and hand it to them")),
            (NOT_AT_ALL, gettext("No, not for now")),
        ]


class LeaveForm(forms.Form):
    """When somebody's work at the practice ends."""

    when = forms.ChoiceField(
        label=_("When should they no longer be able to use it?"), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    day = DateField3(
        label=_("If later, the first day without access"), noun=gettext("the first day without access"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["when"]
        field.choices = [(NOW, gettext("From now on")), (LATER, gettext("From a later day on"))]

    def clean(self) -> dict[str, Any]:
        """Ask for the day where it is needed."""
        given = dict(self.cleaned_data)
        if given.get("when") == LATER and not given.get("day") and "day" not in self.errors:
            self.add_error("day", gettext("Enter the first day without access"))
        return given
