"""Who lives near Made-up Lane: the people that the demonstration and the tests know by name, and all the others."""

from datetime import date, timedelta
from random import Random

from patient_online.demo import names
from patient_online.demo.ids import Ids
from patient_online.demo.logins import BY_EMAIL
from patient_online.demo.people import KINDS, Home, People
from patient_online.patients.models import Patient

ABOUT = 300
NO_FIXED_ABODE = Home((), "")
Route, Format = Patient.Route, Patient.Format
IN_ENGLISH = {"contact_by": Route.EMAIL, "language": "en", "interpreter": False, "format": Format.STANDARD}
ON_PAPER = {"contact_by": Route.LETTER, "format": Format.LARGE_PRINT}
IN_POLISH = {"contact_by": Route.EMAIL, "language": "pl", "interpreter": True}


def the_residents(random: Random, ids: Ids, today: date) -> People:
    """About three hundred people; some are known by name, and always the same."""
    people = People(random, ids, today)
    _who_sign_in(people)
    _the_makebelieves(people)
    _with_awkward_names(people)
    _with_awkward_dates(people)
    _who_are_gone(people)
    _of_the_care_home(people)
    while len(people.everyone) < ABOUT:
        people.household(random.choices(KINDS, [kind.weight for kind in KINDS])[0])
    return people


def _known(people: People, email: str, age: int, sex: str, home: Home, **more: object) -> Patient:
    given, family = BY_EMAIL[email].name.split(" ")
    details = {"email": email, "telephone": people.mobile(), **IN_ENGLISH, **more}
    patient = people.add(home, family, people.born(age), sex=sex, given=given, **details)
    people.known[email] = patient
    return patient


def _who_sign_in(people: People) -> None:
    """Everybody with a login of their own, but for the mother of the twins."""
    _known(people, "patient@example.com", 34, "unknown", people.home(), contact_by=Route.EMAIL)
    _known(people, "busy@example.com", 47, "male", people.home(), contact_by=Route.TEXT)
    home = people.home()
    older = _known(people, "older@example.com", 84, "female", home, title="Mrs", **ON_PAPER)
    people.add(home, older.family_name, people.born(86), sex="male", given="Cuthbert", title="Mr")
    _known(people, "looking@example.com", 29, "female", people.home())
    left = people.today - timedelta(days=40)
    moved = {"registered_on": left - timedelta(days=900), "left_on": left}
    _known(people, "moved@example.com", 55, "male", people.home(), **moved)


def _the_makebelieves(people: People) -> None:
    """Two parents and their twins, born on one day."""
    home = people.home()
    mother = _known(people, "parent@example.com", 36, "female", home, title="Ms", **IN_POLISH)
    people.add(home, mother.family_name, people.born(39), sex="male", given="Mateusz")
    born = people.born(6)
    registered = born + timedelta(days=14)
    for given, sex in (("Hana", "female"), ("Hugo", "male")):
        twin = people.add(home, mother.family_name, born, sex=sex, given=given, registered_on=registered)
        people.known[given] = twin


def _with_awkward_names(people: People) -> None:
    """Names that break what was only ever tried with short English ones."""
    long = {"given": names.LONG_GIVEN, "title": "Professor"}
    people.add(people.home(), names.LONG_FAMILY, people.born(51), sex="female", **long)
    people.add(people.home(), "Q", people.born(23), sex="male", given="X")
    people.add(people.home(), "van der Example-O'Madeup", people.born(44), sex="male", given="Jan-Piet")
    people.add(people.home(), "D’Invention", people.born(31), sex="female", given="Ngọc Ánh")
    people.add(people.home(), "Zmyślona", people.born(62), sex="female", given="Łucja")
    people.add(people.home(), "Øpdigtet", people.born(39), sex="male", given="Søren")
    people.add(people.home(), "Samhlaíoch", people.born(27), sex="female", given="Sorcha", sensitive=True)


def _with_awkward_dates(people: People) -> None:
    """Born on 29 February, a hundred years ago, last week; and people of whom little is known."""
    leap = max(year for year in range(1980, people.today.year - 19) if year % 4 == 0)
    people.known["leap"] = people.add(people.home(), "Leapday-Madeup", date(leap, 2, 29), sex="female", given="Febe")
    people.add(people.home(), "Onceuponatime", people.born(101), sex="female", given="Winifred", title="Miss")
    home, yesterday = people.home(), people.today - timedelta(days=1)
    people.add(home, "Newcomer", people.born(30), sex="female", given="Noor")
    week_old = people.today - timedelta(days=8)
    people.add(home, "Newcomer", week_old, given="Baby", sex="male", nhs_number=None, registered_on=yesterday)
    people.add(NO_FIXED_ABODE, "Nowhereman", people.born(42), sex="male", given="Ravi", telephone="", email="")
    people.add(people.home(), "Neither-Nor", people.born(26), sex="indeterminate", given="Ash")


def _who_are_gone(people: People) -> None:
    """Moved away, and died."""
    for given, age, days in (("Tariq", 33, 200), ("Joan", 58, 75)):
        left = people.today - timedelta(days=days)
        registered = left - timedelta(days=2000)
        people.add(people.home(), "Gonebefore", people.born(age), given=given, registered_on=registered, left_on=left)
    died = people.today - timedelta(days=20)
    row = {"registered_on": died - timedelta(days=9000), "died_on": died, "left_on": died}
    people.add(people.home(), "Oncewas", people.born(91), sex="male", given="Ivor", title="Mr", **row)


def _of_the_care_home(people: People) -> None:
    """Eight people who share an address and nothing else."""
    home = Home((names.CARE_HOME, "1 Imaginary Gardens", names.TOWN), "ZZ99 8QQ", "+441632960009")
    for _ in range(8):
        people.add(home, people.surname(), people.born(people.random.randint(74, 98)), telephone=home.landline)
