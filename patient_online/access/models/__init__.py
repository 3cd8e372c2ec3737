"""Who may use which online service for whom, how they were registered, and who is signed in."""

from patient_online.access.models.deciding import AccessCode, AccessRequest, Block, CodesWeighed, DetailsRequest
from patient_online.access.models.grants import ActsFor, Grant, Link, ProgrammeMember, RecordGrant, WorksAt
from patient_online.access.models.registering import LinkageKey, Verification
from patient_online.access.models.sessions import Session

__all__ = [
    "AccessCode",
    "AccessRequest",
    "ActsFor",
    "Block",
    "CodesWeighed",
    "DetailsRequest",
    "Grant",
    "Link",
    "LinkageKey",
    "ProgrammeMember",
    "RecordGrant",
    "Session",
    "Verification",
    "WorksAt",
]
