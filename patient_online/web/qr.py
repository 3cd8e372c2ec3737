"""Square codes on paper: a telephone's camera opens an address that is too long to type."""

import re

import segno
from django.conf import settings
from markupsafe import Markup

QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks
SCALE = 3  # pixels a module: an address of ninety letters makes a code of about three centimetres


def our_addresses(text: str) -> list[str]:
    """The addresses of this service that stand in the text, in order, each once."""
    address = re.escape(settings.SERVICE_URL) + r"(?:/[\w/.~-]*[\w/~-])?"
    ours = re.findall(rf"(?<![^\s(]){address}(?=[.,;:!?)]*(?:\s|$))", text)
    return list(dict.fromkeys(ours))


def qr_code(address: str) -> Markup:
    """The code of the address, drawn; the words beside it must say what it opens."""
    code = segno.make(address, error="m", micro=False)
    return Markup(code.svg_inline(scale=SCALE, border=QUIET, svgclass="app-qr", lineclass=None))  # noqa: S704 - drawn, not typed
