"""What is true of a practice."""

from patient_online.practices.models.practice import (
    Area,
    AreaPart,
    OpeningTime,
    PolicySetting,
    Practice,
    PracticeArea,
    ServiceStatus,
    Site,
    StaffMember,
    StaffRole,
)
from patient_online.practices.models.telling import Closure, Notice

__all__ = [
    "Area",
    "AreaPart",
    "Closure",
    "Notice",
    "OpeningTime",
    "PolicySetting",
    "Practice",
    "PracticeArea",
    "ServiceStatus",
    "Site",
    "StaffMember",
    "StaffRole",
]
