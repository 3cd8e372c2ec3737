"""What somebody is sent who is invited to work at a practice: a code for a new account, or a link for their own.

The link names a place, the account that it is for, and is sealed: only that account can accept, and only while the
place is free.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _

from patient_online.practices.models import StaffMember
from patient_online.storage.codes import grouped

SALT = "patient_online.access.invitation"
LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What came of inviting somebody: it was sent to `email`, or there is a code to be printed, shown this once."""

    email: str = ""
    sign_in_name: str = ""
    code: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What a sealed link offers: a place at a practice, to one account."""

    practice_id: str
    staff_id: UUID
    account_id: UUID


def sealed(offered: Offered) -> str:
    """The end of the link's address."""
    return signing.dumps([offered.practice_id, offered.staff_id.hex, offered.account_id.hex], salt=SALT)


def opened(token: str) -> Offered | None:
    """What the link offers; None for a text that is none of ours, or too old."""
    try:
        practice_id, staff_id, account_id = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Offered(practice_id, UUID(hex=staff_id), UUID(hex=account_id))


def send_link(email: str, member: StaffMember, account_id: UUID) -> None:
    """Send the link to somebody who has an account: they alone can accept with it."""
    token = sealed(Offered(member.practice_id, member.id, account_id))
    address = settings.SERVICE_URL + reverse("access:join", args=[token])
    words = _(
        "%(practice)s has put you on its list of staff. If you work there, open this link, sign in with the account "
        "that you have, and accept:\n\n%(address)s\n\nThe link works for 14 days. If you do not work there, do "
        "nothing: nothing has changed."
    )
    _send(email, member, words % {"practice": member.practice.name, "address": address})


def send_code(email: str, member: StaffMember, code: str) -> None:
    """Send the code to somebody whose account was opened for them."""
    words = _(
        "%(practice)s has opened an account for you. Go to %(address)s and enter your email address and this code to "
        "choose a password:\n\n%(code)s\n\nThe code works for 14 days. You then set up a second step to sign in. If "
        "you do not work there, do nothing."
    )
    named = {"practice": member.practice.name, "address": f"{settings.SERVICE_URL}/way-in", "code": grouped(code)}
    _send(email, member, words % named)


def _send(email: str, member: StaffMember, words: str) -> None:
    subject = _("Your invitation to %(practice)s") % {"practice": member.practice.name}
    send_mail(subject, words, None, [email])
