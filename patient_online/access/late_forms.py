"""What becomes of a form that comes when nobody is signed in any more: it waits until its owner has signed in again."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string

from patient_online.access.actions.sessions import drop_form, keep_form
from patient_online.access.queries.sessions import Was, who_was_asking
from patient_online.access.rules.sessions import fields_kept
from patient_online.access.sessions import hash_of
from patient_online.asking import AccountHolder, Anyone
from patient_online.web.audiences import View
from patient_online.web.marks import FIELD, read_mark
from patient_online.web.searches import onward

KEPT = "kept_form"  # the field by which a form says that it was kept before


def carries_secrets(view: View) -> View:
    """Mark a view as one whose forms hold what must not be kept, such as a code: who comes too late types it again."""
    view.keeps_forms = False  # type: ignore[attr-defined]
    return view


def sign_in_first(request: Any, view: View) -> HttpResponseRedirect:
    """Send somebody who is not signed in to the page where they do, and from there to where they were going."""
    was = _who_it_was(request)
    going = onward(request) if request.method != "POST" else "/"
    if request.method == "POST" and keep(request, view, was.account_id if was else None):
        going = reverse("access:send_again")
    asked = QueryDict(mutable=True)
    asked["next"] = going
    if was:
        asked["ended"] = was.why
    return redirect(f"{resolve_url(settings.LOGIN_URL)}?{asked.urlencode(safe='/')}")


def _who_it_was(request: Any) -> Was | None:
    key = request.session.came_with
    if key is None or request.session.asking is not None:
        return None
    return who_was_asking(Anyone(request.id), hash_of(key), at=timezone.now())


def keep(request: Any, view: View, was: UUID | None) -> bool:
    """Keep what was sent for the account whose page it came from, or whose session it was; whether it is."""
    mark = read_mark(request.POST.get(FIELD, ""))
    owner, fields = mark.account_id if mark else was, fields_kept(request.POST.lists())
    if owner is None or fields is None or request.FILES or not getattr(view, "keeps_forms", False):
        return False
    request.session.begin()
    now = timezone.now()
    form = {"number": get_random_string(12), "path": request.get_full_path(), "title": mark.title if mark else ""}
    form |= {"fields": [each for each in fields if each[0] not in (FIELD, KEPT)], "at": now.isoformat()}
    return keep_form(_hash(request), form, account_id=owner, by=Anyone(request.id), at=now)


def drop_what_is_sent(request: Any, account_id: UUID | None) -> None:
    """Keep a form no longer that is sent again now."""
    if account_id and request.method == "POST" and KEPT in request.POST:
        drop_form(_hash(request), request.POST[KEPT], by=AccountHolder(account_id, request.id), at=timezone.now())


def _hash(request: HttpRequest) -> str:
    return hash_of(request.session.session_key or "")
