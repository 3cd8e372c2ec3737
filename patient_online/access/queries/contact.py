"""What may be seen of the codes that were sent to where a patient is reached, and of where they were reached before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef

from patient_online.asking import Acting, System
from patient_online.notify.models import ContactCheck, FormerContact, Message
from patient_online.notify.rules import NO_SUCH_ADDRESS


def check_sent(system: System, check_id: UUID) -> ContactCheck | None:
    """A code that was sent to an address, whether it may still be typed in or not."""
    rows = ContactCheck.objects.filter(practice_id=system.practice_id, id=check_id)
    return rows.select_related("practice").first()


@dataclass(frozen=True, slots=True)
class CodeOut:
    """The newest code that still may be typed in, and what became of the message that carries it."""

    address: str
    made_at: datetime
    ends_at: datetime
    status: str


def code_out(acting: Acting, route: str, address: str, *, at: datetime) -> CodeOut | None:
    """The code on its way to the address, or there; None when none was sent, or it has ended or was used."""
    checks = ContactCheck.objects.filter(practice_id=acting.practice_id, patient_id=acting.patient_id, route=route)
    told = Message.objects.filter(practice_id=acting.practice_id, kind="contact-check", about=OuterRef("id"))
    check = checks.annotate(message=told.values("status")).order_by("-made_at").first()
    if check is None or check.confirmed_at or check.ends_at <= at or check.address != address:
        return None
    return CodeOut(address, check.made_at, check.ends_at, check.message or Message.Status.FAILED)


def codes_lost(acting: Acting, addresses: Collection[str]) -> frozenset[str]:
    """Those of the addresses and numbers to which the newest code could not be sent, as the provider knows no such."""
    if not addresses:
        return frozenset()
    checks = ContactCheck.objects.filter(practice_id=acting.practice_id, patient_id=acting.patient_id)
    told = Message.objects.filter(practice_id=acting.practice_id, kind="contact-check", about=OuterRef("id"))
    rows = checks.filter(address__in=addresses).annotate(trouble=told.values("trouble")).order_by("made_at")
    newest = dict(rows.values_list("address", "trouble"))
    return frozenset(address for address, trouble in newest.items() if trouble in NO_SUCH_ADDRESS)


def former_contact(system: System, former_id: UUID) -> FormerContact | None:
    """Where a patient was reached until it was changed; None once it is forgotten."""
    rows = FormerContact.objects.filter(practice_id=system.practice_id, id=former_id)
    return rows.select_related("practice").first()
