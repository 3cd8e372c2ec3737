"""ODS codes as people type them and files bring them."""

import pytest

from patient_online.nhs.organisations import normalise_ods


@pytest.mark.parametrize(
    ("typed", "code"),
    [("a81001", "A81001"), (" F85039 ", "F85039"), ("07x", "07X"), ("W2U3Z", "W2U3Z"), ("rca00", "RCA00")],
)
def test_a_code_is_kept_in_capitals_without_spaces_around_it(typed: str, code: str) -> None:
    assert normalise_ods(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "A8",
        "A8100112345",
        "A81 001",
        "A81-001",
        "\uff21\uff18\uff11\uff10\uff10\uff11",
        "\u00df\u00df\u00df",
        "A8100\u0661",
        "A81001\x00",
    ],
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="3 to 10 letters and digits"):
        normalise_ods(typed)
