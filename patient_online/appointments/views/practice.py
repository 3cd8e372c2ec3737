"""The words in which patients are told what a slot is for."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import ANY_ROLE, StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.forms.booking import WordsForm
from patient_online.appointments.forms.release import kind_unsaved
from patient_online.appointments.models import SlotType
from patient_online.appointments.views import previews
from patient_online.asking import Role
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render


@practice_page(*ANY_ROLE)
def words(request: StaffRequest) -> HttpResponse:
    """Show the kinds of slot, and what patients are told each is for."""
    types = queries.slot_types(request.staff).prefetch_related("rules__cohort")
    return render(request, "appointments/words.jinja", {"title": _("Words for appointments"), "types": types})


@practice_page(Role.MANAGER, Role.RECEPTIONIST)
def word(request: StaffRequest, type_id: UUID) -> HttpResponse:
    """Let staff word what a kind of slot is for."""
    kind = get_object_or_404(queries.slot_types(request.staff), id=type_id)
    form = WordsForm(posted(request), initial={name: getattr(kind, name) for name in WordsForm.base_fields})
    if form.is_valid() and "preview" in request.POST and "edit" not in request.POST:
        what = _("With these words for %(name)s: %(words)s") % _said(kind, form)
        return previews.page(request, queries.Change(kind=kind_unsaved(kind, form.cleaned_data)), what=what)
    if form.is_valid() and "edit" not in request.POST:
        try:
            actions.word_slot_type(kind, **form.cleaned_data, by=request.staff, at=timezone.now())
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return redirect(f"{reverse('appointments:words')}?saved=1")
    context = {"title": _("What patients are told"), "kind": kind, "form": form, "button": _("Save")}
    return render(request, "appointments/word.jinja", context)


def _said(kind: SlotType, form: WordsForm) -> dict[str, str]:
    given = form.cleaned_data
    each = [given["label"] or _("no words for patients"), given["national_category"] or _("no national category")]
    if most := given["most_future"]:
        each.append(_("at most %(number)s booked ahead") % {"number": most})
    return {"name": kind.name, "words": ", ".join(each)}
