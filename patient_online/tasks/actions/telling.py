"""Managers are told of what is overdue, where they can be: by e-mail. Every page tells them too."""

from datetime import datetime

from django.core.mail import send_mail
from django.utils.translation import gettext as _

from patient_online.asking import System
from patient_online.audit.actions import action, record
from patient_online.nhs.dates import local_day
from patient_online.tasks.kinds import known_kind
from patient_online.tasks.queries import MOST_COUNTED, managers_addresses, overdue_kinds


@action("tasks.overdue_told")
def tell_of_overdue(*, by: System, at: datetime) -> int:
    """Write to the managers of a practice that tasks are overdue, and of which kinds; to how many it was written.

    Nothing of it says who a patient is.
    """
    overdue = overdue_kinds(by, at=at)
    addresses = managers_addresses(by, on=local_day(at)) if overdue else []
    if not addresses:
        return 0
    count = sum(overdue.values())
    number = _("more than %(most)s") % {"most": MOST_COUNTED - 1} if count >= MOST_COUNTED else str(count)
    first = _("Overdue on the work list of your practice: %(number)s.") % {"number": number}
    lines = [f"- {_title(kind)}: {each}" for kind, each in overdue.items()]
    last = _("Sign in to Patient Online and open the work list. You can give tasks to somebody who has time for them.")
    for address in addresses:
        send_mail(_("Tasks are overdue"), "\n".join([first, *lines, "", last]), None, [address])
    record("tasks.overdue_told", by=by, at=at, count=count, told=len(addresses))
    return len(addresses)


def _title(name: str) -> str:
    kind = known_kind(name)
    return _(kind.title) if kind else name
