"""Addresses as people write them: lines, postcodes, and organisation files in capitals made readable."""

import re

_POSTCODE = re.compile(
    r"""
    (?: [A-PR-UWYZ] [0-9]{1,2}              # M1, B33
      | [A-PR-UWYZ] [A-HK-Y] [0-9]{1,2}     # CR2, DN55
      | [A-PR-UWYZ] [0-9] [A-HJKPSTUW]      # W1A
      | [A-PR-UWYZ] [A-HK-Y] [0-9] [A-Z]    # EC1A
      | GIR (?= 0AA )
    )
    [0-9] [ABD-HJLNP-UW-Z]{2}
    """,
    re.VERBOSE,
)

# In lower case inside a name, but never at its start nor after a comma: Stockton-on-Tees, House on the Hill.
_SMALL = frozenset(
    ["AND", "AT", "BY", "FOR", "IN", "LE", "NEXT", "OF", "ON", "THE", "TO", "UNDER", "UPON", "WITH"],
)
_SMALL_BETWEEN_HYPHENS = _SMALL | {"CUM", "SUPER", "Y", "YR"}

# A word without a vowel is nearly always initials (GP, NHS, PCT, HMP) and stays in capitals, except these short forms:
_SHORT_FORM = re.compile(
    "BLDG?|BLK|BLVD|C[HLT]|CN?TR|CTRS|CR[ST]|CWM|DRS?|FLR?|GDNS|GR|GR[DNPT]|GT|HLTH|HSP|HT|HTH|LN|LTD|MKT|M[RST]|MRS"
    "|NR|NRTH|NTH|P[KLR]|PRK|PTNR|PTRS|RD|SCH|SQ|ST|ST[HNR]|WLK"
)
# and these initials have one:
_INITIALS = re.compile(
    "AQP|BFPO|CIC|ENT|GUM|IC[BCS]|III?|IPU|IUC|IV|MIU|NE|OOH|OPD|PO|RAF|RRU|SE|UCC|UK|UTC|VI|WIC|YOI",
)

_CHUNK = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*", re.UNICODE)
_ORDINAL = re.compile(r"[0-9]+(?:ST|ND|RD|TH)")
# The word before begins with a letter and ends without a comma; after a house number a new name begins.
_INSIDE_A_NAME = re.compile(r"(?:^|[ -])[^\W\d_][^ -]*(?<!,)[ -]$")
_JOINED_INITIALS = re.compile(r"[A-Z]{1,2}&[A-Z]{1,2}")  # A&E
_MC_NAME = re.compile(r"MC(?=[A-Z]*[AEIOUY])[A-Z]{3,}")


def address_lines(*parts: str | None) -> tuple[str, ...]:
    """The parts that say something, in order, with single spaces and without a comma at the end; case is kept."""
    tidied = (_tidy(part or "").strip(" ,") for part in parts)
    return tuple(line for line in tidied if line)


def postcode_text(text: str) -> str:
    """The postcode in capitals with one space, `TS18 1HU`; ValueError for what is no postcode."""
    postcode = _squeezed(text)
    if not _POSTCODE.fullmatch(postcode):
        raise ValueError(f"{text!r} is not a postcode such as TS18 1HU")
    return f"{postcode[:-3]} {postcode[-3:]}"


def title_cased(text: str) -> str:
    """A name or line that came all in capitals, made readable: `ST JOHN'S-ON-SEA` is `St John's-on-Sea`.

    Text that is not all in capitals was written by somebody who knew, and keeps its case.
    """
    tidied = _tidy(text)
    if not tidied.isupper():
        return tidied
    return " ".join(_token_cased(tidied, found) for found in re.finditer(r"\S+", tidied))


def _token_cased(line: str, found: re.Match[str]) -> str:
    """What stands between two spaces, in its case."""
    token = found.group()
    if token == "C/O":  # noqa: S105
        return "c/o"
    if _JOINED_INITIALS.fullmatch(token):
        return token
    return _CHUNK.sub(lambda chunk: _word_cased(chunk.group(), line[: found.start() + chunk.start()]), token)


def _word_cased(word: str, before: str) -> str:
    """One word in its case, by what stands before it."""
    if _is_small(word, before):
        return word.lower()
    if any(character.isdigit() for character in word):  # 2A and IC24 keep their capitals, 1ST does not
        return word.lower() if _ORDINAL.fullmatch(word) else word
    return _apostrophes_cased(word)


def _is_small(word: str, before: str) -> bool:
    """Whether the word is a small one inside a name."""
    if before.endswith("C/O ") or not _INSIDE_A_NAME.search(before):
        return False
    return word in {" ": _SMALL, "-": _SMALL_BETWEEN_HYPHENS}.get(before[-1], ())


def _apostrophes_cased(word: str) -> str:
    """A word with a capital: after an apostrophe too when a name begins there (O'Brien), not when one ends (John's)."""
    first, *others = re.split("(['\u2019])", word)
    if others and len(first) == 1 and len(others[-1]) > 1:
        return first + others[0] + "".join(map(_capital, others[1:]))
    return _capital(first) + "".join(others).lower()


def _capital(word: str) -> str:
    """A word with its first letter in capitals, or all of them when it is initials."""
    if _is_initials(word):
        return word
    if _MC_NAME.fullmatch(word):
        return f"Mc{word[2:].capitalize()}"
    return word.capitalize()


def _is_initials(word: str) -> bool:
    """Whether the word is initials rather than a word."""
    if _INITIALS.fullmatch(word):
        return True
    return word.isascii() and not re.search("[AEIOUY]", word) and not _SHORT_FORM.fullmatch(word)


def _tidy(text: str) -> str:
    """The text with single spaces and none around it."""
    return " ".join(text.split())


def _squeezed(text: str) -> str:
    """The text in capitals without any space, as a postcode is compared; nothing when it is not plain letters."""
    return "".join(text.split()).upper() if text.isascii() else ""
