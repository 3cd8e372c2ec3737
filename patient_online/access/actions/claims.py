"""What the practice has to see to of claims: one, and more than one for the same patient; and when that is done."""

from datetime import datetime
from uuid import UUID

from patient_online.asking import Asker
from patient_online.tasks.actions import settle

CLAIM = "claim"
TWO_CLAIMS = "two-claims"


def settle_claims(link_id: UUID, *, by: Asker, at: datetime) -> None:
    """Take off the work list what is there about this claim: it was ended, or a check has shown who it is."""
    for kind in (CLAIM, TWO_CLAIMS):
        settle(kind, about=link_id, by=by, at=at)
