"""What allauth asks of us: guesses are counted our way, browsers known again, and signing in and out leaves a trail."""

from dataclasses import replace
from datetime import datetime
from math import ceil
from typing import Any, ClassVar
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed, password_set
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth import user_logged_in, user_logged_out
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from patient_online.asking import Anyone
from patient_online.audit.actions import record_account
from patient_online.identity import actions, new_devices
from patient_online.identity.adapters_second_steps import by_nhs_login, ways_to_confirm
from patient_online.identity.guarding import mark, new_mark, place_of
from patient_online.identity.models import Account
from patient_online.identity.notices import password_changed as password_changed_mail
from patient_online.identity.owners import tell_owner
from patient_online.identity.rules import by_nhs_login_now

NOT_TOGETHER = gettext_lazy(
    "This email address or sign-in name and this password do not go together. Check both, then try again."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by a page of ours; allauth signs people in and out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: not by the library's page."""
        return False

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NOT_TOGETHER,
        "username_password_mismatch": NOT_TOGETHER,
        "too_many_login_attempts": gettext_lazy(
            "There were too many tries. For your safety, wait 5 minutes, then try again, or ask your practice for help."
        ),
        "incorrect_password": gettext_lazy("This password is not right. Type it again."),
        "enter_current_password": gettext_lazy("This is not the password that you use now. Type it again."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Account | None:
        """The account whose password this is, or None; raises where tries are held back, with how long to wait."""
        name = str(credentials.get("username") or credentials.get("email") or "")
        by, at = Anyone(getattr(request, "id", None)), timezone.now()
        tried = actions.try_password(name, credentials["password"], place=place_of(request), by=by, at=at)
        if tried.held_until:
            raise ValidationError(held_words(tried.held_until, at), code="too_many_login_attempts")
        return tried.account

    def post_login(self, request: HttpRequest, user: Any, **known: Any) -> HttpResponse:
        """Know the browser again from this sign-in on; `request.new_device` tells whether it was not known before."""
        response: HttpResponse = super().post_login(request, user, **known)
        place = place_of(request)
        place = replace(place, device=place.device or new_mark())
        by = Anyone(getattr(request, "id", None))
        new_devices.notice(request, user, place.device)
        request.new_device = not actions.know_device(user.id, place, by=by, at=timezone.now())  # type: ignore[attr-defined]
        mark(response, place.device)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Leave a trail of the right password for an account that is closed, and say that it is."""
        _note_failed(request, user.id, "closed")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where to go when the password has been changed."""
        return reverse("password_changed")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """How somebody signed in may confirm that it is them: with the second step, where one was not shown yet."""
        ways = ways_to_confirm(super().get_reauthentication_methods(user))
        return ways or ([by_nhs_login()] if user.is_authenticated else [])

    def is_reauthentication_required(self, *, app: str, **known: Any) -> bool:
        """Whether somebody is asked again who they are; who has NHS login alone shows it there, not long ago."""
        user, session = context.request.user, context.request.session
        alone = user.is_authenticated and self.get_reauthentication_methods(user) == [by_nhs_login()]
        if alone and not by_nhs_login_now(session, at=timezone.now()):
            raise ReauthenticationRequired
        return bool(super().is_reauthentication_required(app=app, **known))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: each page says in its own words what happened."""


def held_words(until: datetime, at: datetime) -> str:
    """How long to wait, and what works meanwhile."""
    minutes = max(1, ceil((until - at).total_seconds() / 60))
    wait = ngettext("Wait %(minutes)s minute, then try again.", "Wait %(minutes)s minutes, then try again.", minutes)
    meanwhile = _(
        "There were too many tries. %(wait)s You can sign in now with a passkey, or on a phone or computer"
        " where you have signed in before. Or choose a new password."
    )
    return meanwhile % {"wait": wait % {"minutes": minutes}}


def _note_failed(request: HttpRequest, account_id: UUID | None, why: str) -> None:
    request_id = getattr(request, "id", None)
    record_account("account.sign_in_failed", account_id=account_id, at=timezone.now(), request_id=request_id, why=why)


def note_signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Leave a trail of a sign-in."""
    record_account("account.signed_in", account_id=user.id, at=timezone.now(), request_id=getattr(request, "id", None))


def note_signed_out(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Leave a trail of a sign-out."""
    if user is not None and user.pk:
        record_account(
            "account.signed_out", account_id=user.id, at=timezone.now(), request_id=getattr(request, "id", None)
        )


def note_password_changed(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Leave a trail of a changed or first password, and tell the owner."""
    tell_owner(user, password_changed_mail())
    record_account(
        "account.password_changed", account_id=user.id, at=timezone.now(), request_id=getattr(request, "id", None)
    )


def listen() -> None:
    """Hear of each sign-in, sign-out and change of password."""
    password_changed.connect(note_password_changed, dispatch_uid="identity.password_changed")
    password_set.connect(note_password_changed, dispatch_uid="identity.password_set")
    user_logged_in.connect(note_signed_in, dispatch_uid="identity.signed_in")
    user_logged_out.connect(note_signed_out, dispatch_uid="identity.signed_out")
