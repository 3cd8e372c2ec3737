"""NHS numbers: which are right, how they are read out, and the made-up ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patient_online.nhs import numbers

GOLDEN_VALID = ("9000000009", "9912003489", "9912003888", "9434765919")
GOLDEN_INVALID = ("9000000012", "1111111111", "943476591", "943 476 5918")


@pytest.mark.parametrize("number", GOLDEN_VALID)
def test_the_numbers_of_golden_data_g1_are_valid(number: str) -> None:
    assert numbers.is_valid(number)
    assert numbers.normalise(number) == number


@pytest.mark.parametrize("number", GOLDEN_INVALID)
def test_the_numbers_of_golden_data_g2_are_invalid(number: str) -> None:
    assert not numbers.is_valid(number)
    with pytest.raises(ValueError, match="digit"):
        numbers.normalise(number)


@pytest.mark.parametrize(
    "typed",
    [
        "9434765919",
        " 943 476 5919\n",
        "943-476-5919",
        "94 3476 59 19",
        "943\u00a0476\u00a05919",
        "943\u2011476\u20115919",
        "943\u2013476\u20135919",
    ],
)
def test_a_person_may_type_or_paste_spaces_and_hyphens_anywhere(typed: str) -> None:
    assert numbers.normalise(typed) == "9434765919"
    assert numbers.is_valid(typed)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "only the digits"),
        ("943476591X", "only the digits"),
        ("\u0669\u0664\u0663\u0664\u0667\u0666\u0665\u0669\u0661\u0669", "only the digits"),
        ("\uff19\uff14\uff13\uff14\uff17\uff16\uff15\uff19\uff11\uff19", "only the digits"),
        ("943476591\u00b2", "only the digits"),
        ("943476591", "10 digits, not 9"),
        ("94347659190", "10 digits, not 11"),
        ("0000000000", "same digit"),
        ("9999999999", "same digit"),
        ("9434765918", "mistyped"),
    ],
)
def test_a_wrong_number_is_refused_with_its_own_reason(typed: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        numbers.normalise(typed)


def test_nine_digits_that_would_need_the_check_digit_ten_have_no_valid_number() -> None:
    assert not any(numbers.is_valid(f"999000000{last}") for last in range(10))


@given(st.integers(0, numbers.SYNTHETIC_COUNT - 1), st.integers(0, 9), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(n: int, place: int, shift: int) -> None:
    number = numbers.synthetic(n)
    wrong = str((int(number[place]) + shift) % 10)
    assert not numbers.is_valid(number[:place] + wrong + number[place + 1 :])


@given(st.integers(0, numbers.SYNTHETIC_COUNT - 1), st.integers(0, 8))
def test_two_neighbouring_digits_that_change_places_are_always_noticed(n: int, place: int) -> None:
    number = numbers.synthetic(n)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert numbers.is_valid(swapped) == (swapped == number)


@given(st.text(max_size=14))
def test_any_text_is_either_a_number_or_refused_in_words(text: str) -> None:
    if numbers.is_valid(text):
        assert len(numbers.normalise(text)) == 10
    else:
        with pytest.raises(ValueError, match=r"digit"):
            numbers.normalise(text)


def test_a_number_is_read_in_groups_of_three_three_and_four() -> None:
    assert numbers.formatted("9434765919") == "943 476 5919"
    assert numbers.formatted("943-476-5919") == "943 476 5919"
    with pytest.raises(ValueError, match="mistyped"):
        numbers.formatted("9434765918")


def test_the_first_made_up_numbers_are_those_counted_by_hand() -> None:
    assert [numbers.synthetic(n) for n in range(3)] == ["9990000018", "9990000026", "9990000034"]


def test_made_up_numbers_are_every_valid_one_of_the_range_in_order() -> None:
    every = (f"999{tail:07}" for tail in range(200_000))
    expected = [number for number in every if numbers.is_valid(number)]
    assert len(expected) > 18_000
    assert [numbers.synthetic(n) for n in range(len(expected))] == expected


def test_the_last_made_up_number_is_the_last_valid_one_of_the_range() -> None:
    last = next(number for number in (f"999{tail:07}" for tail in reversed(range(10**7))) if numbers.is_valid(number))
    assert numbers.synthetic(numbers.SYNTHETIC_COUNT - 1) == last


@given(st.integers(0, numbers.SYNTHETIC_COUNT - 1))
def test_every_made_up_number_is_valid_and_synthetic(n: int) -> None:
    assert numbers.is_valid(numbers.synthetic(n))
    assert numbers.synthetic(n).startswith("999")


@given(st.integers(0, numbers.SYNTHETIC_COUNT - 2))
def test_made_up_numbers_rise(n: int) -> None:
    assert numbers.synthetic(n) < numbers.synthetic(n + 1)


@pytest.mark.parametrize("n", [-1, numbers.SYNTHETIC_COUNT])
def test_there_are_no_more_made_up_numbers_than_the_range_holds(n: int) -> None:
    with pytest.raises(ValueError, match="909090"):
        numbers.synthetic(n)
