"""A time of day is read as it was meant, or asked for again: nobody's afternoon becomes a night."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError

from patient_online.web.clock_field import ClockField


@pytest.mark.parametrize(
    ("typed", "example"),
    [
        ("2", "2pm"),
        (" 3 ", "3pm"),
        ("8", "8am"),
        ("08", "8am"),
        ("12", "12pm"),
        ("2:30", "2:30pm"),
        ("5.45", "5.45pm"),
        ("1:00", "1:00pm"),
    ],
)
def test_who_leaves_it_open_whether_it_is_morning_or_afternoon_is_asked(typed: str, example: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ClockField().clean(typed)
    assert refused.value.messages == [f"Write am or pm, for example {example}"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2pm", time(14)),
        ("2 AM", time(2)),
        ("2:30 pm", time(14, 30)),
        ("02:30", time(2, 30)),
        ("14:30", time(14, 30)),
        ("14", time(14)),
        ("8:30", time(8, 30)),
        ("8.30", time(8, 30)),
        ("12:30", time(12, 30)),
        ("0:05", time(0, 5)),
        ("12am", time(0)),
        ("midday", time(12)),
    ],
)
def test_a_time_that_can_mean_one_thing_only_is_taken(typed: str, meant: time) -> None:
    assert ClockField().clean(typed) == meant


@pytest.mark.parametrize("typed", ["25:00", "13pm", "half two", "8:3"])
def test_what_is_no_time_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ClockField().clean(typed)
    assert refused.value.messages == ["Enter a time, like 8:30am or 14:00"]


def test_a_time_that_is_known_already_is_shown_so_that_it_can_be_sent_again() -> None:
    known = ClockField().prepare_value(time(2, 30))
    assert (known, ClockField().clean(known)) == ("02:30", time(2, 30))
