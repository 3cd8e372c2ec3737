"""Components are made once and look the same each time; what somebody typed, or what is known of one, is not kept."""

from typing import Any

import pytest
from django.forms import CharField
from django.template import engines
from markupsafe import Markup

from patient_online.web import remembered
from patient_online.web.remembered import NotToBeKept, key_of, remembering


def counted(name: str) -> tuple[Any, list[Any]]:
    """A component that counts how often it is made."""
    made: list[Any] = []

    def component(*params: Any, **more: Any) -> Markup:
        made.append(params)
        return Markup("<p>{}</p>").format(repr(params))

    return remembering(name, component), made


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with nothing remembered."""
    monkeypatch.setattr(remembered, "_kept", {})


def test_the_same_button_is_made_once() -> None:
    button, made = counted("button")
    assert button({"text": "Save", "attributes": {"a": 1}}) == button({"text": "Save", "attributes": {"a": 1}})
    assert len(made) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"text": "<b>"}, {"text": Markup("<b>")}),
        ({"text": 1}, {"text": True}),
        ({"text": "a", "html": "b"}, {"html": "a", "text": "b"}),
        ({"items": [{"text": "a"}]}, {"items": [{"text": "a"}, {"text": "a"}]}),
        ({}, {"text": None}),
    ],
)
def test_what_differs_in_the_least_is_made_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    label, made = counted("label")
    assert (label(one), label(other)) == (label(one), label(other))
    assert len(made) == 2


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("input", {"name": "telephone", "value": "07700", "errorMessage": {"text": "07700 is no number"}}),
        ("select", {"name": "reason", "value": "A cough"}),
        ("summaryList", {"rows": [{"value": {"text": "A cough"}}]}),
        ("card", {"description": "A cough"}),
        ("button", {"text": CharField()}),
    ],
)
def test_what_is_of_one_person_is_not_kept(name: str, params: dict[str, Any]) -> None:
    component, made = counted(name)
    component(params)
    component(params)
    assert len(made) == 2
    assert not remembered._kept


@pytest.mark.parametrize("name", ["input", "textarea", "characterCount"])
@pytest.mark.parametrize("typed", ["07700 900123", '<b>"A & B\'s"</b>', "one\n  two\n", remembered.TYPED, "\\1 {} %s"])
def test_what_is_typed_into_a_box_looks_as_ever_and_is_not_kept(name: str, typed: str) -> None:
    macros: Any = engines["jinja2"].env.get_template("web/form.jinja").module  # type: ignore[attr-defined]
    component = macros.macros[name]
    params = {"name": "it", "id": "it", "label": {"text": "What is it?"}, "maxlength": 200, "value": typed}
    plainly = {**params, "value": Plain(typed)}
    assert component({**params, "value": "other"}) != component(params) == component(plainly)
    assert typed == remembered.TYPED or typed not in repr(remembered._kept)
    assert remembered._kept


class Plain(str):
    """A text that is no plain text, so that what shows it is made anew."""


def test_a_list_that_is_the_same_for_everybody_may_be_kept() -> None:
    card, made = counted("card")
    card({"heading": "Appointments", "shared": True})
    card({"heading": "Appointments", "shared": True})
    assert len(made) == 1


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    hint, made = counted("hint")
    for number in range(10):
        hint({"text": str(number)})
    assert len(made) == 10
    assert len(remembered._kept) <= 3


def test_a_thing_that_is_not_plain_has_no_key() -> None:
    with pytest.raises(NotToBeKept):
        key_of([object()])
