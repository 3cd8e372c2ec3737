"""A request's share is known from a tag that only we can make, and that fits only the session it was made for."""

import pytest
from django.conf import settings
from django.test import override_settings

from patient_online.web.shares import cookie_name, share_of, tag_of
from patient_online.web.turns import UNKNOWN

KEY, OTHER_KEY = "k" * 32, "o" * 32


def environ(tag: str, key: str = KEY) -> dict[str, str]:
    """A request that carries the tag and the key of a session."""
    return {"HTTP_COOKIE": f"{settings.SESSION_COOKIE_NAME}={key}; csrf=x; {cookie_name()}={tag}"}


def test_people_of_one_practice_have_one_share_and_those_of_another_have_another() -> None:
    robin, sam = share_of(environ(tag_of("A81001", KEY))), share_of(environ(tag_of("A81001", OTHER_KEY), OTHER_KEY))
    assert robin == sam != UNKNOWN
    assert share_of(environ(tag_of("B82002", KEY))) not in (robin, UNKNOWN)


def test_a_tag_does_not_tell_the_practice_nor_the_session() -> None:
    tag = tag_of("A81001", KEY)
    assert "A81001" not in tag
    assert KEY not in tag
    with override_settings(SECRET_KEY="another place's"):
        share_of.__globals__["_secret"].cache_clear()
        assert tag_of("A81001", KEY) != tag
    share_of.__globals__["_secret"].cache_clear()


@pytest.mark.parametrize(
    "forged",
    [
        "",
        ".",
        "rush",
        "rush.rush",
        "é.é",
        tag_of("A81001", OTHER_KEY),
        tag_of("A81001", KEY).replace(".", ".0"),
        "0" + tag_of("A81001", KEY),
    ],
)
def test_a_tag_that_was_copied_or_made_up_counts_for_nothing(forged: str) -> None:
    assert share_of(environ(forged)) == UNKNOWN


@pytest.mark.parametrize("cookies", ["", ";;=;", "session=", f"share={tag_of('A81001', '')}", "share"])
def test_who_has_no_session_is_unknown(cookies: str) -> None:
    assert share_of({"HTTP_COOKIE": cookies}) == UNKNOWN
    assert share_of({}) == UNKNOWN
