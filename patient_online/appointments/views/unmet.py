"""What people could not get, for the practice's manager: four weeks in words, and as a file."""

import csv
import re
from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import PatientRequest, StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.appointments.rules.booking import NotBooked
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.refusals import N_
from patient_online.web.page import render

COUNTED = "empty_search_counted_on"


FACT = re.compile(r"[\s:]*[“(]?%\(\w+\)s.*", re.DOTALL)
# What a practice can do about it, in the order in which it helps most.
HELPS = {
    queries.SEARCH_EMPTY: N_("More times online, or some released later in the day, would help."),
    queries.GIVEN_UP: N_("They may have found that they need help at once, or that the time did not suit."),
    NotBooked.JUST_TAKEN.rule: N_("Many press for the same times at once: releases at several hours spread them."),
    NotBooked.NOT_RELEASED.rule: N_("Say in the welcome message when appointments are released."),
    NotBooked.LIMIT_REACHED.rule: N_("The limit is one of your policies."),
    NotBooked.TOO_SOON.rule: N_("The shortest notice is one of your policies."),
    NotBooked.NOT_FOR_YOU.rule: N_("Say in the words for the kind of appointment whom it is for."),
}


def count_empty_search(request: PatientRequest) -> None:
    """Count that this person's search found nothing: once a day while they are signed in, however often they look."""
    now = timezone.now()
    today = local_day(now).isoformat()
    if request.session.get(COUNTED) != today:
        request.session[COUNTED] = today
        actions.count_empty_search(by=request.acting, at=now)


@practice_page(Role.MANAGER)
def unmet(request: StaffRequest) -> HttpResponse:
    """Show what people could not get in the last four weeks."""
    until = local_day(timezone.now())
    rows = queries.unmet(request.staff, until=until)
    shown = [(row, _said(row.what, row.words), _helps(row.what)) for row in rows]
    most = max((row.total for row in rows), default=0)
    weeks = [until - timedelta(days=7 * n - 1) for n in (4, 3, 2, 1)]
    context = {"rows": shown, "most": most, "weeks": weeks, "until": until, "all": sum(row.total for row in rows)}
    return render(request, "appointments/unmet.jinja", {"title": _("What people could not get"), **context})


@practice_page(Role.MANAGER)
def unmet_file(request: StaffRequest) -> HttpResponse:
    """Give the counts of the last four weeks as a table file, a line for each day and thing."""
    until = local_day(timezone.now())
    words = queries.words_of_what(request.staff)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name(until)}"'
    table = csv.writer(response)
    table.writerow(["day", "what", "words", "count"])
    for day, what, count in queries.unmet_by_day(request.staff, until=until):
        table.writerow([day.isoformat(), what, _said(what, words.get(what, what)), count])
    return response


def _name(until: date) -> str:
    return f"unmet-demand-{until.isoformat()}.csv"


def _said(what: str, words: str) -> str:
    """What was counted, in words; of a rule, what it says to the patient, as far as that is the same for everybody."""
    said, gaps = FACT.subn("…", _(words))
    return _("Refused: %(words)s") % {"words": said if gaps else said.rstrip(".")} if "." in what else said


def _helps(what: str) -> str:
    return _(HELPS[what]) if what in HELPS else ""
