"""How a patient is told, as staff take it down for them."""

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest, practice_page
from patient_online.access.forms import PatientNeedsForm
from patient_online.asking import Role
from patient_online.nhs.dates import date_short
from patient_online.nhs.telephones import phone_text
from patient_online.patients import actions
from patient_online.patients.models import Patient
from patient_online.patients.queries import patient_seen
from patient_online.patients.rules import NotKept
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

NEEDS = ("contact_by", "format", "language", "interpreter")
CONTACT = ("email", "telephone", "email_checked", "telephone_checked")
Clash = tuple[str, str, str]


@practice_page(Role.MANAGER, Role.RECEPTIONIST)
def needs(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Let staff take down how a patient is reached and told, and say what they have checked with them."""
    patient = _patient_or_404(request, patient_id)
    form, clashes = _form(request, patient), None
    if form.is_valid():
        try:
            _take_down(request, patient, form)
        except Refused as refused:
            if refused.reason is NotKept.CHANGED:
                patient = _patient_or_404(request, patient_id)
                clashes = _clashes(form, patient)
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('access:needs', args=[patient_id])}?saved=1")
    context = {"title": _("How the patient is told"), "patient": patient, "form": form, "button": _("Save")}
    context |= {"saved": "saved" in request.GET, "clashes": clashes}
    return render(request, "access/needs.jinja", context, 200 if clashes is None else 409)


def _take_down(request: StaffRequest, patient: Patient, form: PatientNeedsForm) -> None:
    contact = actions.Contact(**{name: form.cleaned_data[name] for name in CONTACT})
    wanted = actions.Needs(**{name: form.cleaned_data[name] for name in NEEDS})
    given = {"contact": contact, "needs": wanted, "seen": form.cleaned_data["seen"]}
    actions.take_down(patient, **given, by=request.staff, at=timezone.now())


def _form(request: StaffRequest, patient: Patient) -> PatientNeedsForm:
    known = {name: getattr(patient, name) for name in NEEDS} | {"email": patient.email_given}
    known["telephone"] = _spoken(patient.telephone_given)
    form = PatientNeedsForm(posted(request), initial={**known, "seen": patient.told_mark})
    old = {"email": patient.email if patient.email_new else ""}
    old["telephone"] = _spoken(patient.telephone) if patient.telephone_new else ""
    for name in ("email", "telephone"):
        at, failed_at = getattr(patient, f"{name}_verified_at"), getattr(patient, f"{name}_failed_at")
        form.fields[name].help_text = _checked(at, failed_at, old[name])
    return form


def _clashes(form: PatientNeedsForm, patient: Patient) -> list[Clash]:
    """What is kept now beside what was typed, where they differ; from now on the form has seen what is kept."""
    form.has_seen(patient.told_mark)
    now = {"email": patient.email_given, "telephone": patient.telephone_given}
    now |= {name: getattr(patient, name) for name in NEEDS}
    return [
        (str(form.fields[name].label), form.in_words(name, kept), form.in_words(name, form.cleaned_data[name]))
        for name, kept in now.items()
        if kept != form.cleaned_data[name]
    ]


def _spoken(number: str) -> str:
    return phone_text(number) if number else ""


def _checked(verified_at: datetime | None, failed_at: datetime | None, old: str) -> str:
    """When the address or number was checked with the patient, in words; `old` is the one in use until this one is."""
    if old:
        return _("Not confirmed yet. Until it is, messages go on to %(old)s.") % {"old": old}
    if verified_at:
        return _("Confirmed on %(day)s.") % {"day": date_short(verified_at)}
    if failed_at:
        return _("A message did not arrive there on %(day)s: nothing is sent until somebody checks it again.") % {
            "day": date_short(failed_at)
        }
    return _("Not confirmed: nothing is sent there until it is.")


def _patient_or_404(request: StaffRequest, patient_id: UUID) -> Patient:
    try:
        return patient_seen(request.staff, patient_id, at=timezone.now())
    except Patient.DoesNotExist:
        raise Http404 from None
