"""Ids that anything named in a URL, a letter or the API has."""

from uuid import UUID

from uuid_utils import compat


def uuid7() -> UUID:
    """A new UUID version 7: not guessable, and in the order it was made, which is kind to indexes."""
    return compat.uuid7()
