"""What staff type when a patient has left or died."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patient_online.access.forms.standing import CHOOSE
from patient_online.access.models import Link
from patient_online.web.fields import DateField3


class GoneForm(forms.Form):
    """That a patient has left or died, and when."""

    why = forms.ChoiceField(
        label=_("What has happened?"),
        choices=[(Link.Why.LEFT, _("They have left the practice")), (Link.Why.DIED, _("They have died"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    day = DateField3(label=_("On which day?"), noun=gettext("the day"), years=range(1948, 2100), required=True)
    sure = forms.BooleanField(
        label=_("I have checked that this is the right patient"),
        error_messages={"required": _("Check that this is the right patient, then tick the box")},
    )
