"""An account: a person who signs in. It is not a patient: what an account may see is told by access."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patient_online.storage.ids import uuid7
from patient_online.storage.placement import Placement


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by e-mail, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with this e-mail address."""
        return self.get(email=(username or "").lower())


class Account(AbstractBaseUser):
    """A person who signs in, as a patient, for somebody else, or as staff."""

    placement = Placement.ACCOUNT
    id = models.UUIDField(primary_key=True, default=uuid7)
    email = models.EmailField(_("email address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    last_login = None  # the trail of sign-ins tells this
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[AccountManager] = AccountManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="account_email_in_small_letters")
        ]

    def __str__(self) -> str:
        return str(self.id)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """No: rights come from access, not from Django's permissions."""
        return False
