"""A folder instead of a provider: in the demonstration nothing leaves the machine, and all can be looked at."""

from pathlib import Path
from uuid import UUID

from django.core.mail.backends.dummy import EmailBackend

from patient_online.notify.kinds import Words
from patient_online.notify.providers import Receipt
from patient_online.notify.providers.mail import mail

SENDER = "Patient Online demonstration <demonstration@example.com>"


class Folder:
    """Keeps each message as one file, named by our reference."""

    tells = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, address: str, words: Words, *, reference: UUID) -> str:
        """Write the message: as an e-mail where the address is one, else as the text message it would be."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if "@" in address:
            message = mail(address, words, sender=SENDER, reference=reference, through=EmailBackend())
            (self.folder / f"{reference}.eml").write_bytes(message.message().as_bytes())
        else:
            (self.folder / f"{reference}.txt").write_text(f"To: {address}\n\n{words.text}\n", encoding="utf-8")
        return str(reference)

    def found(self, reference: UUID) -> str | None:
        """Our own reference, where there is a file of that name."""
        return str(reference) if any(self.folder.glob(f"{reference}.*")) else None

    def receipt(self, reference: UUID) -> Receipt | None:
        """Nothing: nobody reads what lies in the folder."""
        return None
