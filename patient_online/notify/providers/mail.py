"""The message as an e-mail."""

from uuid import UUID

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from patient_online.notify.kinds import Words


def mail(address: str, words: Words, *, sender: str, reference: UUID, through: BaseEmailBackend) -> EmailMessage:
    """The e-mail; its Message-ID comes from our reference, so that one sent twice can be seen to be the same."""
    domain = sender.rstrip(">").rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=words.subject,
        body="\n\n".join(words.paragraphs) + "\n",
        from_email=sender,
        to=[address],
        headers={"Message-ID": f"<{reference}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=through,
    )
