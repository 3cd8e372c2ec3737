"""How large a crowd of made-up practices is; every row is reckoned from its number alone, so none is kept in memory."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum, auto
from functools import cached_property

from patient_online.demo.ids import BEGINNING, IN_A_MILLISECOND
from patient_online.nhs.bank_holidays import is_working_day
from patient_online.nhs.dates import day_bounds, from_wall_clock
from patient_online.nhs.numbers import SYNTHETIC_COUNT

MOST_PRACTICES = 89_999
MOST_PATIENTS = SYNTHETIC_COUNT
SIGN_IN = 10
# Practice, site, service, two slot types; and a receptionist with a role, an account, and where it works.
ONE_EACH = 9
SESSION_SLOTS = 18
SLOT_LENGTH = timedelta(minutes=10)
SURGERIES = (time(8, 30), time(14))
LEAST_STRIDE = 4
MASK = (1 << 64) - 1


class Of(IntEnum):
    """What an id is of."""

    SITE = auto()
    STAFF = auto()
    SLOT_TYPE = auto()
    SERVICE = auto()
    PATIENT = auto()
    ACCOUNT = auto()
    GRANT = auto()
    ACTS_FOR = auto()
    WORKS_AT = auto()
    SCHEDULE = auto()
    SLOT = auto()
    APPOINTMENT = auto()
    LINK = auto()


@dataclass(frozen=True)
class Crowd:
    """So many practices, each with so many patients and slots, around a day."""

    practices: int
    patients_each: int
    slots_each: int
    seed: int
    today: date

    @cached_property
    def days(self) -> list[date]:
        """The working days from two weeks before the day to four weeks after it."""
        days = (self.today + timedelta(days=n) for n in range(-14, 28))
        return [day for day in days if is_working_day(day)]

    @cached_property
    def surgeries(self) -> list[datetime]:
        """When sessions start: twice on each working day."""
        return [from_wall_clock(day, starts) for day in self.days for starts in SURGERIES]

    @cached_property
    def midnight(self) -> datetime:
        """When the day begins."""
        return day_bounds(self.today)[0]

    @property
    def since(self) -> datetime:
        """When the practices went online."""
        return datetime(2026, 1, 5, 8, tzinfo=UTC) - timedelta(days=700)

    @property
    def sessions_each(self) -> int:
        """How many sessions hold a practice's slots."""
        return -(-self.slots_each // SESSION_SLOTS)

    @property
    def clinicians_each(self) -> int:
        """How many clinicians it takes to hold the sessions, one each at a time."""
        return max(1, -(-self.sessions_each // len(self.surgeries)))

    @property
    def accounts_each(self) -> int:
        """How many patients of each practice have an account: the first ones."""
        return min(SIGN_IN, self.patients_each)

    @property
    def appointments_each(self) -> int:
        """How many slots of each practice are taken: by patients without an account, one each at most."""
        return min(self.slots_each // LEAST_STRIDE, self.patients_each - self.accounts_each)

    @property
    def stride(self) -> int:
        """Each so many slots, one is taken."""
        return self.slots_each // max(1, self.appointments_each)

    @property
    def rows(self) -> int:
        """How many rows that makes, in all tables."""
        people = self.patients_each + 4 * self.accounts_each + self.clinicians_each
        book = self.sessions_each + self.slots_each + self.appointments_each
        return self.practices * (people + book + ONE_EACH)

    def code(self, n: int) -> str:
        """The n-th practice's code; no organisation has one that starts with X and has six characters."""
        return f"X{n + 1:05}"

    def email(self, n: int, who: str) -> str:
        """An address of somebody at the n-th practice: `patient-1@x00001.example.com`."""
        return f"{who}@{self.code(n).lower()}.example.com"

    def session(self, k: int) -> tuple[int, int]:
        """Which of the surgeries a practice's k-th session is, spread over all weeks, and which clinician holds it."""
        turn, clinician = divmod(k, self.clinicians_each)
        turns = -(-self.sessions_each // self.clinicians_each)
        return turn * len(self.surgeries) // turns, clinician

    def id(self, of: Of, n: int, k: int = 0) -> str:
        """The id of the k-th thing of its kind at the n-th practice: in the shape of a UUIDv7, rising with k."""
        # SplitMix64's last steps: neighbouring numbers come out without any likeness.
        mixed = (self.seed * 31 + of) * 0x9E3779B97F4A7C15 + n * 0xD1342543DE82EF95 + k * 0xAF251AF3B0F025B5 & MASK
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & MASK
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & MASK
        mixed ^= mixed >> 31
        at, within = BEGINNING + k // IN_A_MILLISECOND, k % IN_A_MILLISECOND
        end = f"{0x8000 | mixed >> 50:04x}-{mixed & 0xFFFFFFFFFFFF:012x}"
        return f"{at >> 16:08x}-{at & 0xFFFF:04x}-7{within:03x}-{end}"
