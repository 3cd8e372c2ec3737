"""Which practice somebody means who types its ODS code after a command."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from patient_online.asking import System
from patient_online.nhs.organisations import normalise_ods
from patient_online.practices.queries import practices_active


def practice_named(system: System, code: str) -> str:
    """The code of the practice as it is kept, or CommandError where it is no code or no practice has it."""
    try:
        practice_id = normalise_ods(code)
    except ValueError as error:
        raise CommandError(_("%(code)s is no ODS code.") % {"code": code}) from error
    if practice_id not in practices_active(system):
        raise CommandError(_("There is no practice %(code)s here.") % {"code": practice_id})
    return practice_id
