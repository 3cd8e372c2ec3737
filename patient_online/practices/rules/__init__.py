"""May this happen at a practice? Its policies, its online services, what it tells its patients."""

from patient_online.practices.rules.deciding import Made, Told, each_told
from patient_online.practices.rules.policies import POLICIES, NotSet, Policy, Value, why_not_set
from patient_online.practices.rules.switching import (
    BUILT,
    DECIDED,
    WITH_A_CEILING,
    Decided,
    NotSwitched,
    why_not_in_order,
    why_not_switched,
    why_nothing_changes,
)
from patient_online.practices.rules.telling import (
    CLOSURE_SHOWN_DAYS,
    MOST_CLOSURE_WORDS,
    MOST_ROUTES,
    MOST_WELCOME,
    ROUTE_PARTS,
    NotTold,
    changes,
    for_appointments,
    why_not_closed,
    why_not_told,
)

__all__ = [
    "BUILT",
    "CLOSURE_SHOWN_DAYS",
    "DECIDED",
    "MOST_CLOSURE_WORDS",
    "MOST_ROUTES",
    "MOST_WELCOME",
    "POLICIES",
    "ROUTE_PARTS",
    "WITH_A_CEILING",
    "Decided",
    "Made",
    "NotSet",
    "NotSwitched",
    "NotTold",
    "Policy",
    "Told",
    "Value",
    "changes",
    "each_told",
    "for_appointments",
    "why_not_closed",
    "why_not_in_order",
    "why_not_set",
    "why_not_switched",
    "why_not_told",
    "why_nothing_changes",
]
