"""Django's door for e-mail: what goes through it is stored with the change that causes it, and sent by a worker."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from patient_online.asking import System
from patient_online.notify.actions import post


class Backend(BaseEmailBackend):
    """Stores each e-mail and a job that sends it; nothing leaves while the request lasts."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store one e-mail for each that it goes to; how many there are. Words alone: attachments are not sent."""
        by, at = System("mail", why="accounts belong to no practice"), timezone.now()
        sent = [(to, str(each.subject), str(each.body)) for each in email_messages for to in each.recipients()]
        for to, subject, body in sent:
            post(to, subject=subject, body=body, by=by, at=at)
        return len(sent)
