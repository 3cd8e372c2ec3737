"""ODS codes: what the NHS calls each organisation.

Codes have had many shapes, so a code is checked for what all have in common and then looked up.
"""

import re

_ODS_CODE = re.compile(r"[A-Z0-9]{3,10}")


def normalise_ods(text: str) -> str:
    """The ODS code in capitals without spaces around it; ValueError unless it is 3 to 10 of A-Z and 0-9."""
    code = text.strip()
    # Before .upper(): it turns some letters of other alphabets into A-Z.
    if not code.isascii() or not _ODS_CODE.fullmatch(code.upper()):
        raise ValueError(f"an ODS code is 3 to 10 letters and digits, such as A81001, not {text!r}")
    return code.upper()
