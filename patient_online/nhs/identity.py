"""How well we know who somebody is, and what that is enough for.

Source: NHS login's levels of identity (DAPB3051, vectors of trust P0, P5 and P9) and NHS England's guidance on
checking identity at the practice: documents, vouching, vouching with questions from the record.
"""

from enum import IntEnum, StrEnum

from patient_online.nhs.record_levels import RecordLevel
from patient_online.nhs.services import Level, Service


class Identity(IntEnum):
    """How sure it is that an account belongs to the person it says. Least first."""

    P0 = 0  # somebody with an account; nothing is shown of who they are
    P5 = 5  # the details they gave are those of a patient
    P9 = 9  # a photograph or somebody who knows them has shown it


class Proof(StrEnum):
    """By what an account was tied to a patient."""

    CLAIMED = "claimed"  # name, birth date and postcode are the patient's: P0
    NHS_LOGIN = "nhs-login"  # NHS login said which NHS number, and how sure it is
    DOCUMENTS = "documents"  # two documents at the desk, one with a photograph
    VOUCHED = "vouched"  # staff who know the person met them
    VOUCHED_RECORD = "vouched-record"  # and questions from the record were answered right
    VOUCHED_REMOTE = "vouched-remote"  # the same by telephone or video: no detailed record by this
    STAFF = "staff"  # tied by the practice before checks were written down, or by a program


# Vouching from afar is not enough for the detailed record, letters and the full record (A5); nor is what nobody wrote
# down.
_MOST_RECORD = {
    Proof.CLAIMED: RecordLevel.NONE,
    Proof.VOUCHED_REMOTE: RecordLevel.SUMMARY,
    Proof.STAFF: RecordLevel.SUMMARY,
}


def most_record(proof: Proof) -> RecordLevel:
    """The most of a record that may be shown to somebody known by this proof."""
    return _MOST_RECORD.get(proof, RecordLevel.FULL)


def enough(service: Service, level: Level) -> Identity:
    """How well somebody must be known for a service at a level: P9 for everything that shows or changes anything."""
    return Identity.P0 if level is Level.NONE else Identity.P9


# What shows a record, orders medicines or changes who somebody is needs two steps at sign-in, not a password alone.
TWO_STEPS = frozenset(
    {
        Service.PRESCRIPTIONS,
        Service.SUMMARY_RECORD,
        Service.DETAILED_RECORD,
        Service.DOCUMENTS,
        Service.FULL_RECORD,
        Service.PROXIES,
    }
)
