"""E-mail by SMTP. A mail server cannot be asked what it took: where the connection breaks, there may be two e-mails."""

import smtplib
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from patient_online.notify.kinds import Words
from patient_online.notify.providers import NotEver, NotKnown, NotNow, Receipt
from patient_online.notify.providers.mail import mail

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
NO_ADDRESS = (
    "PATIENT_ONLINE_SMTP_URL is not the address of a mail server. Write it as smtp://user:password@host:587, or "
    "smtps:// for port 465; smtp+plain:// sends without encryption, to a server on the same machine alone."
)


class MailServer:
    """A mail server that takes what we send; encrypted unless its address says `smtp+plain`."""

    tells = False

    def __init__(self, url: str, sender: str, *, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ImproperlyConfigured(NO_ADDRESS)
        self.sender = sender
        self.backend = EmailBackend(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_tls=parts.scheme == "smtp",
            use_ssl=parts.scheme == "smtps",
            timeout=timeout,
            fail_silently=False,
        )

    def send(self, address: str, words: Words, *, reference: UUID) -> str:
        """Send one e-mail; the id is its Message-ID."""
        message = mail(address, words, sender=self.sender, reference=reference, through=self.backend)
        try:
            self._open()
            self._send(message)
        finally:
            self._close()
        return str(message.extra_headers["Message-ID"])

    def found(self, reference: UUID) -> str | None:
        """Nothing: SMTP has no way to ask."""
        return None

    def receipt(self, reference: UUID) -> Receipt | None:
        """Nothing: what comes back goes to the sender's mailbox, which nobody here reads."""
        return None

    def _open(self) -> None:
        try:
            self.backend.open()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            raise NotNow("not-set-up-right") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotNow("no-answer") from error

    def _send(self, message: EmailMessage) -> None:
        try:
            self.backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _refused(max(codes), "address-refused", bad_address=True) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _refused(error.smtp_code, "content-refused") from error
        except (smtplib.SMTPException, OSError) as error:
            raise NotKnown("unknown") from error

    def _close(self) -> None:
        try:
            self.backend.close()
        except (smtplib.SMTPException, OSError):
            return


def _refused(code: int, trouble: str, *, bad_address: bool = False) -> NotNow | NotEver:
    """What a refusal means: 5xx is for good, anything else for now (RFC 5321)."""
    return NotEver(trouble, bad_address=bad_address) if 500 <= code < 600 else NotNow("refused-for-now")
