"""Telephone numbers as patients type them and as our pages show them."""

import pytest

from patient_online.nhs.telephones import is_drama, is_mobile, normalise_phone, phone_text

DRAMA = [
    ("0113 496 0123", "+441134960123", "0113 496 0123"),
    ("0114 496 0000", "+441144960000", "0114 496 0000"),
    ("0115 496 0999", "+441154960999", "0115 496 0999"),
    ("0116 496 0123", "+441164960123", "0116 496 0123"),
    ("0117 496 0123", "+441174960123", "0117 496 0123"),
    ("0118 496 0123", "+441184960123", "0118 496 0123"),
    ("0121 496 0123", "+441214960123", "0121 496 0123"),
    ("0131 496 0123", "+441314960123", "0131 496 0123"),
    ("0141 496 0123", "+441414960123", "0141 496 0123"),
    ("0151 496 0123", "+441514960123", "0151 496 0123"),
    ("0161 496 0123", "+441614960123", "0161 496 0123"),
    ("020 7946 0123", "+442079460123", "020 7946 0123"),
    ("0191 498 0123", "+441914980123", "0191 498 0123"),
    ("028 9649 6123", "+442896496123", "028 9649 6123"),
    ("029 2018 0123", "+442920180123", "029 2018 0123"),
    ("01632 960123", "+441632960123", "01632 960 123"),
    ("07700 900123", "+447700900123", "07700 900 123"),
    ("0808 157 0123", "+448081570123", "0808 157 0123"),
    ("0909 879 0123", "+449098790123", "0909 879 0123"),
    ("0306 999 0123", "+443069990123", "0306 999 0123"),
]


@pytest.mark.parametrize(("typed", "e164", "shown"), DRAMA)
def test_our_made_up_people_have_numbers_kept_for_drama(typed: str, e164: str, shown: str) -> None:
    assert normalise_phone(typed) == e164
    assert is_drama(e164)
    assert phone_text(e164) == shown


@pytest.mark.parametrize(
    "typed",
    ["07700900123", "07700 900 123", "+44 7700 900123", "0044 7700 900123", "+44 (0)7700 900123", "(07700) 900-123"],
)
def test_one_mobile_may_be_typed_in_many_ways(typed: str) -> None:
    assert normalise_phone(typed) == "+447700900123"


def test_a_number_in_use_is_written_as_people_here_write_it() -> None:
    assert phone_text(normalise_phone("01642672351")) == "01642 672 351"
    assert phone_text(normalise_phone("02072101234")) == "020 7210 1234"


def test_a_number_abroad_keeps_its_country() -> None:
    assert normalise_phone("+33 1 42 68 53 00") == "+33142685300"
    assert phone_text("+33142685300") == "+33 1 42 68 53 00"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "not a telephone number"),
        ("-", "not a telephone number"),
        ("+999 1234567", "not a telephone number"),
        ("my mobile", "digits only"),
        ("0800 CALL NHS", "digits only"),
        ("07700 900123 ext 4", "digits only"),
        ("020 7946 0123 #4", "extension"),
        ("999", "no such"),
        ("07700 90012", "no such"),
        ("07700 9001234", "no such"),
        ("0115 496 1000", "no such"),
        ("01632 961000", "no such"),
    ],
)
def test_a_number_that_cannot_be_rung_is_refused_with_a_reason(typed: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        normalise_phone(typed)


def test_what_is_shown_can_be_typed_back() -> None:
    for e164 in [e164 for _, e164, _ in DRAMA] + ["+441642672351", "+33142685300", "+353861234567"]:
        assert normalise_phone(phone_text(e164)) == e164


@pytest.mark.parametrize("e164", ["+447700900000", "+447700900999", "+447400123456", "+353861234567", "+12015550123"])
def test_texts_go_to_mobiles(e164: str) -> None:
    assert is_mobile(e164)


@pytest.mark.parametrize("e164", ["+442079460123", "+441642672351", "+448081570123", "+4477009001234", "+33142685300"])
def test_texts_do_not_go_to_landlines(e164: str) -> None:
    assert not is_mobile(e164)


@pytest.mark.parametrize("e164", ["+447700901000", "+442079461000", "+44770090012", "07700900123"])
def test_numbers_beside_the_drama_ranges_are_not_of_them(e164: str) -> None:
    assert not is_drama(e164)
