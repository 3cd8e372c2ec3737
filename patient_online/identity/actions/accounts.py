"""What can happen to an account: it is opened, gets another e-mail address or password, and is closed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from patient_online.asking import AccountHolder, Anyone, Asker, System
from patient_online.audit.actions import record_account
from patient_online.identity import notices
from patient_online.identity.closing import end_all, sign_out_all
from patient_online.identity.models import Account, KnownDevice, NhsLogin, WayIn
from patient_online.identity.models.account import new_sign_in_name
from patient_online.identity.owners import tell_owner


def open_account(
    name: str, *, by: Asker, at: datetime, password: str | None = None, email: str | None = None
) -> Account:
    """Open an account under a new sign-in name; `email` is an address that is known to be theirs, if any."""
    with transaction.atomic():
        known = {"name": name, "email": email.lower() if email else None, "created_at": at}
        account = Account.objects.create(**known, password=make_password(password))
        record_account("account.opened", account_id=account.id, at=at, request_id=by.request_id, asker=by.kind)
    return account


def confirm_email(account_id: UUID, email: str, *, by: AccountHolder, at: datetime) -> bool:
    """Make this the account's address, as a code that went there has come back; False when another account has it."""
    try:
        with transaction.atomic():
            account = Account.objects.select_for_update().get(id=account_id)
            before, account.email = account.email, email.lower()
            account.save(update_fields=["email"])
            WayIn.objects.filter(account=account, used_at=None, ended_at=None).update(ended_at=at)
            record_account("account.email_confirmed", account_id=account_id, at=at, request_id=by.request_id)
            if before and before != account.email:
                _mail(before, notices.email_changed())
    except IntegrityError:
        return False
    return True


def choose_password(
    account_id: UUID, password: str, *, by: Anyone, at: datetime, way_id: UUID | None = None
) -> Account | None:
    """Give the account a new password, by a way in that is used up with it; None when that was used or has ended."""
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(id=account_id, is_active=True).first()
        ways = WayIn.objects.filter(account_id=account_id, used_at=None, ended_at=None)
        lost = way_id is not None and ways.filter(id=way_id, why=WayIn.Why.LOST).exists()
        if account is None or (way_id and not ways.filter(id=way_id, ends_at__gt=at).update(used_at=at)):
            return None
        ways.update(ended_at=at)
        account.set_password(password)
        account.save(update_fields=["password"])
        record_account("account.password_chosen", account_id=account_id, at=at, request_id=by.request_id)
        if lost:
            _forget_second_steps(account_id, by=by, at=at)
        tell_owner(account, notices.let_back_in() if lost else notices.password_changed())
    return account


def _forget_second_steps(account_id: UUID, *, by: Anyone, at: datetime) -> None:
    """Who has lost them starts anew: whoever found them cannot use them, and whoever is signed in is not any more."""
    kinds = sorted(Authenticator.objects.filter(user_id=account_id).values_list("type", flat=True))
    Authenticator.objects.filter(user_id=account_id).delete()
    KnownDevice.objects.filter(account_id=account_id).delete()
    sign_out_all(account_id, by=by, at=at)
    about = {"kinds": kinds}
    record_account("account.second_steps_lost", account_id=account_id, at=at, request_id=by.request_id, **about)


def close_account(account_id: UUID, *, by: AccountHolder | System, at: datetime) -> None:
    """Close the account for good: what it could do ends, and nothing in its row names anybody any more."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        if not account.is_active:
            return
        end_all(account_id, by=by, at=at)
        for rows in (Authenticator.objects.filter(user_id=account_id), *_that_were_theirs(account_id)):
            rows.delete()
        if account.email:
            _mail(account.email, notices.account_closed())
        account.email, account.name, account.is_active = None, "", False
        account.sign_in_name = new_sign_in_name()
        account.set_unusable_password()
        account.save()
        record_account("account.closed", account_id=account_id, at=at, request_id=by.request_id)


def tell_of_guesses(account_id: UUID, *, by: System, at: datetime) -> None:
    """Tell the owner that somebody tries passwords at their account, where there is one and they have an address."""
    account = Account.objects.filter(id=account_id, is_active=True).first()
    if account and account.email:
        _mail(account.email, notices.guesses())


def send_to(email: str, mail: notices.Mail, *, by: Asker, at: datetime) -> None:
    """Send one e-mail of an account's to an address."""
    _mail(email, mail)


def _that_were_theirs(account_id: UUID) -> tuple[QuerySet[Any], ...]:
    return tuple(model.objects.filter(account_id=account_id) for model in (KnownDevice, WayIn, NhsLogin))


def _mail(to: str, mail: notices.Mail) -> None:
    send_mail(mail.subject, mail.body, None, [to])
