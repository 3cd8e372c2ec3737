"""What allauth's second steps ask of us: secrets are sealed, printed codes may stand alone, staff keep one."""

from collections.abc import Collection
from typing import Any, ClassVar

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patient_online.identity.rules import NHS_LOGIN, how_signed_in
from patient_online.identity.second_steps import must_keep_one
from patient_online.storage.sealing import seal, unseal
from patient_online.web.qr import qr_code

PURPOSE = "second-step"
STANDING_ALONE = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second steps as this service wants them."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right, or was used already. Check it, or wait for the next one."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "You work with patients' details, so your account must keep a second step. Add another one first."
        ),
    }

    def encrypt(self, text: str) -> str:
        """The secret, sealed: nobody who reads the table can use it."""
        return seal(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret that was sealed."""
        return unseal(encrypted_text, purpose=PURPOSE)

    def is_mfa_enabled(self, user: Any, types: Collection[str] | None = None) -> bool:
        """Whether the account has a second step: printed codes alone are one, for people without a telephone."""
        alone = types is not None and set(types) >= STANDING_ALONE
        return bool(super().is_mfa_enabled(user, None if alone else types))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whether it may be removed: not the last app or passkey of somebody who must have one."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=STANDING_ALONE)
        return others.exclude(pk=authenticator.pk).exists() or not must_keep_one(authenticator.user_id)

    def build_totp_svg(self, url: str) -> str:
        """The square code that an authenticator app reads, drawn as all of ours are."""
        return qr_code(url)

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002 - the library's word
        """What a passkey is called until its owner says otherwise."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        return "Patient Online"


def by_nhs_login() -> dict[str, str]:
    """The way to confirm of an account that has no other: at NHS login."""
    return {"id": NHS_LOGIN, "description": "", "url": reverse("account_reauthenticate")}


def ways_to_confirm(methods: list[dict[str, str]]) -> list[dict[str, str]]:
    """The ways in which somebody may confirm that it is them, of those that their account has.

    Who has a second step and has not shown it in this session shows it now: the password alone was not enough then.
    """
    second = [each for each in methods if each["id"] != "reauthenticate"]
    return second if second and not how_signed_in(context.request.session).two_steps else methods
