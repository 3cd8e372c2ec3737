"""Addresses, postcodes and the capitals of the ODS file."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_online.nhs.addresses import address_lines, postcode_text, title_cased


def test_an_address_keeps_only_the_parts_that_say_something() -> None:
    lines = address_lines("THE HEALTH CENTRE", "  Lawson   Street, ", "", None, " , ", "Stockton-on-Tees", "TS18 1HU")
    assert lines == ("THE HEALTH CENTRE", "Lawson Street", "Stockton-on-Tees", "TS18 1HU")


def test_an_empty_address_has_no_lines() -> None:
    assert address_lines() == address_lines("", None, "  ") == ()


@pytest.mark.parametrize(
    ("typed", "postcode"),
    [
        ("ts181hu", "TS18 1HU"),
        (" TS18  1HU ", "TS18 1HU"),
        ("m1 1ae", "M1 1AE"),
        ("B338TH", "B33 8TH"),
        ("cr2 6xh", "CR2 6XH"),
        ("W1A 0AX", "W1A 0AX"),
        ("EC1A1BB", "EC1A 1BB"),
        ("gir0aa", "GIR 0AA"),
        ("BF1 2AT", "BF1 2AT"),
    ],
)
def test_a_postcode_is_written_in_capitals_with_one_space(typed: str, postcode: str) -> None:
    assert postcode_text(typed) == postcode


@pytest.mark.parametrize(
    "typed", ["", "TS18", "TS18 1H", "TS18 HU1", "QA1 1AA", "TS18 1CU", "TS181 1HU", "\uff34\uff3318 1HU", "GIR 1AA"]
)
def test_what_is_no_postcode_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="not a postcode"):
        postcode_text(typed)


@given(st.from_regex(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", fullmatch=True))
def test_a_postcode_once_tidy_stays_so(typed: str) -> None:
    with suppress(ValueError):
        tidy = postcode_text(typed)
        assert (postcode_text(tidy), tidy.replace(" ", "")) == (tidy, typed.replace(" ", ""))


@pytest.mark.parametrize(
    ("capitals", "readable"),
    [
        ("THE HEALTH CENTRE", "The Health Centre"),
        ("ST JOHN'S", "St John's"),
        ("ST JOHN\u2019S", "St John\u2019s"),
        ("ST.MARY'S SURGERY", "St.Mary's Surgery"),
        ("STOCKTON-ON-TEES", "Stockton-on-Tees"),
        ("STOCKTON ON TEES", "Stockton on Tees"),
        ("WESTON-SUPER-MARE", "Weston-super-Mare"),
        ("CHESTER-LE-STREET", "Chester-le-Street"),
        ("ASHTON-UNDER-LYNE", "Ashton-under-Lyne"),
        ("KINGSTON UPON HULL", "Kingston upon Hull"),
        ("TYNE & WEAR", "Tyne & Wear"),
        ("GP AT HAND", "GP at Hand"),
        ("SHEPPEY NHS HEALTHCARE CENTRE", "Sheppey NHS Healthcare Centre"),
        ("BARNET PCT", "Barnet PCT"),
        ("CARE UK", "Care UK"),
        ("ELIZABETH II HOUSE", "Elizabeth II House"),
        ("HMP/YOI FELTHAM", "HMP/YOI Feltham"),
        ("A&E AND WALK-IN", "A&E and Walk-in"),
        ("UNIT 2, THE GREEN", "Unit 2, The Green"),
        ("7 THE SORRELLS", "7 The Sorrells"),
        ("16A THE LANE ON THE HILL", "16A The Lane on the Hill"),
        ("THE SURGERY - THE ANNEXE", "The Surgery - The Annexe"),
        ("C/O THE SURGERY (THE BARN)", "c/o The Surgery (The Barn)"),
        ("1ST FLOOR, 2A HIGH ST", "1st Floor, 2A High St"),
        ("11-13 GRAY'S INN RD", "11-13 Gray's Inn Rd"),
        ("O'BRIEN & SONS", "O'Brien & Sons"),
        ("DR MCCARTHY", "Dr McCarthy"),
        ("DR KW SMITH & PARTNER", "Dr KW Smith & Partner"),
        ("MCH", "MCH"),
        ("THE  OLD   FORGE", "The Old Forge"),
        ("", ""),
    ],
)
def test_capitals_of_a_file_become_readable(capitals: str, readable: str) -> None:
    assert title_cased(capitals) == readable


@pytest.mark.parametrize("written", ["The Health Centre", "dr McKay's", "eGP Ltd", "12 High Street"])
def test_what_a_person_wrote_keeps_its_case(written: str) -> None:
    assert title_cased(written) == written


@given(st.text(alphabet="ACDEIMNOPRST '\u2019-,.&/()12", max_size=40))
def test_only_the_case_changes_and_only_once(capitals: str) -> None:
    readable = title_cased(capitals)
    assert readable.upper() == " ".join(capitals.split()).upper()
    assert title_cased(readable) == readable
