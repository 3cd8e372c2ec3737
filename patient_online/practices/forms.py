"""What a practice manager decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.practices.models import ServiceStatus
from patient_online.practices.rules import Policy
from patient_online.web.fields import DateField3


class PolicyForm(forms.Form):
    """The value of one policy."""

    def __init__(self, *args: Any, policy: Policy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if policy.is_switch:
            choices = [("yes", gettext("Yes")), ("no", gettext("No"))]
            self.fields["value"] = forms.TypedChoiceField(
                label=gettext(policy.title),
                choices=choices,
                widget=forms.RadioSelect,
                coerce=lambda text: text == "yes",
            )
            return
        limits = {"lowest": policy.lowest, "highest": policy.highest}
        words = gettext("Enter a whole number from %(lowest)s to %(highest)s") % limits
        messages = dict.fromkeys(("required", "invalid", "min_value", "max_value"), words)
        self.fields["value"] = forms.IntegerField(
            label=gettext(policy.title),
            min_value=policy.lowest,
            max_value=policy.highest,
            error_messages=messages,
            help_text=words + ".",
            widget=forms.NumberInput(attrs={"width": "5"}),
        )


class ServiceForm(forms.Form):
    """How an online service stands, and from which day."""

    status = forms.ChoiceField(
        label=_("This service is"),
        choices=ServiceStatus.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how this service stands")},
    )
    from_day = DateField3(label=_("From which day?"), noun=gettext("the day from which this holds"))
