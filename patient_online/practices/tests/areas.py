"""Where practices belonged, as the loaded geography says it: the walk that figures by area will make."""

from datetime import date

from django.db.models import Q

from patient_online.practices.models import AreaPart, PracticeArea


def areas_of(practice_id: str, *, on: date) -> list[str]:
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
