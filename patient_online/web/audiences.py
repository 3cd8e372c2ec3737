"""Who each view is for (law 4): a mark that every routed view carries, and the two audiences that need no account.

An app above adds its own audience with the same marker:

    @audience("patient")
    def patient_page(view: View) -> View:
        @wraps(view)
        def page(request, *args, **kwargs): ...  # ask who it is, turn others away, call view
        return page

The decorator that comes out marks what it makes, so `patient_page(view).audience == "patient"`. Third-party views are
marked the same way where `urls.py` lists them: `path("sign-in", public_page(LoginView.as_view()))`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

View = Callable[..., HttpResponseBase]

AUDIENCES = frozenset({"public", "account", "patient", "practice", "programme", "api", "health"})


def audience(name: str) -> Callable[[Callable[[View], View]], Callable[[View], View]]:
    """Make a view decorator mark the views that it makes as meant for this audience."""
    if name not in AUDIENCES:
        raise ValueError(f"There is no audience called {name!r}; there are {sorted(AUDIENCES)}.")

    def marking(decorate: Callable[[View], View]) -> Callable[[View], View]:
        @wraps(decorate)
        def marked(view: View) -> View:
            page: Any = decorate(view)
            page.audience = name
            return page  # type: ignore[no-any-return]

        return marked

    return marking


def audience_of(view: View) -> str | None:
    """Whom the view is for, or None when nobody has said so, which the architecture test refuses."""
    return getattr(view, "audience", None)


def signed_in(request: HttpRequest) -> bool:
    """Whether we know the account of the person who asks."""
    return getattr(getattr(request, "asking", None), "account_id", None) is not None


@audience("public")
def public_page(view: View) -> View:
    """Anybody may see it. Their own browser may keep it, unless it shows that somebody is signed in."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and not signed_in(request):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return page


@audience("health")
def health_page(view: View) -> View:
    """For the machines that watch over the service: it tells nothing of anybody, and is only read."""
    return require_safe(view)
