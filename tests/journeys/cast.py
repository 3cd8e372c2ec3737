"""Everybody and everything that the pages of the accessibility tests are about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from patient_online.access.actions import send_code
from patient_online.access.models import Link
from patient_online.access.tests.registered import something_registered
from patient_online.appointments.models import Appointment, BookingRule, Cohort, CohortMember, Slot
from patient_online.appointments.notices.links import token_of
from patient_online.asking import Role
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_slot_type,
    acting_as,
    an_account,
    an_account_for,
    an_appointment,
    the_maker,
)
from patient_online.identity.models import Account
from patient_online.identity.tests.steps import an_app_of
from patient_online.nhs.services import Service
from patient_online.notify.tests.people import failed, told, tried
from patient_online.patients.models import Patient
from patient_online.patients.rules import TEXT
from patient_online.practices.actions import set_policy
from patient_online.practices.models import OpeningTime, ServiceStatus, Site
from tests.journeys.accessed import accessed
from tests.journeys.arranged import arranged
from tests.journeys.keeping import keeps_every_kind
from tests.journeys.staffed import staffed
from tests.journeys.told import notices_told
from tests.journeys.withdrawing import a_withdrawn_session
from tests.journeys.working import worked
from tests.journeys.world import World, a_world, at_hour

WITH_LINKS = ("booked", "soon", "cancelled")
LONG_REASON = "A cough that has stayed for three weeks, and a Wortungetuemohnegleichen without a place to break"


@dataclass(frozen=True)
class Cast:
    """Accounts by who they are, and ids by what they are."""

    accounts: dict[str, Account]
    ids: dict[str, Any]

    @contextmanager
    def cancelled_meanwhile(self) -> Iterator[None]:
        """While this lasts, Robin's appointment is cancelled."""
        booked = Appointment.objects.filter(id=self.ids["booked"])
        now = timezone.now()
        booked.update(status="cancelled", cancelled_at=now, cancelled_by=UUID(int=1), cancelled_through="online")
        yield
        booked.update(status="booked", cancelled_at=None, cancelled_by=None, cancelled_through="")

    @contextmanager
    def taken_meanwhile(self) -> Iterator[None]:
        """While this lasts, somebody else has the time that is free."""
        slot = Slot.objects.get(id=self.ids["free"])
        taken = an_appointment(slot, a_patient_of(slot.practice))
        yield
        Appointment.objects.filter(id=taken.id).delete()


def a_cast() -> Cast:
    """A practice with something of everything, and a second one that has switched appointments off."""
    world = a_world()
    set_policy(world.practice, name="most_future_appointments", value=3, by=the_maker(world.practice), at=_then())
    _open_doors(world)
    femi = _who_changes_number(world)
    busy = a_patient_of(world.practice, given_name="Edith", family_name="Onceuponatime")
    an_appointment(world.slots[5], femi)
    for slot in world.slots[9:12]:
        an_appointment(slot, busy)
    accounts = {
        "robin": world.account,
        "femi": an_account_for(femi),
        "busy": an_account_for(busy),
        "nobody": an_account(),
        "passwordless": an_account(password=make_password(None)),
        "elsewhere": _elsewhere(),
        "manager": world.worker(Role.MANAGER),
        "gp": world.worker(Role.GP),
    }
    accounts["keeper"], accounts["careful"] = an_account(), world.worker(Role.RECEPTIONIST)
    an_app_of(accounts["careful"])
    passkey = {"passkey": keeps_every_kind(accounts["keeper"])}
    people, places = staffed(world)
    askers, asked = accessed(world)
    people_at_work, waiting = worked(world)
    accounts |= people | askers | people_at_work
    return Cast(accounts, _things(world) | places | asked | passkey | waiting)


def _things(world: World) -> dict[str, Any]:
    """What stands in addresses, by what it is."""
    words = {"reason": LONG_REASON[:100], "comment": "Step-free access, please"}
    things = {
        "free": world.slots[1].id,
        "session": world.slots[0].schedule_id,
        "gone": a_withdrawn_session(world),
        "taken": world.slots[5].id,
        "telephone": world.telephone_slots()[0].id,
        "booked": an_appointment(world.slots[8], world.robin, **words).id,
        "soon": an_appointment(world.slots_at(timezone.now() + timedelta(minutes=20))[0], world.robin).id,
        "cancelled": _cancelled(world).id,
        "kind": world.kind.id,
        "patient": world.robin.id,
        "day": world.slots[0].day.isoformat(),
        **_release(world),
        "not_sent": failed(world.robin).id,
        "letter": tried(told(world.robin)).id,
        **_registered(world),
        **arranged(world),
        **notices_told(world),
    }
    return things | {f"link_{name}": token_of(world.practice.ods_code, things[name]) for name in WITH_LINKS}


def _registered(world: World) -> dict[str, Any]:
    """A check, a letter that is out and a claim, of Robin."""
    known = something_registered(world.practice, world.robin.id)
    ids = {"check": known["check_id"], "linkage_letter": known["letter_id"], "claim": known["link_id"]}
    own = Link.objects.get(account_id=world.account.id, ended_at=None).id
    return {**ids, "ods": world.practice.ods_code, "own_link": own}


def _release(world: World) -> dict[str, Any]:
    """A kind of slot for those whom the practice invited, and who that is."""
    kind = a_slot_type(world.practice, label="Flu clinic")
    group = Cohort.objects.create(practice=world.practice, name="Invited for a flu vaccination")
    rule = BookingRule.objects.create(practice=world.practice, type=kind, cohort=group, least_age=50)
    who = {"patient": world.robin, "added_at": _then(), "added_by": UUID(int=1)}
    member = CohortMember.objects.create(practice=world.practice, cohort=group, **who)
    return {"ruled": kind.id, "rule": rule.id, "group": group.id, "member": member.id}


def _who_changes_number(world: World) -> Patient:
    """Femi, who has a mobile, has given another, and has been sent a code there."""
    mobile = {"telephone": "+447700900981", "telephone_verified_at": _then(), "telephone_new": "+447700900980"}
    femi = a_patient_of(world.practice, given_name="Femi", family_name="Whatnot", **mobile)
    send_code(femi, route=TEXT, by=acting_as(femi), at=timezone.now() + timedelta(minutes=9))
    return femi


def _then() -> datetime:
    return datetime(2026, 1, 5, 8, tzinfo=UTC)


def _open_doors(world: World) -> None:
    site = Site.objects.get(practice=world.practice)
    for day in range(1, 6):
        OpeningTime.objects.create(practice=world.practice, site=site, day=day, opens=time(8), closes=time(18, 30))


def _cancelled(world: World) -> Appointment:
    given: dict[str, Any] = {"status": "cancelled", "cancelled_at": timezone.now(), "cancelled_by": world.account.id}
    return an_appointment(world.slots_at(at_hour(-1, 9))[0], world.robin, cancelled_through="online", **given)


def _elsewhere() -> Account:
    practice = a_practice(name="Nowhere Close Surgery")
    ServiceStatus.objects.filter(practice=practice, service=Service.APPOINTMENTS).update(status="available")
    return an_account_for(a_patient_of(practice))
