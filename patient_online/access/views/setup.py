"""Where staff find what is decided once and looked at now and then."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from patient_online.access.audiences import ANY_ROLE, StaffRequest, may_open, practice_page
from patient_online.refusals import N_
from patient_online.web.page import render

Page = tuple[str, str, str]
GROUPS: list[tuple[str, list[Page]]] = [
    (
        N_("The appointment book"),
        [
            ("appointments:templates", N_("Sessions"), N_("The patterns by which sessions are made, and single ones.")),
            ("appointments:absences", N_("Absences"), N_("Who is away, so that no session is made for them.")),
            ("appointments:withdraw", N_("Withdraw or move sessions"), N_("See who is affected before it is done.")),
        ],
    ),
    (
        N_("What patients can book"),
        [
            ("appointments:words", N_("Words for appointments"), N_("What each kind is called, and who can book it.")),
            ("appointments:groups", N_("Groups of patients"), N_("Patients who may book what others may not.")),
            ("access:policies", N_("Policies"), N_("Limits, notice, cancelling, reminders.")),
            ("access:services", N_("Online services"), N_("What is switched on, and from when.")),
            ("appointments:preview", N_("What would a patient see?"), N_("Each time of two weeks, and why not.")),
        ],
    ),
    (
        N_("What patients are told"),
        [
            ("access:notices", N_("Welcome message and ways to reach us"), N_("With every earlier version.")),
            ("access:closures", N_("Closures"), N_("Days on which the practice is closed.")),
            ("access:letters", N_("Letters to print"), N_("For patients who cannot be told otherwise.")),
        ],
    ),
    (
        N_("Who works here"),
        [
            ("access:staff", N_("Staff"), N_("Who may do what: add, change, and end somebody's work here.")),
            ("access:vouchers", N_("Who may vouch"), N_("Who may say who a patient is, without documents.")),
            ("access:openings", N_("Openings"), N_("Who opened a record that needs a reason, and why.")),
        ],
    ),
    (
        N_("How it goes"),
        [("appointments:unmet", N_("What people could not get"), N_("Empty searches, refusals, bookings given up."))],
    ),
]


@practice_page(*ANY_ROLE)
def setup(request: StaffRequest) -> HttpResponse:
    """Show what these roles may look at or change, by what it is about."""
    groups = [(heading, [page for page in pages if may_open(request.staff, page[0])]) for heading, pages in GROUPS]
    shown = [(heading, pages) for heading, pages in groups if pages]
    return render(request, "access/setup.jinja", {"title": _("Set up"), "groups": shown})
