"""What allauth asks of us: nobody signs up alone, the name is ours, and signing in and out leaves a trail."""

from typing import Any, ClassVar
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from django.contrib.auth import user_logged_in, user_logged_out
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from patient_online.audit.actions import record_account
from patient_online.identity.models import Account


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the practice; allauth signs people in and out."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """No: an account comes from the practice."""
        return False

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy(
            "This email address and password do not go together. Check both, then try again."
        ),
        "too_many_login_attempts": gettext_lazy(
            "There were too many tries. For your safety, wait 5 minutes, then try again, or ask your practice for help."
        ),
        "enter_current_password": gettext_lazy("This is not the password that you use now. Type it again."),
    }

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave a trail of a sign-in that failed, with the account where there is one; never with what was typed."""
        email = str(credentials.get("email") or credentials.get("username") or "").lower()
        account = Account.objects.filter(email=email).values_list("id", flat=True).first()
        _note_failed(request, account, "password" if account else "unknown")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Leave a trail of the right password for an account that is closed, and say that it is."""
        _note_failed(request, user.id, "closed")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Where to go when the password has been changed."""
        return reverse("password_changed")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: each page says in its own words what happened."""


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
    """Leave a trail of a changed password."""
    record_account(
        "account.password_changed", account_id=user.id, at=timezone.now(), request_id=getattr(request, "id", None)
    )


def listen() -> None:
    """Hear of each sign-in, sign-out and change of password."""
    password_changed.connect(note_password_changed, dispatch_uid="identity.password_changed")
    user_logged_in.connect(note_signed_in, dispatch_uid="identity.signed_in")
    user_logged_out.connect(note_signed_out, dispatch_uid="identity.signed_out")
