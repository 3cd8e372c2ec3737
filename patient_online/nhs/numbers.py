"""NHS numbers: whether one is right, how it is written, and the made-up ones of the 999 range.

Source: NHS Data Model and Dictionary, "NHS NUMBER" (modulus 11). A right check digit says that a number was
typed well; it never says whose it is.
"""

import re
from bisect import bisect_right
from functools import cache
from itertools import accumulate

from nhs_number.validate import calculate_checksum

SYNTHETIC_PREFIX = "999"
# One of the 909,091 numbers with a right check digit is 9999999999, ten of the same digit, and nobody's.
SYNTHETIC_COUNT = 909_090

_NO_CHECK_DIGIT = 10
_PREFIX_REMAINDER = (9 * 10 + 9 * 9 + 9 * 8) % 11
# People paste from letters and pages: any space, the hyphens and the short dashes between the groups are dropped.
_SEPARATORS = re.compile(r"[\s\u2010-\u2013-]+")


def normalise(text: str) -> str:
    """The ten digits of a valid NHS number typed in any usual way; ValueError says what is wrong with any other."""
    number = _SEPARATORS.sub("", text)
    if problem := _problem(number):
        raise ValueError(problem)
    return number


def is_valid(text: str) -> bool:
    """Whether the text is an NHS number with the right check digit."""
    return _problem(_SEPARATORS.sub("", text)) is None


def formatted(number: str) -> str:
    """The number as people read it, `999 123 4567`.

    The spaces are ordinary ones: a number copied from our page must be accepted where it is pasted, and other
    systems refuse the non-breaking space.
    """
    digits = normalise(number)
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def synthetic(n: int) -> str:
    """The n-th valid NHS number of the 999 range, counted from 0 in rising order, always the same one.

    There are SYNTHETIC_COUNT of them; those that would need the check digit 10 are skipped.
    """
    if not 0 <= n < SYNTHETIC_COUNT:
        raise ValueError(f"there are {SYNTHETIC_COUNT} numbers in the 999 range, counted from 0: there is no {n}")
    first_nine, remainder = SYNTHETIC_PREFIX, _PREFIX_REMAINDER
    for missing in range(6, 0, -1):
        before = _before_each_digit(missing, remainder)
        digit = bisect_right(before, n) - 1
        n -= before[digit]
        first_nine += str(digit)
        remainder = _remainder_after(remainder, missing, digit)
    return f"{first_nine}{calculate_checksum(first_nine)}"


def _problem(number: str) -> str | None:
    """What is wrong with an NHS number that has been stripped of its spaces, if anything.

    Own checks around the library's checksum: its `is_valid` accepts ten of the same digit and digits of other
    scripts, and refuses ten-digit numbers for what it knows of other countries' ranges.
    """
    if not (number.isascii() and number.isdigit()):
        return "an NHS number has only the digits 0 to 9"
    if len(number) != 10:
        return f"an NHS number has 10 digits, not {len(number)}"
    if len(set(number)) == 1:
        return "an NHS number is never the same digit ten times"
    if calculate_checksum(number[:9]) != int(number[9]):
        return "the last digit does not fit the other nine, so one of them is mistyped"
    return None


@cache
def _before_each_digit(missing: int, remainder: int) -> tuple[int, ...]:
    """For each digit that could come next, how many valid numbers there are with a lower digit there."""
    ways = (_ways(missing - 1, _remainder_after(remainder, missing, digit)) for digit in range(9))
    return tuple(accumulate(ways, initial=0))


@cache
def _ways(missing: int, remainder: int) -> int:
    """How many endings lead to a check digit, when so many of the nine digits are missing and this remains so far."""
    if missing == 0:
        return int(11 - remainder != _NO_CHECK_DIGIT)
    return sum(_ways(missing - 1, _remainder_after(remainder, missing, digit)) for digit in range(10))


def _remainder_after(remainder: int, missing: int, digit: int) -> int:
    """The weighted sum's remainder of 11 after one more digit; the last of the nine weighs 2, the one before it 3."""
    return (remainder + (missing + 1) * digit) % 11
