"""Telephone numbers: whether one can be rung, and how people write it.

Numbers are kept in E.164 (`+442079460123`). The ranges that Ofcom sets aside for TV and radio drama are accepted
besides those in use, some of which the library refuses: our made-up people have numbers that ring nobody.
"""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

_HOME = "GB"
_HOME_COUNTRY_CODE = 44

# Ofcom, "Telephone numbers for use in TV and radio drama programmes": a thousand numbers each, the last three
# digits free. Written as E.164 without the +.
_DRAMA_MOBILE = "447700900"
_DRAMA_RANGES = (
    "441134960",  # Leeds
    "441144960",  # Sheffield
    "441154960",  # Nottingham
    "441164960",  # Leicester
    "441174960",  # Bristol
    "441184960",  # Reading
    "441214960",  # Birmingham
    "441314960",  # Edinburgh
    "441414960",  # Glasgow
    "441514960",  # Liverpool
    "441614960",  # Manchester
    "442079460",  # London
    "441914980",  # Tyneside, Durham, Sunderland
    "442896496",  # Northern Ireland
    "442920180",  # Cardiff
    "441632960",  # no place
    _DRAMA_MOBILE,
    "448081570",  # freephone
    "449098790",  # premium rate
    "443069990",  # all of the United Kingdom
)
_DRAMA = re.compile(rf"\+(?:{'|'.join(_DRAMA_RANGES)})[0-9]{{3}}")
_SIX_LAST_DIGITS = re.compile(r"(?<= )([0-9]{3})([0-9]{3})$")
_MAY_BE_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def normalise_phone(text: str) -> str:
    """The number as E.164, a British one unless it starts with + or 00; ValueError says why it cannot be rung."""
    if any(character.isalpha() for character in text):
        raise ValueError("a telephone number has digits only, without words, letters or an extension")
    number = _parsed(text)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    if number.extension:
        raise ValueError("a telephone number is kept without an extension")
    if not (is_drama(e164) or phonenumbers.is_valid_number(number)):
        raise ValueError("there is no such telephone number: a digit may be missing, doubled or wrong")
    return e164


def phone_text(e164: str) -> str:
    """The number as people here write it: `07700 900 123`, `020 7946 0123`, and abroad `+33 1 42 68 53 00`."""
    number = _parsed(e164)
    if number.country_code != _HOME_COUNTRY_CODE:
        return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return _SIX_LAST_DIGITS.sub(r"\1 \2", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))


def is_mobile(e164: str) -> bool:
    """Whether texts can be sent to the number; yes in countries where mobiles and landlines look the same."""
    if e164.startswith(f"+{_DRAMA_MOBILE}"):
        return is_drama(e164)
    return phonenumbers.number_type(_parsed(e164)) in _MAY_BE_MOBILE


def is_drama(e164: str) -> bool:
    """Whether the number is one that Ofcom keeps for drama, and so rings nobody."""
    return bool(_DRAMA.fullmatch(e164))


def _parsed(text: str) -> PhoneNumber:
    """The number as the library reads it from Britain; ValueError for what is no telephone number at all."""
    try:
        return phonenumbers.parse(text, _HOME)
    except NumberParseException as error:
        raise ValueError("this is not a telephone number") from error
