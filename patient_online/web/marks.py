"""The mark that a form carries: for which account its page was made and what the page was called, signed.

By it we know whose a form is that is sent when the session is over or another has begun, and can ask its owner whether
it is to be sent again. Nobody can make one for somebody else's account.
"""

from dataclasses import dataclass
from uuid import UUID

from django.core import signing
from django.core.signing import BadSignature

FIELD = "form_of"
LASTS = 24 * 60 * 60  # seconds
SALT = "patient_online.web.marks"


@dataclass(frozen=True, slots=True)
class Mark:
    """Whose a form is, and the title of the page that it stood on."""

    account_id: UUID
    title: str


def mark_of(account_id: UUID, title: str) -> str:
    """The mark for a form of a page that is shown to the account."""
    return signing.dumps([str(account_id), title[:200]], salt=SALT)


def read_mark(text: str) -> Mark | None:
    """What a mark says, or None where it is not one of ours, was changed or is too old."""
    try:
        account_id, title = signing.loads(text, salt=SALT, max_age=LASTS)
    except BadSignature:
        return None
    return Mark(UUID(account_id), title)
