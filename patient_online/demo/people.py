"""The people of the made-up practice, in households: all ages, several generations, and every awkward name and date."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from patient_online.demo import names
from patient_online.demo.ids import Ids
from patient_online.demo.needs import needs_of
from patient_online.demo.surgery import ODS_CODE
from patient_online.nhs.numbers import SYNTHETIC_COUNT, synthetic
from patient_online.patients.models import Patient

ADULT = 18
TELEPHONE_AGE = 12
MOST = 900


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of household: how common it is, how old its adults are, how many children, and whether it has one name."""

    weight: int
    adults: tuple[tuple[int, int], ...]
    children: tuple[int, int] = (0, 0)
    one_name: bool = True


KINDS = (
    Kind(6, ((22, 64),)),
    Kind(7, ((27, 50), (27, 50)), (1, 4)),
    Kind(3, ((22, 45),), (1, 3)),
    Kind(4, ((25, 64), (25, 64))),
    Kind(5, ((65, 92), (65, 92))),
    Kind(5, ((70, 97),)),
    Kind(2, ((64, 84), (38, 45), (33, 45)), (1, 3)),
    Kind(1, ((19, 30),) * 4, one_name=False),
)


@dataclass(frozen=True, slots=True)
class Home:
    """Where a household lives, and its landline."""

    address: tuple[str, ...]
    postcode: str
    landline: str = ""


@dataclass
class People:
    """Everybody registered so far, and those who matter by name, by the e-mail address they sign in with."""

    random: Random
    ids: Ids
    today: date
    everyone: list[Patient] = field(default_factory=list)
    known: dict[str, Patient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = iter(self.random.sample(range(SYNTHETIC_COUNT), MOST))
        self._mobiles, self._landlines, self._addresses = count(), count(100), count(1)
        self._homes = self._all_homes()

    def home(self) -> Home:
        """An address where nobody lives yet."""
        return next(self._homes)

    def _all_homes(self) -> Iterator[Home]:
        for number in count(2):
            for n, street in enumerate(names.STREETS):
                postcode = f"ZZ99 {n % 9 + 1}{'ABDEFGHJLNPQ'[n]}{'ABDEFGHJLN'[number % 10]}"
                landline = f"+441632960{next(self._landlines):03}" if self.random.random() < 0.4 else ""
                yield Home((f"{number} {street}", names.TOWN), postcode, landline)

    def born(self, age: int) -> date:
        """A birthday of somebody who is as old as that today."""
        return _years_before(self.today, age) - timedelta(days=self.random.randrange(1, 365))

    def add(self, home: Home, family: str, born: date, *, sex: str = "", given: str = "", **more: Any) -> Patient:
        """Register one person."""
        sex = sex or self.random.choice(("female", "male"))
        given = given or self.random.choice(names.WOMEN if sex == "female" else names.MEN)
        adult = born <= _years_before(self.today, ADULT)
        row: dict[str, Any] = {
            "nhs_number": synthetic(next(self._numbers)),
            "address": list(home.address),
            "postcode": home.postcode,
            "telephone": self._telephone(home, born),
            "email": f"made-up-person-{next(self._addresses)}@example.org" if adult and self._often(0.7) else "",
            "registered_on": self._registered(born, adult),
        }
        who = {"given_name": given, "family_name": family, "birth_date": born, "sex": sex}
        row = {**row, **who, **more}
        patient = Patient(practice_id=ODS_CODE, id=self.ids(), **needs_of(row, len(self.everyone)) | row)
        self.everyone.append(patient)
        return patient

    def household(self, kind: Kind) -> None:
        """Register everybody who lives at one more address."""
        home, family = self.home(), self.surname()
        born = [self.born(self.random.randint(*ages)) for ages in kind.adults]
        first = self.random.choice(("female", "male"))
        for n, birthday in enumerate(born):
            own_name = n > 0 and (not kind.one_name or self._often(0.2))
            sex = first if n % 2 == 0 or self._often(0.1) else {"female": "male", "male": "female"}[first]
            self.add(home, self.surname() if own_name else family, birthday, sex=sex)
        self._children(home, family, max(born), self.random.randint(*kind.children))

    def _children(self, home: Home, family: str, parent_born: date, number: int) -> None:
        """Brothers and sisters a year or more apart, the eldest born when the younger parent was at least 19."""
        oldest = min(ADULT - 1, (self.today - parent_born).days // 366 - 19)
        possible = range(self.random.randrange(2), oldest + 1, 2)
        ages = self.random.sample(possible, min(number, len(possible)))
        given = self.random.sample(names.WOMEN, len(ages)), self.random.sample(names.MEN, len(ages))
        for n, age in enumerate(ages):
            girl = self._often(0.5)
            sex, called = ("female", given[0][n]) if girl else ("male", given[1][n])
            self.add(home, family, self.born(age), sex=sex, given=called)

    def surname(self) -> str:
        """A plainly made-up surname, of this language or another."""
        return self.random.choice(names.SURNAMES_ELSEWHERE if self._often(0.22) else names.SURNAMES)

    def mobile(self) -> str:
        """A mobile number that nobody has."""
        return f"+447700900{next(self._mobiles):03}"

    def _telephone(self, home: Home, born: date) -> str:
        """Their own mobile from twelve years on, if they have one; else the landline of the home."""
        old_enough = born <= _years_before(self.today, TELEPHONE_AGE)
        return self.mobile() if old_enough and self._often(0.8) else home.landline

    def _registered(self, born: date, adult: bool) -> date:
        if not adult:
            return min(born + timedelta(days=self.random.randint(7, 50)), self.today - timedelta(days=1))
        earliest = max(born + timedelta(days=14), self.today - timedelta(days=30 * 365))
        return earliest + timedelta(days=self.random.randrange((self.today - earliest).days - 60))

    def _often(self, share: float) -> bool:
        return self.random.random() < share


def _years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 1 March where that year has no 29 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
