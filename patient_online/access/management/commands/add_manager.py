"""Lists the first manager of a practice, so that a new installation can start: they add everybody else."""

import argparse
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patient_online.access.actions.inviting import invite
from patient_online.access.actions.staffing import add_member
from patient_online.access.forms.staffing import BY_EMAIL, ON_PAPER, InviteForm, PlaceForm
from patient_online.access.invitations import Invitation
from patient_online.access.queries.staffing import manager_listed
from patient_online.asking import Role, System
from patient_online.nhs.dates import date_text
from patient_online.practices.models import Practice, StaffMember
from patient_online.practices.queries import practice_of
from patient_online.refusals import Refused
from patient_online.storage.codes import grouped


class Command(BaseCommand):
    """Add a manager, and say how they sign in."""

    help = "List somebody as manager of a practice and give them a way to sign in. They add the others."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which practice, who, and where to write to."""
        parser.add_argument("--practice", metavar="ODS", required=True, help="the ODS code of the practice")
        parser.add_argument("--name", required=True, help="their full name")
        parser.add_argument("--job", default=_("Practice manager"), help="their job title")
        parser.add_argument("--email", default="", help="send the way in there; else it is shown here once")
        parser.add_argument("--again", action="store_true", help="another way to sign in for who is a manager already")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add them in the practice that there is."""
        system, now = System("add_manager", options["practice"].strip().upper()), timezone.now()
        typed = _typed(options)
        try:
            practice_of(system)
        except Practice.DoesNotExist:
            raise CommandError(_("There is no practice with this ODS code. Load the practice file first.")) from None
        with transaction.atomic():
            member = self._member(typed, options["again"], system, now)
            self._say(self._invited(member, typed["email"], system, now))

    def _member(self, typed: dict[str, Any], again: bool, system: System, now: datetime) -> StaffMember:
        known = manager_listed(system, typed["name"], typed["email"])
        if known and not again:
            words = _("%(name)s is a manager of this practice already. Say --again for another way to sign in.")
            raise CommandError(words % {"name": known.name})
        if again and not known:
            raise CommandError(_("No manager of this practice has this name or address. Leave --again out."))
        new: dict[str, Any] = {"roles": [Role.MANAGER], "sees_patients": False}
        return known or add_member(typed["name"], typed["job"], **new, by=system, at=now)

    def _invited(self, member: StaffMember, email: str, system: System, now: datetime) -> Invitation:
        try:
            return invite(member, email=email, by=system, at=now)
        except Refused as refused:
            raise CommandError(f"{_(refused.reason.words)} {_(refused.reason.next_step)}") from None

    def _say(self, invitation: Invitation) -> None:
        if not invitation.code or invitation.ends_at is None:
            self.stdout.write(_("An invitation is on its way to %(email)s.") % {"email": invitation.email})
            return
        words = _("Sign-in name: %(name)s\nCode: %(code)s\nIt works until %(day)s, at /way-in on the service's pages.")
        named = {"name": grouped(invitation.sign_in_name), "code": grouped(invitation.code)}
        self.stdout.write(words % {**named, "day": date_text(invitation.ends_at)})


def _typed(options: dict[str, Any]) -> dict[str, Any]:
    """What was typed, as the pages take it; or what is wrong with it."""
    how = BY_EMAIL if options["email"] else ON_PAPER
    forms = [PlaceForm({**options, "roles": [Role.MANAGER.value]}), InviteForm({**options, "how": how})]
    wrong = [
        f"{form.fields[name].label}: {' '.join(map(str, said))}" for form in forms for name, said in form.errors.items()
    ]
    if wrong:
        raise CommandError(" ".join(wrong))
    return forms[0].cleaned_data | forms[1].cleaned_data
