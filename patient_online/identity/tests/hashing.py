"""The real hasher of passwords, which counts how often it works."""

from typing import ClassVar

from django.contrib.auth.hashers import Argon2PasswordHasher

COUNTING = "patient_online.identity.tests.hashing.Counting"


class Counting(Argon2PasswordHasher):
    """Argon2, with a count of what takes its time."""

    worked: ClassVar[list[str]] = []

    def encode(self, password: str, salt: str) -> str:
        """Hash a password, and count it."""
        self.worked.append("hash")
        return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password, and count it."""
        self.worked.append("hash")
        return super().verify(password, encoded)
