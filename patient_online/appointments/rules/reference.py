"""The reference of an appointment: eight letters and digits that can be said on the telephone."""

import re
from uuid import UUID

# Crockford's 32: no letter that is taken for another. https://www.crockford.com/base32.html
SAYABLE = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HEARD = str.maketrans({"O": "0", "I": "1", "L": "1"})
LETTERS = 8
BITS = 5  # of a letter


def reference_of(appointment_id: UUID) -> str:
    """The reference, such as `K7QM-2XRT`, made of the random end of the id."""
    bits = appointment_id.int
    text = "".join(SAYABLE[(bits >> shift) & 31] for shift in range((LETTERS - 1) * BITS, -1, -BITS))
    return f"{text[:4]}-{text[4:]}"


def ending_of(text: str) -> str:
    """The last ten hexadecimal digits of the id that a reference names, or nothing when the text is not a reference.

    Forgives small letters, hyphens and spaces, and an O, I or L that was heard or read for a digit.
    """
    said = re.sub(r"[\s–-]", "", text).upper().translate(HEARD)
    if len(said) != LETTERS or not set(said) <= set(SAYABLE):
        return ""
    bits = 0
    for letter in said:
        bits = bits << BITS | SAYABLE.index(letter)
    return f"{bits:010x}"
