"""Who can come to the demonstration by the stand-in: people of the made-up practice, and what is special about each."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from patient_online.demo.nhs_login.standin import Person
from patient_online.demo.surgery import ODS_CODE
from patient_online.patients.models import Patient

OWNER = "owner"
# Family name, given name, level, may prove more, and what there is to see.
KNOWN = (
    ("Leapday-Madeup", "Febe", "P9", False, "Is let in at once"),
    ("Testperson", "Robin", "P9", False, "Has an account already: connect NHS login to it, or come by it alone"),
    ("Newcomer", "Noor", "P5", True, "Is asked to prove who she is before she sees anything"),
    ("Onceuponatime", "Winifred", "P5", False, "Cannot prove more here: the reception desk can"),
    ("Nowhereman", "Ravi", "P0", False, "Is signed in, and nothing is known of him"),
    ("Gonebefore", "Gus", "P9", False, "Has left the practice"),
    ("Makebelieve", "Hana", "P9", False, "Is six years old"),
    ("Neither-Nor", "Ash", "P9", False, "The practice holds another birth date, and is told"),
)


def the_people() -> list[Person]:
    """The people as the stand-in knows them: their NHS numbers and birth dates are those that the practice holds."""
    return list(_each())


def _each() -> Iterator[Person]:
    rows = Patient.objects.using(OWNER).filter(practice_id=ODS_CODE).order_by("id")
    for family, given, level, can_prove, note in KNOWN:
        patient = rows.filter(family_name=family, given_name=given).first()
        if patient and patient.nhs_number:
            yield Person(f"made-up-{given.lower()}", f"{given} {family}", level, note, can_prove, _claims(patient))


def _claims(patient: Patient) -> dict[str, Any]:
    wrong = timedelta(days=1 if patient.given_name == "Ash" else 0)
    return {
        "nhs_number": patient.nhs_number,
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "birthdate": (patient.birth_date + wrong).isoformat(),
        "gp_ods_code": patient.practice_id,
        "email": f"{patient.given_name.lower()}@example.com",
        "email_verified": True,
    }
