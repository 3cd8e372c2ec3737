"""Ids that anything named in a URL, a letter or the API has."""

from datetime import datetime
from uuid import UUID

from uuid_utils import compat


def uuid7() -> UUID:
    """A new UUID version 7: not guessable, and in the order it was made, which is kind to indexes."""
    return compat.uuid7()


def lowest_since(instant: datetime) -> UUID:
    """The id that no id made since the instant is below: it finds late rows by their key, without another index."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)
