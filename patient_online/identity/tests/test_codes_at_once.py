"""A code that twenty send at the same instant lets one of them in: of an app, and of the paper."""

import pytest
from django.core.cache import cache

from patient_online.demo.factories import an_account
from patient_online.identity.second_steps import first_use
from patient_online.identity.tests.steps import paper_of, printed_codes_of
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
TWENTY = 20


def test_a_code_of_the_app_that_twenty_send_at_once_is_one_s() -> None:
    """All workers share what was used: it is in the database, and one of them puts it there."""
    cache.clear()
    account = an_account()
    came = at_once([lambda: first_use(account.id, "123456")] * TWENTY)
    assert sorted(came) == [False] * (TWENTY - 1) + [True]


def test_a_printed_code_that_twenty_send_at_once_is_one_s() -> None:
    """The row is locked while the code is compared and crossed out."""
    account = an_account()
    code = printed_codes_of(account)[3]
    came = at_once([lambda: bool(paper_of(account).validate_code(code))] * TWENTY)
    assert sorted(came) == [False] * (TWENTY - 1) + [True]
