"""How names are compared: without capitals, accents and apostrophes, as people type them in different ways."""

import re
import unicodedata

# Letters that no accent can be taken off, beside those that stand for them where a keyboard has none.
ALIKE = str.maketrans("ØøŁłĐđıʼ-‐–", "OoLlDdi'   ")
NOT_HEARD = re.compile("[\u0300-\u036f'’‘`.]")


def folded(text: str) -> str:
    """The text without capitals, accents and apostrophes; a hyphen parts words."""
    return NOT_HEARD.sub("", unicodedata.normalize("NFD", text.translate(ALIKE))).lower()
