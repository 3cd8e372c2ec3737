"""A letter's address is also drawn as a square that a telephone's camera reads."""

from typing import Any

import pytest

from patient_online.web.qr import our_addresses, qr_code


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    """Where the service is."""
    settings.SERVICE_URL = "https://gp.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Cancel it here: https://gp.example/cancel/aB-c_9", ["https://gp.example/cancel/aB-c_9"]),
        ("Sign in at https://gp.example to choose.", ["https://gp.example"]),
        ("Choose another time: https://gp.example. Or telephone us.", ["https://gp.example"]),
        ("Cancel it here (https://gp.example/cancel/aB-c_9).", ["https://gp.example/cancel/aB-c_9"]),
        (
            "https://gp.example/a https://gp.example/b\nhttps://gp.example/a",
            ["https://gp.example/a", "https://gp.example/b"],
        ),
        ("https://gp.example.evil.example/a and xhttps://gp.example/a", []),
        ("Ring 01632 960001.", []),
    ],
)
def test_only_addresses_of_this_service_are_drawn(text: str, found: list[str]) -> None:
    assert our_addresses(text) == found


def test_a_square_is_drawn_for_each_address_and_differs_with_it() -> None:
    one, other = qr_code("https://gp.example/cancel/a"), qr_code("https://gp.example/cancel/b")
    assert one.startswith("<svg")
    assert one.endswith("</svg>")
    assert "style=" not in one
    assert "<script" not in one
    assert one != other == qr_code("https://gp.example/cancel/b")
