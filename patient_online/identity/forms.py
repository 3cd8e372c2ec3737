"""What people type to open an account, to sign in, and to find their way back."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patient_online.identity.models import Account

WORDS_WORK = _("Use 12 characters or more. Three words you will remember work well.")
AS_TYPED = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
EMAIL_WRONG = _("Enter an email address like name@example.com")


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address or sign-in name, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Email address or sign-in name")
        self.fields["login"].error_messages["required"] = _("Enter your email address or sign-in name")
        self.fields["login"].widget.attrs = dict(AS_TYPED)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = _("Enter your password")
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}

    def user_credentials(self) -> dict[str, Any]:
        """What was typed, under one name: the adapter finds out whose it is."""
        return {"username": self.cleaned_data["login"], "password": self.cleaned_data["password"]}


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """The password that holds now, and the one to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Your password now")
        self.fields["oldpassword"].error_messages["required"] = _("Enter the password that you use now")
        _word_new_password(self.fields)


class SetPasswordForm(AllauthSetPasswordForm):  # type: ignore[misc]
    """A first password, for who has signed in by NHS login or a passkey alone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word_new_password(self.fields)


def _word_new_password(fields: dict[str, Any]) -> None:
    fields["password1"].label = _("New password")
    fields["password1"].help_text = WORDS_WORK
    fields["password1"].error_messages["required"] = _("Enter a new password")
    fields["password2"].label = _("New password again")
    fields["password2"].error_messages["required"] = _("Enter the new password again")


def _password(label: Any, missing: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    words = {"required": missing}
    return forms.CharField(label=label, help_text=WORDS_WORK, widget=widget, strip=False, error_messages=words)


class OpenAccountForm(forms.Form):
    """What somebody says of themselves to have an account: nobody checks the name, it is for the page's greeting."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": _("Enter your name")},
    )
    email = forms.EmailField(
        label=_("Email address (optional)"),
        help_text=_("Leave this empty if you have none. You then sign in with a sign-in name that we give you."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"invalid": EMAIL_WRONG},
    )
    password = _password(_("Choose a password"), _("Enter a password"))

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is easily guessed, with the words that say why."""
        known = super().clean() or {}
        if known.get("password"):
            _check(self, known["password"], Account(name=known.get("name", ""), email=known.get("email") or None))
        return known


class NewPasswordForm(forms.Form):
    """A new password for an account; pasting is allowed, so it is asked for once."""

    password = _password(_("New password"), _("Enter a new password"))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is easily guessed, with the words that say why."""
        known = super().clean() or {}
        if known.get("password"):
            _check(self, known["password"], self.account)
        return known


def _check(form: forms.Form, password: str, account: Account) -> None:
    try:
        validate_password(password, account)
    except ValidationError as wrong:
        form.add_error("password", wrong)


class EmailForm(forms.Form):
    """An e-mail address."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Enter your email address"), "invalid": EMAIL_WRONG},
    )


class CodeForm(forms.Form):
    """The code that came by e-mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false", "width": "10"}),
        error_messages={"required": _("Enter the code from the email")},
    )


class WayInForm(forms.Form):
    """Whose account it is, and the code on the letter."""

    login = forms.CharField(
        label=_("Email address or sign-in name"),
        help_text=_("It is on your letter."),
        max_length=254,
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": _("Enter your email address or sign-in name")},
    )
    code = forms.CharField(
        label=_("Code from your letter"),
        help_text=_("12 letters and numbers, like 7KQM-2X9D-4HTB. Capitals, spaces and hyphens do not matter."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "width": "20"}),
        error_messages={"required": _("Enter the code from your letter")},
    )


class WrittenDownForm(forms.Form):
    """That the sign-in name is written down."""

    written = forms.BooleanField(
        label=_("I have written it down or printed this page"),
        error_messages={"required": _("Tick the box when you have your sign-in name on paper")},
    )


class CloseForm(forms.Form):
    """That somebody means it."""

    sure = forms.BooleanField(
        label=_("Yes, close my account for good"),
        error_messages={"required": _("Tick the box if you want to close your account")},
    )
