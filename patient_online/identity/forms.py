"""What people type to sign in and to change their password."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Email address")
        self.fields["login"].error_messages["required"] = _("Enter your email address")
        self.fields["login"].error_messages["invalid"] = _("Enter an email address like name@example.com")
        self.fields["login"].widget.attrs = {"type": "email", "autocomplete": "username"}
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].error_messages["required"] = _("Enter your password")
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]
    """The password that holds now, and the one to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = _("Your password now")
        self.fields["oldpassword"].error_messages["required"] = _("Enter the password that you use now")
        self.fields["password1"].label = _("New password")
        self.fields["password1"].help_text = _("Use 12 characters or more. Three words you will remember work well.")
        self.fields["password1"].error_messages["required"] = _("Enter a new password")
        self.fields["password2"].label = _("New password again")
        self.fields["password2"].error_messages["required"] = _("Enter the new password again")
