"""A sign-in in a browser that the account does not know: its owner is told by e-mail, and once on the home page."""

from datetime import datetime

from django.core.mail import send_mail
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.asking import Anyone
from patient_online.identity.models import Account
from patient_online.identity.queries import browsers_of
from patient_online.nhs.dates import date_text, time_text
from patient_online.web.browsers import browser_of, browser_text

ELSEWHERE = "signed_in_elsewhere"  # in the session: what the home page shows once


def notice(request: HttpRequest, account: Account, mark: str) -> None:
    """Tell of browsers that are new; asked before this one is known from now on.

    In a browser that is known: of those that have come since it was last used. In a new one, where there are others:
    of itself, by e-mail.
    """
    here, others = browsers_of(Anyone(getattr(request, "id", None)), account.id, mark)
    if here is None and others:
        _write_to(account, browser_text(browser_of(request.headers.get("User-Agent", ""))), timezone.now())
    newer = [each for each in others if here and each.first_seen_at > here.last_seen_at]
    if newer:
        request.session[ELSEWHERE] = [[browser_text(each.name), each.first_seen_at.isoformat()] for each in newer]


def told_once(request: HttpRequest) -> list[tuple[str, datetime]]:
    """The browsers in which somebody has signed in meanwhile, and when; the next time nothing."""
    if ELSEWHERE not in request.session:
        return []
    return [(name, datetime.fromisoformat(at)) for name, at in request.session.pop(ELSEWHERE)]


def _write_to(account: Account, browser: str, at: datetime) -> None:
    if not account.email:
        return
    what = _("Somebody signed in to your Patient Online account on a new device: %(browser)s, on %(day)s at %(time)s.")
    was_it = _("If it was you, you do not need to do anything.")
    if_not = _(
        "If it was not you, sign in, sign out everywhere else and choose a new password. Or telephone your GP practice."
    )
    words = what % {"day": date_text(at), "time": time_text(at), "browser": browser}
    send_mail(_("A new device signed in to your account"), f"{words}\n\n{was_it}\n\n{if_not}\n", None, [account.email])
