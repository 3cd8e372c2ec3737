"""What people could not get, for the practice's manager: four weeks in words, and as a file."""

import csv
from datetime import date, timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import PatientRequest, StaffRequest, practice_page
from patient_online.appointments import actions, queries
from patient_online.asking import Role
from patient_online.nhs.dates import local_day
from patient_online.web.page import render

COUNTED = "empty_search_counted_on"


class Left(dict[str, str]):
    """Words with a gap for each fact that a count does not have."""

    def __missing__(self, name: str) -> str:
        """Show that something stood here."""
        return "…"


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
    shown = [(row, _said(row.what, row.words)) for row in rows]
    most = max((row.total for row in rows), default=0)
    weeks = [until - timedelta(days=7 * n - 1) for n in (4, 3, 2, 1)]
    context = {"rows": shown, "most": most, "weeks": weeks, "until": until}
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
    """What was counted, in words; of a rule, what it says to the patient."""
    said = _(words) % Left() if "%(" in words else _(words)
    return _("Refused: %(words)s") % {"words": said} if "." in what else said
