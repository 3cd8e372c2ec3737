"""What may be seen of practices."""

from datetime import date

from django.db.models import Q, QuerySet

from patient_online.asking import Acting, Anyone, Asker, Staff, System
from patient_online.nhs.services import Service
from patient_online.practices.models import (
    AreaPart,
    OpeningTime,
    PolicySetting,
    Practice,
    PracticeArea,
    ServiceStatus,
)
from patient_online.practices.rules import POLICIES, Value


def practice_of(asker: Acting | Staff) -> Practice:
    """The practice of who is asking."""
    return Practice.objects.get(ods_code=asker.practice_id)


def policies(asker: Acting | Staff | System) -> dict[str, Value]:
    """The value of each policy at the asker's practice: what it chose, or the default."""
    chosen = asker.policies if isinstance(asker, Acting) else None
    if chosen is None:
        chosen = dict(PolicySetting.objects.filter(practice_id=asker.practice_id).values_list("name", "value"))
    return {name: policy.default for name, policy in POLICIES.items()} | dict(chosen)


def services(asker: Asker, *, practice_id: str, on: date) -> dict[Service, ServiceStatus]:
    """The state of each online service of a practice on a day; a service never decided on is missing."""
    rows = ServiceStatus.objects.filter(practice_id=practice_id, from_day__lte=on).order_by("from_day")
    return {Service(row.service): row for row in rows}


def opening_times(asker: Acting | Staff) -> QuerySet[OpeningTime]:
    """When the asker's practice is open, by site and day."""
    rows = OpeningTime.objects.filter(practice_id=asker.practice_id).select_related("site")
    return rows.order_by("-site__is_main", "site__name", "day", "opens")


def areas_of(anyone: Anyone | System, *, practice_id: str, on: date) -> list[str]:
    """The codes of the areas a practice belonged to on a day, from the nearest to the widest, however deep."""
    in_force = (Q(from_day=None) | Q(from_day__lte=on)) & (Q(to_day=None) | Q(to_day__gte=on))
    links = PracticeArea.objects.filter(in_force, practice_id=practice_id).order_by("from_day")
    found: list[str] = []
    level = list(links.values_list("area_id", flat=True))
    while level:
        found += [code for code in level if code not in found]
        wider = AreaPart.objects.filter(in_force, part_id__in=level).exclude(whole_id__in=found).order_by("whole_id")
        level = list(wider.values_list("whole_id", flat=True))
    return found
