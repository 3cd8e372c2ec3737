"""Ids of the made-up world: the shape of a UUIDv7, but the same each time the world is made from the same seed."""

from datetime import UTC, datetime
from itertools import count
from random import Random
from uuid import UUID

from patient_online.identity.models.account import SIGN_IN_NAME_LENGTH
from patient_online.storage.codes import ALPHABET

BEGINNING = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp() * 1000)
IN_A_MILLISECOND = 4096


class Ids:
    """Hands out ids that rise, as real ones do; two seeds never share one in practice (62 random bits)."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)  # noqa: S311 - made-up people need repeatable ids, not secret ones
        self._numbers = count()

    def __call__(self) -> UUID:
        """The next id."""
        n = next(self._numbers)
        milliseconds, within = BEGINNING + n // IN_A_MILLISECOND, n % IN_A_MILLISECOND
        return UUID(int=milliseconds << 80 | 7 << 76 | within << 64 | 2 << 62 | self._random.getrandbits(62))


def sign_in_name(account: UUID) -> str:
    """The sign-in name of the account with this id: the same each time, like the id."""
    return "".join(ALPHABET[account.int >> 5 * n & 31] for n in range(SIGN_IN_NAME_LENGTH))


def account_id(email: str) -> UUID:
    """The id of the account with this address: the same in every made-up world, whatever its seed."""
    return Ids(f"account {email}")()
