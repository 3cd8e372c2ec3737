"""What may be seen of who may use what; first of all, who is asking."""

from patient_online.access.queries.asking import (
    WHO_IS_ASKING,
    ActsForOne,
    Asking,
    WorksAtOne,
    who_has,
    who_is_asking,
)
from patient_online.access.queries.contact import CodeOut, check_sent, code_out, codes_lost, former_contact
from patient_online.access.queries.in_force import in_force
from patient_online.access.queries.requests import request_told
from patient_online.access.queries.sessions import SignedInOn, forms_kept, signed_in_on, who_was_asking

__all__ = [
    "WHO_IS_ASKING",
    "ActsForOne",
    "Asking",
    "CodeOut",
    "SignedInOn",
    "WorksAtOne",
    "check_sent",
    "code_out",
    "codes_lost",
    "former_contact",
    "forms_kept",
    "in_force",
    "request_told",
    "signed_in_on",
    "who_has",
    "who_is_asking",
    "who_was_asking",
]
