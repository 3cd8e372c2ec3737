"""Records that open only with a reason: for how long, who may protect one. Plain Python."""

from datetime import timedelta

from patient_online.asking import Role
from patient_online.refusals import N_, Owner, Refusal

OPEN_FOR = timedelta(minutes=30)
LEAST_REASON, MOST_REASON = 10, 500  # signs
PROTECTORS = (Role.GP, Role.MANAGER, Role.GOVERNANCE)  # who may mark a record as opened only with a reason
OVERSEERS = (Role.GOVERNANCE,)


class NotOpened(Refusal):
    """Why a record was not opened."""

    REASON_SHORT = (
        N_("This says too little about why you need to open the record."),
        N_("Write a sentence: the practice's information governance lead reads it."),
        Owner.PATIENT,
    )
    OPEN_ALREADY = (
        N_("This record is open to you already."),
        N_("Go on to it."),
        Owner.SYSTEM,
    )


def why_not_opened(reason: str, *, needed: bool) -> NotOpened | None:
    """Why the record is not opened for this reason, or None."""
    if not needed:
        return NotOpened.OPEN_ALREADY
    return None if LEAST_REASON <= len("".join(reason.split())) <= MOST_REASON else NotOpened.REASON_SHORT
