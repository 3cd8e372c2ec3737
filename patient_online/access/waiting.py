"""What waits for the staff who look at a page: their share of the work list, and what is overdue."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from patient_online.access.audiences import may_open
from patient_online.asking import Role
from patient_online.tasks.queries import counts


def work(request: HttpRequest) -> dict[str, Any]:
    """How much stands on the work list (a context processor), for pages with a menu: it is counted as it is shown."""
    staff = getattr(request, "staff", None)
    if staff is None or not may_open(staff, "access:work"):
        return {}
    waiting: Any = SimpleLazyObject(lambda: counts(staff, at=timezone.now()))
    return {"work": waiting, "is_told_of_overdue": Role.MANAGER in staff.roles}
