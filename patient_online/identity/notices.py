"""What accounts are told by e-mail. No name, no practice, nothing of anybody's health: the address may be wrong."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail: its subject, and its paragraphs with a blank line between."""

    subject: str
    body: str


def confirm_code(code: str) -> Mail:
    """The code by which an address is confirmed."""
    return _mail(
        _("Your code to confirm your email address"),
        _("Your code is %(code)s. Type it on the page that asked for it. It works for 15 minutes.") % {"code": code},
        _("If you did not ask for a code, do nothing. Somebody may have typed your address by mistake."),
    )


def address_taken() -> Mail:
    """That somebody tried to use an address which has an account."""
    return _mail(
        _("You have an account already"),
        _("Somebody gave this email address for an account. It has one already, so nothing was changed."),
        _("If it was you, sign in with this email address: %(address)s") % {"address": _to("account_login")},
        _("If you have forgotten your password, go here: %(address)s") % {"address": _to("forgotten_password")},
        _("If it was not you, do nothing."),
    )


def reset_code(code: str) -> Mail:
    """The code by which somebody chooses a new password."""
    return _mail(
        _("Your code for a new password"),
        _("Your code is %(code)s. Type it on the page that asked for it. It works for 15 minutes.") % {"code": code},
        _("Never tell this code to anybody. Nobody from your GP practice will ask for it."),
        _("If you did not ask for it, do nothing. Your password stays as it is."),
    )


def no_account() -> Mail:
    """That somebody asked for a new password at an address which has no account."""
    return _mail(
        _("No account with this email address"),
        _("Somebody asked for a new password for this email address. No account has it."),
        _("If it was you, you may have used another address or a sign-in name. Your GP practice can help you."),
        _("If it was not you, do nothing."),
    )


def password_changed() -> Mail:
    """That a new password was chosen."""
    return _mail(
        _("Your password was changed"),
        _("The password of your account was changed. Everybody who was signed in with the old one is signed out."),
        _("If it was not you, choose a new one now: %(address)s") % {"address": _to("forgotten_password")},
        _("Then telephone your GP practice."),
    )


def let_back_in() -> Mail:
    """That a code of the practice gave the account a new password, and took its second steps away."""
    return _mail(
        _("You were let back into your account"),
        _("A code from your GP practice was used. Your account has a new password and no second step any more."),
        _("Every phone and computer was signed out. Set up a second step when you have signed in."),
        _("If it was not you, telephone your GP practice now."),
    )


def nhs_login_connected() -> Mail:
    """That the account can be signed in to with NHS login from now on."""
    return _mail(
        _("NHS login was connected to your account"),
        _("You can now sign in to Patient Online with NHS login."),
        _("If it was not you, telephone your GP practice now."),
    )


def email_changed() -> Mail:
    """To the address that was: that another has taken its place."""
    return _mail(
        _("Your email address was changed"),
        _("Your account now has another email address. We will not write to this one again."),
        _("If it was not you, telephone your GP practice now. They can help you get back into your account."),
    )


def account_closed() -> Mail:
    """That the account was closed."""
    return _mail(
        _("Your account was closed"),
        _("Your account was closed. Nobody can sign in with it any more."),
        _("You can still telephone your GP practice or go to the reception desk."),
        _("If it was not you, telephone your GP practice."),
    )


def guesses() -> Mail:
    """That somebody tries passwords at the account."""
    return _mail(
        _("Somebody tried to sign in to your account"),
        _("Somebody typed a wrong password for your account 10 times. They did not get in."),
        _("You do not need to do anything. You can still sign in on a phone or computer that you have used before."),
        _("If you cannot sign in, choose a new password: %(address)s") % {"address": _to("forgotten_password")},
    )


def _mail(subject: str, *paragraphs: str) -> Mail:
    return Mail(subject, "\n\n".join(paragraphs))


def _to(name: str) -> str:
    return f"{settings.SERVICE_URL}{reverse(name)}"
