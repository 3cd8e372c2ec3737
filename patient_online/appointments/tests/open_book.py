"""A patient called Robin with a browser and a clinic tomorrow, for the tests of pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client

from patient_online.appointments.models import Slot, SlotType
from patient_online.demo.factories import (
    a_patient_of,
    a_practice,
    a_schedule,
    a_slot_of,
    a_slot_type,
    an_account_for,
    slots_in,
    the_maker,
)
from patient_online.identity.models import Account
from patient_online.nhs.services import Level, Service
from patient_online.patients.models import Patient
from patient_online.practices.actions import set_policy
from patient_online.practices.models import Practice


@dataclass
class OpenBook:
    """Robin, signed in, and six slots that start at this hour tomorrow."""

    client: Client
    now: datetime
    practice: Practice
    robin: Patient
    kind: SlotType
    slots: list[Slot]
    accounts: list[Account] = field(default_factory=list)

    @classmethod
    def of(cls, client: Client, now: datetime) -> "OpenBook":
        """Open the book at this instant."""
        practice = a_practice()
        robin = a_patient_of(practice, given_name="Robin", telephone="+447700900982")
        kind = a_slot_type(practice, name="RAW-NAME", joins_up_to=2)
        slots = slots_in(a_schedule(practice, now + timedelta(days=1), hours=1), kind=kind)
        book = cls(client, now, practice, robin, kind, slots)
        client.force_login(book.account_for(robin))
        return book

    def account_for(self, patient: Patient, services: Mapping[Service, Level] | None = None) -> Account:
        """An account for the patient."""
        self.accounts.append(an_account_for(patient, services=services))
        return self.accounts[-1]

    def slot_at(self, ahead: timedelta, *, practice: Practice | None = None, **given: Any) -> Slot:
        """One more slot, so far from now."""
        return a_slot_of(practice or self.practice, self.now + ahead, **given)

    def never_cancelled_online(self) -> Slot:
        """A slot of tomorrow, of a practice that lets nobody cancel online."""
        set_policy(self.practice, name="cancel_online", value=False, by=the_maker(self.practice), at=self.now)
        return self.slots[0]

    def confirms(self, slot: Slot, **given: str) -> HttpResponse:
        """Robin goes past the signs of an emergency, where there is a way, and confirms."""
        path = f"/appointments/slots/{slot.id}"
        self.client.post(f"{path}/before-you-book", {"key": str(uuid4())})
        response = self.client.post(path, {"key": str(uuid4()), "length": "1", "reason": "", "comment": "", **given})
        assert isinstance(response, HttpResponse)
        return response
