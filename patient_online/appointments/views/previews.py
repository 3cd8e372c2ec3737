"""What the pages of the preview share: whom it is for, and what it says, day by day and in total."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import StaffRequest
from patient_online.appointments import queries
from patient_online.appointments.forms.release import FindForm
from patient_online.appointments.models import Slot
from patient_online.appointments.queries import Answer, Change, Preview, Seen
from patient_online.appointments.rules.booking import NotBooked
from patient_online.appointments.stands import stands
from patient_online.patients.models import Patient
from patient_online.patients.queries import find_patients
from patient_online.web.page import render

LAST = "previewed"
LATER = Answer(NotBooked.NOT_RELEASED)
NOT_CARRIED = {"csrfmiddlewaretoken", "who", "find", "patient", "other", "preview", "edit"}


@dataclass(frozen=True, slots=True)
class Run:
    """Slots one after the other of which the same is to be said."""

    slots: Sequence[Slot]
    now: Answer
    then: Answer


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the preview: how many slots there are, how many can be booked now and after the change."""

    day: date
    all: int
    now: int
    then: int
    runs: Sequence[Run]


def page(
    request: StaffRequest, change: Change | None = None, *, what: str = "", whom: UUID | None = None
) -> HttpResponse:
    """Find a patient, then show what they would see; `what` says the change, which the page carries along unsaved.

    `whom` is who is shown first, before another patient is chosen.
    """
    form = FindForm(request.POST if "find" in request.POST else None)
    context: dict[str, Any] = {"title": _("What would this patient see?"), "form": form, "what": what}
    context["carried"] = [(name, text) for name, text in request.POST.items() if name not in NOT_CARRIED]
    if form.is_valid():
        text = form.cleaned_data["who"]
        context |= {"found": find_patients(request.staff, text, at=timezone.now()), "asked": text}
    elif not form.is_bound and (patient_id := _chosen(request, whom)):
        return _shown(request, patient_id, change, context)
    return render(request, "appointments/preview.jinja", context)


def _shown(request: StaffRequest, patient_id: UUID, change: Change | None, context: dict[str, Any]) -> HttpResponse:
    try:
        seen = queries.preview(request.staff, patient_id, at=timezone.now(), change=change)
    except Patient.DoesNotExist:
        raise Http404 from None
    request.session[LAST] = str(patient_id)
    told = {"preview": seen, "days": list(_days(seen)), "totals": _totals(seen), "words": words, "stands": standing}
    return render(request, "appointments/preview_of.jinja", {**context, **told, "changes": change is not None})


def _chosen(request: StaffRequest, whom: UUID | None) -> UUID | None:
    """Whom the page is for: the patient chosen, or for a change to be tried the one looked at last."""
    last = whom or request.session.get(LAST, "") if request.method == "POST" and "other" not in request.POST else ""
    try:
        return UUID(request.POST.get("patient", str(last)))
    except ValueError:
        return None


def words(answer: Answer) -> str:
    """What the patient would be told; in the totals, one thing for all that is released some time later."""
    if answer == LATER:
        return _("It is not released yet.")
    return _(answer.refusal.words) % answer.named if answer.refusal else _("Can be booked")


def standing(answer: Answer) -> str:
    """How the time stands, in staff's own words."""
    return _(stands(answer.refusal))


def _days(preview: Preview) -> Iterator[Day]:
    for day, group in groupby(preview.seen, key=lambda seen: seen.slot.day):
        each = list(group)
        now, then = (sum(getattr(seen, side).refusal is None for seen in each) for side in ("now", "then"))
        yield Day(day, len(each), now, then, list(_runs(each)))


def _runs(seen: list[Seen]) -> Iterator[Run]:
    seen = sorted(
        seen, key=lambda each: (each.slot.schedule.starts_at, str(each.slot.schedule_id), each.slot.starts_at)
    )
    for (_schedule, _kind, now, then), group in groupby(
        seen, key=lambda each: (each.slot.schedule_id, each.slot.type_id, each.now, each.then)
    ):
        yield Run([each.slot for each in group], now, then)


def _totals(preview: Preview) -> list[tuple[Answer, int, int]]:
    """How many slots each answer is given for, now and after the change; what can be booked first."""
    now, then = (Counter(_of_a_kind(getattr(seen, side)) for seen in preview.seen) for side in ("now", "then"))
    answers = sorted({*now, *then, Answer(None)}, key=lambda each: (each.refusal is not None, -now[each], -then[each]))
    return [(answer, now[answer], then[answer]) for answer in answers]


def _of_a_kind(answer: Answer) -> Answer:
    """The answer without the time of a release, which is another one for every day."""
    return LATER if answer.refusal is NotBooked.NOT_RELEASED else answer
