"""An account: a person who signs in. It is not a patient: what an account may see is told by access."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patient_online.storage.codes import as_kept, new_code
from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement

SIGN_IN_NAME_LENGTH = 8


def new_sign_in_name() -> str:
    """A sign-in name that nobody has yet, as far as chance can tell (40 random bits)."""
    return new_code(SIGN_IN_NAME_LENGTH)


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their sign-in name or their e-mail, whatever the capitals."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with this sign-in name."""
        return self.get(sign_in_name=as_kept(username or ""))


class Account(AbstractBaseUser):
    """A person who signs in, as a patient, for somebody else, or as staff: with an e-mail address or without."""

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    sign_in_name = models.CharField(_("sign-in name"), max_length=12, unique=True, default=new_sign_in_name)
    email = models.EmailField(_("email address"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=150)
    last_login = None  # the trail of sign-ins tells this
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="account_email_in_small_letters"),
            models.CheckConstraint(condition=~models.Q(email=""), name="account_email_is_none_or_something"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """No: rights come from access, not from Django's permissions."""
        return False
