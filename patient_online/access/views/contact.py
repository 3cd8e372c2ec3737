"""How a patient is told: what they choose themselves."""

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
from patient_online.asking import NotAllowed
from patient_online.nhs.telephones import phone_text
from patient_online.patients import actions
from patient_online.patients.models import Patient
from patient_online.patients.queries import own_details
from patient_online.patients.rules import EMAIL, TEXT, why_not_told
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

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
    context |= {"mobile": _takes_codes(patient, TEXT), "why_not": request.acting.may_change_contact()}
    return render(request, "access/contact.jinja", context)


@patient_page
def change(request: PatientRequest, route: str) -> HttpResponse:
    """Let the patient give another e-mail address or telephone number; a code goes there where one can."""
    patient = _details(request, route)
    form = _address_form(request, route, patient)
    if not form.is_valid():
        title = _("Your email address") if route == EMAIL else _("Your telephone number")
        context = {"title": title, "form": form, "back": reverse("access:contact"), "button": _("Save")}
        return render(request, "web/form_page.jinja", context)
    change_it = actions.change_email if route == EMAIL else actions.change_telephone
    patient = change_it(patient, **form.cleaned_data, by=request.acting, at=timezone.now())
    if _takes_codes(patient, route) and not _verified_at(patient, route):
        return redirect("access:contact_code", route)
    return redirect(f"{reverse('access:contact')}?saved={route}")


@patient_page
def code(request: PatientRequest, route: str) -> HttpResponse:
    """Send a code to the patient's address or mobile, and let them type it back."""
    patient = _details(request, route)
    sending = request.POST.get("do") == "send"
    form = CodeForm(None if sending else posted(request))
    given: dict[str, Any] = {"route": route, "by": request.acting, "at": timezone.now()}
    if sending or form.is_valid():
        try:
            return _sent(patient, given) if sending else _confirmed(patient, form, given)
        except Refused as refused:
            form = form if form.is_bound else CodeForm({})
            form.errors.clear()
            add_refusal(form, refused)
    title = _("Confirm your email address") if route == EMAIL else _("Confirm your mobile number")
    context = {"title": title, "form": form, "route": route, "patient": patient, "sent": "sent" in request.GET}
    return render(request, "access/contact_code.jinja", context)


def _sent(patient: Patient, given: dict[str, Any]) -> HttpResponse:
    send_code(patient, **given)
    return redirect(f"{reverse('access:contact_code', args=[given['route']])}?sent=1")


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
    if route == EMAIL:
        return EmailForm(posted(request), initial={"email": patient.email})
    number = phone_text(patient.telephone) if patient.telephone else ""
    return TelephoneForm(posted(request), initial={"telephone": number})


def _takes_codes(patient: Patient, route: str) -> bool:
    return why_not_told(route, email=patient.email, telephone=patient.telephone) is None


def _verified_at(patient: Patient, route: str) -> Any:
    return patient.email_verified_at if route == EMAIL else patient.telephone_verified_at
