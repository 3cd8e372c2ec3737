"""What ends by itself ends for everybody: one row that breaks stops neither the others nor another practice."""

from collections.abc import Callable
from datetime import date, datetime

import pytest
import time_machine
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from patient_online.access import jobs
from patient_online.access.models import CodesWeighed, Link
from patient_online.demo.factories import a_patient_of, a_practice, an_account_for
from patient_online.identity.models import Account
from patient_online.practices.models import Practice

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("job", "each"), [(jobs.let_leavers_out, 1), (jobs.see_to_patients, 2)], ids=["leavers", "patients"]
)
def test_each_practice_has_a_job_of_its_own(practice: Practice, job: Callable[[int], None], each: int) -> None:
    """What breaks at one is tried again there, and the others know nothing of it."""
    both = {practice.ods_code, a_practice().ods_code}
    waiting = InMemoryConnector()
    with app.replace_connector(waiting):
        job(0)
    where = [row["args"]["practice_id"] for row in waiting.jobs.values()]
    assert set(where) == both
    assert len(where) == 2 * each


def just_sixteen(practice: Practice) -> Account:
    """The account of a patient who turned 16 on the day of the test."""
    return an_account_for(a_patient_of(practice, birth_date=date(2010, 3, 3)))


def test_one_patient_who_breaks_the_job_stops_none_of_the_others(practice: Practice, now: datetime) -> None:
    """The first has a proof that no program knows; the second is weighed all the same; the job says whom not."""
    broken, well = just_sixteen(practice), just_sixteen(practice)
    Link.objects.filter(account_id=broken.id).update(proof="nobody-knows")
    bad = Link.objects.get(account_id=broken.id)
    with time_machine.travel(now, tick=False), pytest.raises(jobs.NotAllDone, match=str(bad.id)) as told:
        jobs.weigh_codes_of_practice(practice_id=practice.ods_code)
    assert str(Link.objects.get(account_id=well.id).id) not in str(told.value)
    weighed = CodesWeighed.objects.filter(practice=practice, occasion=CodesWeighed.Occasion.SIXTEEN)
    assert list(weighed.values_list("account_id", flat=True)) == [well.id]
