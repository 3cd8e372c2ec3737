"""What people type or show as a second step."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as shown
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as app
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import forms as passkeys
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from patient_online.identity.adapters_second_steps import PURPOSE
from patient_online.identity.second_steps import first_use, note_failed
from patient_online.storage.sealing import seal, unseal

NAME_LENGTH = 60


class _CodeField:
    """One box for a code: digits, with or without spaces."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.Field = self.fields["code"]  # type: ignore[attr-defined]
        field.label, field.help_text = _("Code"), self.hint
        field.error_messages["required"] = _("Enter the code")
        field.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "width": "10"}

    hint: Any = _("The 6 digits that your app shows now, or one of your printed codes of 8 digits.")


class _OnceOnly(_CodeField):
    """A code that is good once: an app's stays the same for a while, and somebody may have looked over a shoulder."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        kind = self.authenticator.type  # type: ignore[attr-defined]
        if kind == Authenticator.Type.TOTP and not first_use(self.user.pk, code):  # type: ignore[attr-defined]
            note_failed(context.request, self.user.pk, kind)  # type: ignore[attr-defined]
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_OnceOnly, shown.AuthenticateForm):  # type: ignore[misc]
    """A code of the app or of the paper, when signing in."""


class ConfirmByPasswordForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, from somebody signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label, field.widget.attrs = _("Your password"), {"autocomplete": "current-password"}
        field.error_messages["required"] = _("Enter your password")


class ConfirmByCodeForm(_OnceOnly, shown.ReauthenticateForm):  # type: ignore[misc]
    """A code of the app or of the paper, from somebody signed in."""


class SetUpAppForm(_CodeField, app.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app, which shows that it has the secret; in between, the session holds the secret sealed."""

    hint = _("The 6 digits that your app shows now.")
    secret: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session = context.request.session
        if self.secret.isalnum():  # a fresh one: 32 letters and digits, and no dot
            session[SECRET_SESSION_KEY] = seal(self.secret, purpose=PURPOSE)
        else:
            self.secret = unseal(self.secret, purpose=PURPOSE)

    def clean_code(self) -> str:
        """The code, which from now on is used."""
        code: str = super().clean_code()
        account: UUID = self.user.pk
        if not first_use(account, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class PrintCodesForm(GenerateRecoveryCodesForm):  # type: ignore[misc]
    """The wish for printed codes: anybody may have them, with an app or without."""

    def clean(self) -> dict[str, Any]:
        """Nothing is typed."""
        return forms.Form.clean(self) or {}


class _PasskeyField:
    """What the browser says of a passkey: what is wrong with it is said of the whole form, for nobody typed it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Your browser did not show us a passkey. Try again, or use another way.")
        for reason in ("required", "invalid"):
            self.fields["credential"].error_messages[reason] = words  # type: ignore[attr-defined]

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(None if field == "credential" else field, error)  # type: ignore[misc]


@contextmanager
def _read() -> Iterator[None]:
    """What cannot be read, or is signed by another, is wrong like anything else that is, and no fault of ours."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError, InvalidSignature) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _Shown(_PasskeyField):
    def clean_credential(self) -> Authenticator:
        try:
            with _read():
                credential: Authenticator = super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            user = self.user  # type: ignore[attr-defined]
            note_failed(context.request, user.pk if user else None, Authenticator.Type.WEBAUTHN)
            raise
        return credential


class PasskeyForm(_Shown, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step, after the password."""


class ConfirmByPasskeyForm(_Shown, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey from somebody signed in."""


class SignInByPasskeyForm(_Shown, passkeys.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone: it knows its owner's face, finger or PIN, so it is both steps."""


class AddPasskeyForm(_PasskeyField, passkeys.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey and what its owner calls it; it can always sign in without a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        _named(self.fields["name"])

    def clean(self) -> dict[str, Any]:
        """The same, where the browser has seen who it is."""
        self.cleaned_data["passwordless"] = True
        with _read():
            return super().clean() or {}


class NamePasskeyForm(passkeys.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _named(self.fields["name"])


def _named(field: forms.Field) -> None:
    field.label, field.help_text = _("Name of the passkey"), _("Where you keep it. For example: my telephone.")
    field.max_length = NAME_LENGTH  # type: ignore[attr-defined]
    field.validators.append(forms.CharField(max_length=NAME_LENGTH).validators[0])


class RemovePasskeyForm(forms.Form):
    """The wish to remove a passkey, which staff may not have for their last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.authenticator: Authenticator = kwargs.pop("instance")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Nothing is typed."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.authenticator):
            raise adapter.validation_error("cannot_delete_authenticator")
        return super().clean() or {}
