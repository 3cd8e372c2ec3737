"""How a patient is told: what they choose themselves."""

from datetime import datetime
from typing import Any

from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions import confirm_code, send_code
from patient_online.access.audiences import PatientRequest, patient_page
from patient_online.access.forms import CodeForm, EmailForm, NeedsForm, TelephoneForm
from patient_online.access.late_forms import carries_secrets
from patient_online.access.queries import code_out, codes_lost
from patient_online.asking import NotAllowed
from patient_online.nhs.languages import LANGUAGES
from patient_online.nhs.telephones import phone_text
from patient_online.notify.delivering import way_of
from patient_online.notify.kinds import is_spoken
from patient_online.notify.providers import routes_here
from patient_online.patients import actions
from patient_online.patients.models import Patient
from patient_online.patients.queries import own_details
from patient_online.patients.rules import EMAIL, TEXT, NotConfirmed, why_no_code
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

PRINTED = (Patient.Format.STANDARD, Patient.Format.LARGE_PRINT)
NEEDS = ("contact_by", "format", "language", "interpreter")


@patient_page
def contact(request: PatientRequest) -> HttpResponse:
    """Show where the patient is reached, and let them choose how they are told."""
    now = timezone.now()
    patient = own_details(request.acting, at=now)
    form = NeedsForm(posted(request), initial={name: getattr(patient, name) for name in NEEDS})
    if form.is_valid():
        try:
            actions.change_needs(patient, actions.Needs(**form.cleaned_data), by=request.acting, at=now)
        except Refused as refused:
            if refused.reason is NotAllowed.ONLY_LOOKING:
                raise
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('access:contact')}?saved=needs")
    context = {"title": _("How we tell you"), "patient": patient, "form": form, "saved": request.GET.get("saved")}
    context |= {"why_not": request.acting.may_change_contact(), **_as_it_stands(request, patient)}
    return render(request, "access/contact.jinja", context)


def _as_it_stands(request: PatientRequest, patient: Patient) -> dict[str, Any]:
    """Which way a message goes now, where no code can be sent and why, and where none could be sent."""
    return {
        "way": way_of(patient, must_reach=False),
        "no_code": {route: _why_no_code(patient, route) for route in (EMAIL, TEXT)},
        "needs_told": _needs_told(patient),
        "lost": codes_lost(request.acting, _to_confirm(patient)),
    }


def _needs_told(patient: Patient) -> list[str]:
    """What of the patient's needs no message meets by itself yet: the practice sees it, and somebody has to do it."""
    said = []
    if not is_spoken(patient.language):
        words = _("Our messages are in English for now; your practice can see that you need %(language)s.")
        said.append(words % {"language": _(LANGUAGES.get(patient.language, patient.language))})
    if patient.format not in PRINTED:
        words = _("We print letters in standard or large print; your practice can see what you need: %(format)s.")
        said.append(words % {"format": patient.get_format_display()})
    return said


def _to_confirm(patient: Patient) -> list[str]:
    """The address and the number that wait to be confirmed."""
    return [_given(patient, route) for route in (EMAIL, TEXT) if _given(patient, route) and _waits(patient, route)]


@patient_page
def change(request: PatientRequest, route: str) -> HttpResponse:
    """Let the patient give another e-mail address or telephone number; a confirmed one stays until it is confirmed."""
    patient = _details(request, route)
    form = _address_form(request, route, patient)
    if not form.is_valid():
        title = _("Your email address") if route == EMAIL else _("Your telephone number")
        context = {"title": title, "form": form, "back": reverse("access:contact"), "button": _("Save")}
        return render(request, "web/form_page.jinja", context)
    change_it = actions.change_email if route == EMAIL else actions.change_telephone
    patient = change_it(patient, **form.cleaned_data, by=request.acting, at=timezone.now())
    if _waits(patient, route) and not _why_no_code(patient, route):
        return redirect("access:contact_code", route)
    return redirect(f"{reverse('access:contact')}?saved={route}")


@patient_page
@carries_secrets
def code(request: PatientRequest, route: str) -> HttpResponse:
    """Send a code to the patient's address or mobile, let them type it back, or keep the one confirmed before."""
    patient, do = _details(request, route), request.POST.get("do")
    given: dict[str, Any] = {"route": route, "by": request.acting, "at": timezone.now()}
    form = CodeForm(None if do else posted(request))
    try:
        if do == "keep":
            return _kept(patient, given)
        if do == "send":
            return _sent(patient, given)
        if form.is_valid():
            return _confirmed(patient, form, given)
    except Refused as refused:
        form = form if form.is_bound else CodeForm({})
        form.errors.clear()
        add_refusal(form, refused)
    return _code_page(request, patient, route, form)


def _code_page(request: PatientRequest, patient: Patient, route: str, form: CodeForm) -> HttpResponse:
    title = _("Confirm your email address") if route == EMAIL else _("Confirm your mobile number")
    context = {"title": title, "form": form, "route": route, "patient": patient}
    context["out"] = code_out(request.acting, route, _given(patient, route), at=timezone.now())
    context |= {"waits": _waits(patient, route), "why_not": _why_no_code(patient, route)}
    return render(request, "access/contact_code.jinja", context)


def _kept(patient: Patient, given: dict[str, Any]) -> HttpResponse:
    actions.keep_confirmed(patient, **given)
    return redirect(f"{reverse('access:contact')}?saved={given['route']}-kept")


def _sent(patient: Patient, given: dict[str, Any]) -> HttpResponse:
    if (refusal := _why_no_code(patient, given["route"])) is NotConfirmed.NO_PROVIDER:
        raise Refused(refusal)
    send_code(patient, **given)
    return redirect("access:contact_code", given["route"])


def _confirmed(patient: Patient, form: CodeForm, given: dict[str, Any]) -> HttpResponse:
    confirm_code(patient, code=form.cleaned_data["code"], **given)
    return redirect(f"{reverse('access:contact')}?saved={given['route']}-confirmed")


def _details(request: PatientRequest, route: str) -> Patient:
    if route not in (EMAIL, TEXT):
        raise Http404
    if refusal := request.acting.may_change_contact():
        raise Refused(refusal)
    return own_details(request.acting, at=timezone.now())


def _address_form(request: PatientRequest, route: str, patient: Patient) -> Form:
    given = _given(patient, route)
    if route == EMAIL:
        return EmailForm(posted(request), initial={"email": given})
    return TelephoneForm(posted(request), initial={"telephone": phone_text(given) if given else ""})


def _given(patient: Patient, route: str) -> str:
    return patient.email_given if route == EMAIL else patient.telephone_given


def _why_no_code(patient: Patient, route: str) -> NotConfirmed | None:
    return why_no_code(route, _given(patient, route), open_here=routes_here())


def _waits(patient: Patient, route: str) -> bool:
    """Whether the address or number that was given last is still to be confirmed."""
    at: datetime | None = patient.email_verified_at if route == EMAIL else patient.telephone_verified_at
    return at is None or bool(patient.email_new if route == EMAIL else patient.telephone_new)
