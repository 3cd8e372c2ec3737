"""Codes that people read from paper and type: letters and digits that are not taken for each other."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U; 5 bits a sign
_LOOKS_LIKE = str.maketrans("ILO", "110")
_BETWEEN = re.compile(r"[\s\u2010-\u2013-]+")


def new_code(length: int) -> str:
    """A code of so many signs, 5 random bits each, without the hyphens that `grouped` puts in."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def as_kept(typed: str) -> str:
    """A typed code as it is kept: capitals, no spaces or hyphens, I and L read as 1 and O as 0."""
    return _BETWEEN.sub("", typed).upper().translate(_LOOKS_LIKE)


def grouped(code: str, size: int = 4) -> str:
    """The code as people read it, in groups with a hyphen between: `K7QM-2X9D`."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
