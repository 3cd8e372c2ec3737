"""The whole made-up practice in memory: the same for the same seed and day, to the last id."""

from dataclasses import dataclass
from datetime import date
from random import Random

from django.db.models import Model

from patient_online.appointments.models import Appointment, UnmetDemand
from patient_online.demo import bookings, storylines
from patient_online.demo.accounts import Access, the_access
from patient_online.demo.clinics import Book, the_book
from patient_online.demo.ids import Ids
from patient_online.demo.notices import Told, what_is_told
from patient_online.demo.people import People
from patient_online.demo.releases import Releases, the_releases
from patient_online.demo.residents import the_residents
from patient_online.demo.surgery import Surgery, the_surgery
from patient_online.demo.templates import Templates, the_templates
from patient_online.demo.unmet import the_unmet
from patient_online.demo.waiting import Waiting, what_waits

SEED = 2026


@dataclass(frozen=True)
class World:
    """Everything that the made-up practice consists of, not yet in any database."""

    today: date
    surgery: Surgery
    people: People
    access: Access
    book: Book
    templates: Templates
    releases: Releases
    told: Told
    waiting: Waiting
    appointments: list[Appointment]
    unmet: list[UnmetDemand]

    def rows(self) -> list[list[Model]]:
        """Every row, in an order in which the database takes them."""
        surgery, access = self.surgery, self.access
        return [
            [surgery.practice],
            [surgery.main, surgery.branch],
            list(surgery.opening_times),
            list(surgery.staff.values()),
            list(surgery.roles),
            list(surgery.services),
            list(surgery.policies),
            list(self.told.notices),
            list(self.told.closures),
            list(self.people.everyone),
            *access.rows(),
            *self.waiting.rows(),
            list(self.book.types.values()),
            list(self.templates.templates),
            list(self.templates.parts),
            list(self.templates.absences),
            *self.releases.rows(),
            list(self.book.schedules),
            list(self.book.slots),
            list(self.appointments),
            list(self.unmet),
        ]


def the_world(today: date, seed: int = SEED) -> World:
    """The made-up practice around the day. Each part has its own stream of chance, so that one may change alone."""
    surgery = the_surgery(today, Ids(f"{seed} surgery"))
    people = the_residents(_chance(seed, "people"), Ids(f"{seed} people"), today)
    access = the_access(_chance(seed, "access"), people, surgery, Ids(f"{seed} access"))
    waiting = what_waits(access, people, Ids(f"{seed} waiting"))
    book = the_book(surgery, today, Ids(f"{seed} book"))
    templates = the_templates(book, surgery, today, Ids(f"{seed} templates"))
    releases = the_releases(book, people, today, Ids(f"{seed} releases"))
    told = what_is_told(today, Ids(f"{seed} told"))
    diary = bookings.Diary(_chance(seed, "diary"), Ids(f"{seed} diary"), today, access.of_patients)
    storylines.tell(diary, book, people)
    bookings.fill(diary, book, people)
    unmet = the_unmet(_chance(seed, "unmet"), today, Ids(f"{seed} unmet"))
    return World(today, surgery, people, access, book, templates, releases, told, waiting, diary.appointments, unmet)


def _chance(seed: int, part: str) -> Random:
    return Random(f"{seed} {part}")  # noqa: S311 - a made-up world has to be repeatable
