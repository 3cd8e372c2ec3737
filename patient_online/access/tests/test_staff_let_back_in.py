"""A manager lets somebody of the staff back in who has lost their second step."""

import pytest

from patient_online.access.tests.test_staffing import the_manager
from patient_online.asking import Role
from patient_online.demo.factories import an_account, staff_of
from patient_online.identity.models import WayIn
from patient_online.practices.models import Practice
from patient_online.web.tests.pages import said

pytestmark = pytest.mark.django_db


def test_a_manager_lets_somebody_back_in_who_has_lost_their_second_step_but_never_themselves(
    practice: Practice,
) -> None:
    """Although they have an email address: the code is handed over, and ends the old second step when it is used."""
    manager, client = the_manager(practice)
    account = an_account("nia@example.com")
    member = staff_of(practice, Role.RECEPTIONIST, account=account)
    page = f"/practice/staff/{member.staff_id}/way-in"
    assert "or has lost it: the old one ends" in said(client.get(page))
    assert account.sign_in_name[:4] in said(client.post(page, {"how": "lost"}))
    assert WayIn.objects.get().why == "lost-step"
    own = f"/practice/staff/{manager.staff_id}/way-in"
    assert "Nobody can change their own roles" in said(client.post(own, {"how": "lost"}))
    assert WayIn.objects.count() == 1
