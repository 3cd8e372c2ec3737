"""What the practice tells its patients: written with a preview, kept in versions, compared, and told again."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.audiences import ANY_ROLE, StaffRequest, practice_page
from patient_online.asking import Acting, Role
from patient_online.nhs.dates import local_day
from patient_online.practices import actions, queries
from patient_online.practices.forms import RestoreForm, RoutesForm, WelcomeForm
from patient_online.practices.models import Notice
from patient_online.practices.rules import changes
from patient_online.refusals import Refused
from patient_online.web.fields import add_refusal
from patient_online.web.page import posted, render

FORMS: dict[Notice.Kind, Any] = {Notice.Kind.WELCOME: WelcomeForm, Notice.Kind.ROUTES: RoutesForm}


def told(acting: Acting) -> dict[str, Any]:
    """What a patient is told first of all: the welcome message, and closures that are near."""
    closures = queries.closures_told(acting, on=local_day(timezone.now()))
    return {"welcome": queries.notice(acting, Notice.Kind.WELCOME), "closures": closures}


@practice_page(*ANY_ROLE)
def notices(request: StaffRequest) -> HttpResponse:
    """Show what patients are told now."""
    rows = [(kind, queries.notice(request.staff, kind)) for kind in Notice.Kind]
    closures = queries.closures(request.staff, on=local_day(timezone.now()))
    saved = next((kind for kind in Notice.Kind if kind == request.GET.get("saved")), None)
    context = {"rows": rows, "closures": closures, "saved": saved, "names": queries.staff_names(request.staff)}
    return render(request, "access/notices.jinja", {"title": _("What patients are told"), **context})


@practice_page(Role.MANAGER)
def notice(request: StaffRequest, kind: str) -> HttpResponse:
    """Let a manager write a new version, with a look at it as patients will see it."""
    which = _kind(kind)
    form = FORMS[which](posted(request), newest=queries.notice(request.staff, which))
    context: dict[str, Any] = {"title": which.label, "kind": which, "form": form, "button": _("Save")}
    asked = request.POST.get("do", "save")
    if form.is_valid() and asked == "save":
        given = {"following": form.cleaned_data["seen"], "key": form.cleaned_data["key"], "at": timezone.now()}
        try:
            actions.write_notice(which, **form.told(), **given, by=request.staff)
        except Refused as refused:
            return _refused(request, "access/notice.jinja", context, refused)
        return redirect(f"{reverse('access:notices')}?saved={which}")
    context["preview"] = form.told() if form.is_valid() and asked == "preview" else None
    return render(request, "access/notice.jinja", context)


def _refused(request: StaffRequest, template: str, context: dict[str, Any], no: Refused) -> HttpResponse:
    """The page again with what was typed, why it was not saved, and what somebody else saved meanwhile."""
    form, newest = context["form"], queries.notice(request.staff, context["kind"])
    # Saved again, it follows the version that is shown now.
    add_refusal(form, no, seen=str(newest.version if newest else 0))
    names = queries.staff_names(request.staff)
    return render(request, template, {**context, "newer": newest, "names": names}, 409)


@practice_page(*ANY_ROLE)
def versions(request: StaffRequest, kind: str) -> HttpResponse:
    """List every version, with who wrote it and when."""
    which = _kind(kind)
    context = {"kind": which, "rows": queries.notices(request.staff, which), "title": _("Earlier versions")}
    return render(request, "access/notice_versions.jinja", {**context, "names": queries.staff_names(request.staff)})


@practice_page(*ANY_ROLE)
def version(request: StaffRequest, kind: str, number: int) -> HttpResponse:
    """Show an old version beside the one that holds; let a manager tell it again."""
    which = _kind(kind)
    rows = queries.notices(request.staff, which)
    old = next((row for row in rows if row.version == number), None)
    if old is None:
        raise Http404
    form = RestoreForm(posted(request), newest=rows[0])
    context: dict[str, Any] = {"title": _("Compare two versions"), "kind": which, "form": form, "old": old}
    if form.is_valid():
        given = {"following": form.cleaned_data["seen"], "key": form.cleaned_data["key"]}
        try:
            actions.restore_notice(old, **given, by=request.staff, at=timezone.now())
        except Refused as refused:
            return _refused(request, "access/notice_version.jinja", context | _compared(old, rows[0], request), refused)
        return redirect(f"{reverse('access:notices')}?saved={which}")
    return render(request, "access/notice_version.jinja", context | _compared(old, rows[0], request))


def _compared(old: Notice, now: Notice, request: StaffRequest) -> dict[str, Any]:
    gone, added = changes(_lines(old), _lines(now))
    return {"now": now, "gone": gone, "added": added, "names": queries.staff_names(request.staff)}


def _lines(notice: Notice) -> list[str]:
    routes = [", ".join(filter(None, (way["for"], way["how"], way["when"]))) for way in notice.routes]
    return [line for line in notice.text.splitlines() if line.strip()] + routes


def _kind(kind: str) -> Notice.Kind:
    if kind not in Notice.Kind.values:
        raise Http404
    return Notice.Kind(kind)
