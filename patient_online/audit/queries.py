"""What may be asked of the trail: counts, by a job of one practice, never who; and by somebody of their own part."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from patient_online.asking import Acting, LinkHolder, Staff, System
from patient_online.audit.models import Entry
from patient_online.storage.ids import lowest_since

CLOCKS_APART = timedelta(hours=1)


def refusals(system: System, *, since: datetime, until: datetime) -> dict[str, int]:
    """How often each rule said no to the practice's patients, from one instant until before another."""
    rows = _of_patients(system, since, until).exclude(refused_by="").order_by()
    return dict(rows.values("refused_by").annotate(n=Count("id")).values_list("refused_by", "n"))


def begun_not_done(
    system: System, *, begun: str, done: str, within: timedelta, since: datetime, until: datetime
) -> int:
    """How many people began a thing, from one instant until before another, and did not do it within some time."""
    later = _entries(system, since).filter(
        event=done,
        refused_by="",
        patient_id=OuterRef("patient_id"),
        account_id=OuterRef("account_id"),
        at__gte=OuterRef("at"),
        at__lte=OuterRef("at") + within,
    )
    rows = _of_patients(system, since, until).filter(~Exists(later), event=begun, refused_by="")
    return rows.order_by().values("patient_id", "account_id").distinct().count()


def was_told_no(acting: Acting, *, since: datetime, subject: UUID, refused_by: str) -> bool:
    """Whether this person was told no by the rule about a thing since an instant, acting for the same patient."""
    rows = Entry.objects.filter(
        practice_id=acting.practice_id, patient_id=acting.patient_id, id__gte=lowest_since(since - CLOCKS_APART)
    )
    asked = {"account_id": acting.account_id, "subject_id": subject, "refused_by": refused_by}
    return rows.filter(at__gte=since, **asked).exists()


def history_of(staff: Staff, patient_id: UUID, *, about: str, most: int = 100) -> list[Entry]:
    """What was done about one patient, the newest first: events whose names begin so, and were not refused."""
    rows = Entry.objects.filter(practice_id=staff.practice_id, patient_id=patient_id, refused_by="")
    return list(rows.filter(event__startswith=about).order_by("-id")[:most])


def decisions_about(staff: Staff, subject_id: UUID, *, event: str) -> list[Entry]:
    """When and by whom this was done to one thing of the practice, and not refused."""
    rows = Entry.objects.filter(practice_id=staff.practice_id, subject_id=subject_id, event=event, refused_by="")
    return list(rows.order_by("id"))


def decisions_of(staff: Staff, *, events: Collection[str], **details: str) -> list[Entry]:
    """What was decided for the staff's whole practice, about no single patient and not refused: the oldest first.

    `details` are what the entries tell, such as which online service.
    """
    told = {f"details__{name}": value for name, value in details.items()}
    rows = Entry.objects.filter(practice_id=staff.practice_id, patient_id=None, refused_by="")
    return list(rows.filter(event__in=events, **told).order_by("id"))


def _of_patients(system: System, since: datetime, until: datetime) -> QuerySet[Entry]:
    return _entries(system, since).filter(asker__in=[Acting.kind, LinkHolder.kind], at__gte=since, at__lt=until)


def _entries(system: System, since: datetime) -> QuerySet[Entry]:
    """The practice's entries made since an instant, and a few before it; an id is made after what it tells."""
    return Entry.objects.filter(practice_id=system.practice_id, id__gte=lowest_since(since - CLOCKS_APART))
