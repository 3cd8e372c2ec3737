"""The preview: what would this patient see, and why not, as things stand or with a policy not yet saved."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.appointments.queries import Change
from patient_online.appointments.views import previews
from patient_online.asking import Role
from patient_online.practices.forms import PolicyForm
from patient_online.practices.queries import policies
from patient_online.practices.rules import POLICIES
from patient_online.web.page import posted, render


@practice_page(Role.MANAGER, Role.RECEPTIONIST, Role.GP)
def preview(request: StaffRequest) -> HttpResponse:
    """Find a patient, and show what they would see of the next fortnight. Their id stands in no address."""
    return previews.page(request)


@practice_page(Role.MANAGER)
def preview_policy(request: StaffRequest, name: str) -> HttpResponse:
    """Show what a patient would see if the policy had the value that was typed and is not saved yet."""
    if name not in POLICIES:
        raise Http404
    policy, save = POLICIES[name], reverse("access:policy", args=[name])
    form = PolicyForm(posted(request), policy=policy, initial={"value": policies(request.staff)[name]})
    if not form.is_valid() or "edit" in request.POST:
        context = {"title": _(policy.title), "policy": policy, "form": form, "button": _("Save"), "action": save}
        return render(request, "access/policy.jinja", context)
    typed = {"policy": _(policy.title), "value": form.data["value"]}
    what = _("With this policy: %(policy)s: %(value)s") % typed
    return previews.page(request, Change(policies={name: form.cleaned_data["value"]}), what=what)
