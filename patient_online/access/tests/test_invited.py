"""What an invitation tells and does: nothing of whose address has an account; and a shorter day for who accepts."""

from datetime import date, datetime

import pytest
from django.conf import settings

from patient_online.access.actions.inviting import accept, invite
from patient_online.access.models import Session
from patient_online.access.queries.staffing import SignsIn, place_of, places
from patient_online.access.sessions import hash_of
from patient_online.access.tests.test_sessions import key_of, signed_in_as
from patient_online.asking import Role
from patient_online.demo.factories import an_account, staff_of, the_maker
from patient_online.practices.models import Practice, StaffMember

pytestmark = pytest.mark.django_db


def a_place(practice: Practice) -> StaffMember:
    """Somebody who works at the practice and does not sign in yet."""
    return StaffMember.objects.create(practice=practice, name="Alex Example", job="Nurse", from_day=date(2020, 1, 1))


def test_the_place_is_the_same_whether_the_address_has_an_account_or_not(practice: Practice, now: datetime) -> None:
    """Invited, and no address beside it; who was never invited is not."""
    asks = staff_of(practice, Role.ADMINISTRATOR)
    an_account("has.one@example.com")
    for email in ("has.one@example.com", "has.none@example.com"):
        member = a_place(practice)
        assert place_of(asks, member.id, at=now).signs_in is SignsIn.NOT
        invite(member, email=email, by=asks, at=now)
        place = place_of(asks, member.id, at=now)
        assert (place.signs_in, place.email, place.sign_in_name) == (SignsIn.INVITED, "", "")
        assert SignsIn.INVITED in {each.signs_in for each in places(asks, at=now) if each.member.id == member.id}


def test_a_session_of_before_lasts_no_longer_than_those_of_staff(practice: Practice, now: datetime) -> None:
    """Somebody signed in as a patient, and then accepted."""
    account = an_account("robin@example.com")
    browser = signed_in_as(account)
    before = Session.objects.get(key_hash=hash_of(key_of(browser)))
    assert (before.ends_at - before.started_at).total_seconds() > settings.SESSION_STAFF_SECONDS
    accept(a_place(practice), account_id=account.id, by=the_maker(practice), at=before.started_at)
    after = Session.objects.get(id=before.id)
    assert (after.ends_at - after.started_at).total_seconds() == settings.SESSION_STAFF_SECONDS
