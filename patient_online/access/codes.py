"""The code that shows that a patient reads what is sent to an address: made of the check and our key, kept nowhere."""

from uuid import UUID

from django.utils.crypto import salted_hmac

from patient_online.patients.rules import CODE_DIGITS

SALT = "patient_online.access.codes"


def code_of(check_id: UUID) -> str:
    """The digits that were sent for this check; nobody finds them out of its id without our secret key."""
    seal = salted_hmac(SALT, check_id.bytes, algorithm="sha256").digest()
    return f"{int.from_bytes(seal) % 10**CODE_DIGITS:0{CODE_DIGITS}}"
