"""The logs tell what happened and never to whom."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from logging.config import DictConfigurator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from patient_online.web.logs import exception_text, logging_config, masked

CANARIES = ["9991234567", "999 123 4567", "ada@example.org", "07700900123", "Canary"]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the configured handler writes while a test runs."""
    stream, config = io.StringIO(), logging_config()
    configurator: Any = DictConfigurator(config)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(configurator.configure_formatter(config["formatters"]["json"]))
    handler.addFilter(configurator.configure_filter(config["filters"]["where"]))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def written(lines: io.StringIO) -> list[dict[str, Any]]:
    """The lines as the JSON objects that they are."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize(
    "address", ["/breaks/{}?text={}", "/nothing/{}?text={}", "/forbidden?text={}{}", "/about?q={}{}"]
)
def test_what_somebody_typed_reaches_no_log_line(
    browser: Client, lines: io.StringIO, address: str, canary: str
) -> None:
    """Neither from the path, nor the query, nor a form, nor a header, nor the words of an error."""
    browser.get(address.format(canary, canary), headers={"referer": f"/{canary}", "user-agent": canary})
    browser.post(address.format(canary, canary), {"text": canary})
    text = lines.getvalue()
    assert len(written(lines)) >= 2
    assert canary not in text
    assert canary.replace(" ", "%20") not in text


def test_a_line_says_which_page_how_it_ended_and_with_which_id(browser: Client, lines: io.StringIO) -> None:
    """An operator finds the line of an error page's reference."""
    response = browser.get("/breaks/Canary")
    [failed, answered] = written(lines)
    assert (answered["route"], answered["method"], answered["status"]) == ("breaks", "GET", 500)
    assert answered["duration_ms"] >= 0
    assert failed["request_id"] == answered["request_id"] == response.headers["X-Request-ID"]
    assert failed["level"] == "ERROR"
    assert "builtins.ValueError" in failed["exc_info"]
    assert "in breaks" in failed["exc_info"]


def test_a_page_that_is_not_there_is_logged_without_its_address(browser: Client, lines: io.StringIO) -> None:
    """The address may be what somebody typed."""
    browser.get("/nothing/here")
    assert {line["route"] for line in written(lines)} == {"unknown"}


def test_a_request_id_from_outside_is_not_taken(browser: Client) -> None:
    """Nobody else writes into our logs."""
    response = browser.get("/about", headers={"x-request-id": "Canary"})
    assert "Canary" not in response.headers["X-Request-ID"]


def test_a_method_that_is_none_is_not_quoted(lines: io.StringIO, browser: Client) -> None:
    """A client may write anything there."""
    browser.generic("9991234567", "/about")
    assert {line["method"] for line in written(lines)} == {"OTHER"}


@pytest.mark.parametrize(
    "personal",
    [
        "999 123 4567",
        "9991234567",
        "999-123-4567",
        "nhs_number=9991234567;",
        "patient_9991234567",
        "999%20123%204567",
        "07700 900123",
        "020 7946 0018",
        "(020) 7946 0018",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "447700900123",
        "+33 1 42 68 53 00",
        "ada.made-up+tag@mail.example.org",
        "ada%40example.org",
    ],
)
def test_what_looks_personal_is_masked_wherever_it_stands(lines: io.StringIO, personal: str) -> None:
    """The last wall: in a message, in its values and in an allowed field; other fields are left out."""
    extra = {"route": personal, "patient": personal}
    logging.getLogger("somewhere").warning("Saw %s here", personal, extra=extra)
    [line] = written(lines)
    assert "[masked]" in line["message"]
    assert "[masked]" in line["route"]
    assert "patient" not in line
    assert personal not in lines.getvalue()


def test_our_own_ids_are_not_masked() -> None:
    """An id of digits alone looks like a telephone number, and is none."""
    for plain in ("01234567-8901-7234-8567-012345678901", "It took 12.5 ms", "2026-03-29T01:00:00Z", "404 of 2000"):
        assert masked(plain) == plain


def test_an_error_of_the_machine_keeps_its_first_line_only() -> None:
    """A database says more in the lines below, and quotes rows there."""
    try:
        raise OperationalError("connection refused\nDETAIL: Key (name)=(Canary) already exists.")
    except OperationalError:
        text = exception_text(*sys.exc_info())
    assert "connection refused" in text
    assert "Canary" not in text


def test_the_cause_of_an_error_is_told_too() -> None:
    """By its kind and place."""
    try:
        try:
            raise KeyError("Canary")
        except KeyError as error:
            raise ValueError("Canary") from error
    except ValueError:
        text = exception_text(*sys.exc_info())
    assert "builtins.ValueError" in text
    assert "builtins.KeyError" in text
    assert "test_logs.py" in text
    assert "Canary" not in text


def test_a_request_in_a_line_is_told_by_its_route(lines: io.StringIO) -> None:
    """Django passes the request itself with its own lines."""
    request = RequestFactory().get("/Canary")
    logging.getLogger("django.request").warning(
        "Not Found: %s", "/Canary", extra={"request": request, "status_code": 404}
    )
    [line] = written(lines)
    assert (line["route"], line["status"]) == ("unknown", 404)
    assert "Canary" not in lines.getvalue()
