"""The national programme's first page: how far online services have come. Counts only."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import ProgrammeRequest, programme_page
from patient_online.access.queries.programme import services_offered
from patient_online.nhs.dates import local_day
from patient_online.web.page import render


@programme_page
def programme(request: ProgrammeRequest) -> HttpResponse:
    """Show for each online service how many practices have it and have it on, today, of how many."""
    today = local_day(timezone.now())
    rows = services_offered(request.analyst, on=today)
    context = {"rows": rows, "all": rows[0].practices}
    title = _("Online services at GP practices")
    return render(request, "access/programme.jinja", {"title": title, "today": today, **context})
