"""A patient at the registration desk: checked, with a letter that is out, and an account that claims to be theirs."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from patient_online.access.linkage import NOBODYS, new_account_ref
from patient_online.access.models import Link, LinkageKey, Verification
from patient_online.asking import Role
from patient_online.demo.factories import an_account, staff_of
from patient_online.patients.models import Patient
from patient_online.practices.models import Practice

SERVICES = {"services": {"appointments": "manage"}, "record": {"current": None, "historic": "none"}}


def something_registered(practice: Practice, patient_id: Any, *, claimed: bool = True) -> dict[str, Any]:
    """What stands in the addresses of a check, of a letter, and of an account that claims to be theirs or is."""
    at, staff = timezone.now(), staff_of(practice, Role.RECEPTIONIST)
    patient = Patient.objects.get(practice=practice, id=patient_id)
    evidence = ["in-private", "passport", "council-tax"]
    check = Verification.objects.create(
        practice=practice, patient=patient, proof="documents", evidence=evidence, staff_id=staff.staff_id, at=at
    )
    letter = LinkageKey.objects.create(
        practice=practice,
        patient=patient,
        verification=check,
        account_ref=new_account_ref(),
        key_hash=NOBODYS,
        gives=SERVICES,
        made_at=at,
        made_by=staff.account_id,
        ends_at=at + timedelta(days=14),
    )
    known: dict[str, Any] = {"proof": "claimed", "identity": 0} if claimed else {"proof": "documents", "identity": 9}
    link = Link.objects.create(practice=practice, patient=patient, account_id=an_account().id, linked_at=at, **known)
    return {"check_id": check.id, "letter_id": letter.id, "link_id": link.id, "how": "documents"}
