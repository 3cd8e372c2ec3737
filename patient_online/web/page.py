"""How a view answers with a page and reads what was sent."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render as django_render
from django.template.backends.utils import csrf_input
from django.utils import translation

from patient_online.web.jinja import LANGUAGE


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Answer with the page that the template makes of the context."""
    token = LANGUAGE.set(translation.get_language())
    try:
        return django_render(request, template, dict(context or {}), status=status)
    finally:
        LANGUAGE.reset(token)


def posted(request: HttpRequest) -> QueryDict | None:
    """What the person sent, or None when they only came to look: the first argument of a form."""
    return request.POST if request.method == "POST" else None


class FormToken:
    """The hidden input by which a form is known as ours, masked once for all forms of a page, and for none on others.

    Django's own masks it for each form, which costs as much as a statement's way to the database.
    """

    def __init__(self, request: HttpRequest) -> None:
        self.request, self.made = request, ""

    def __html__(self) -> str:
        """The input's HTML."""
        self.made = self.made or csrf_input(self.request)
        return self.made

    __str__ = __html__


def about_the_service(request: HttpRequest) -> dict[str, Any]:
    """What every page may need (a context processor): its forms' token, is it the demonstration, and which version."""
    return {"csrf_input": FormToken(request), "demo": settings.DEMO, "version": settings.VERSION}
