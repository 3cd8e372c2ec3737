"""What can happen to somebody who has forgotten their password: the desk, having checked who they are, lets them in."""

from datetime import datetime

from patient_online.access.actions.listing import lock_patient
from patient_online.access.models import Link
from patient_online.access.queries.way_back import account_of, way_back_facts
from patient_online.access.rules.way_back import NoWayBack, why_no_way_back
from patient_online.asking import Role, Staff
from patient_online.audit.actions import action, record
from patient_online.identity.actions.ways_in import NewWayIn, give_way_in
from patient_online.identity.models import WayIn
from patient_online.nhs.dates import local_day
from patient_online.refusals import Refused

MAY_LET_IN = (Role.RECEPTIONIST, Role.MANAGER)


@action("access.let_back_in")
def let_back_in(link: Link, *, lost: bool = False, by: Staff, at: datetime) -> NewWayIn:
    """Give the patient a code for a new password of their account, or raise Refused; a code from before ends.

    It stands for the password only, unless the patient has `lost` their second step too: then the code, when it is
    used, takes the old second steps away and signs everybody out.
    """
    by.require_at(link.practice_id, *MAY_LET_IN)
    patient = lock_patient(link.patient, *MAY_LET_IN, by=by, at=at)
    if refusal := why_no_way_back(way_back_facts(by, link, at=at), today=local_day(at)):
        raise Refused(refusal)
    account = account_of(by, link)
    if account is None:
        raise Refused(NoWayBack.NOT_THEIRS)
    given = give_way_in(account, why=WayIn.Why.LOST if lost else WayIn.Why.FORGOTTEN, by=by, at=at)
    record("access.let_back_in", by=by, at=at, subject=link.id, patient=patient.id, lost=lost)
    return given
