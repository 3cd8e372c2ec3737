"""How a view answers with a page and reads what was sent."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render as django_render
from django.template.backends.utils import csrf_input
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from patient_online.web.jinja import LANGUAGE
from patient_online.web.marks import FIELD, mark_of


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Answer with the page that the template makes of the context."""
    token = LANGUAGE.set(translation.get_language())
    request.page_title = str((context or {}).get("title", ""))  # type: ignore[attr-defined]
    try:
        return django_render(request, template, dict(context or {}), status=status)
    finally:
        LANGUAGE.reset(token)


def posted(request: HttpRequest) -> QueryDict | None:
    """What the person sent, or None when they only came to look: the first argument of a form."""
    return request.POST if request.method == "POST" else None


class FormToken:
    """The hidden inputs by which a form is known as ours and its owner's, made once for all forms of a page.

    Django's own masks the token for each form, which costs as much as a statement's way to the database.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.made = request, ""

    def __html__(self) -> str:
        """The input's HTML."""
        self.made = self.made or csrf_input(self.request) + self._mark()
        return self.made

    def _mark(self) -> SafeString:
        account_id = getattr(getattr(self.request, "asking", None), "account_id", None)
        if account_id is None:
            return SafeString()
        mark = mark_of(account_id, getattr(self.request, "page_title", ""))
        return format_html('<input type="hidden" name="{}" value="{}">', FIELD, mark)

    __str__ = __html__


def about_the_service(request: HttpRequest) -> dict[str, Any]:
    """What every page may need (a context processor): its forms' token, is it the demonstration, and which version."""
    return {
        "csrf_input": FormToken(request),
        "demo": settings.DEMO,
        "version": settings.VERSION,
        "idle_seconds": settings.SESSION_IDLE_SECONDS,
    }
