"""Components are made once and look the same each time; what somebody typed, or what is known of one, is not kept."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.forms import (
    BooleanField,
    CharField,
    CheckboxSelectMultiple,
    ChoiceField,
    Form,
    MultipleChoiceField,
    Textarea,
)
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
    button, made = counted("button")
    assert (button(one), button(other)) == (button(one), button(other))
    assert len(made) == 2


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("input", {"name": "telephone", "value": "07700", "errorMessage": {"text": "07700 is no number"}}),
        ("select", {"name": "reason", "value": "A cough"}),
        ("summaryList", {"rows": [{"value": {"text": "A cough"}}]}),
        ("card", {"description": "A cough"}),
        ("dateInput", {"items": [{"name": "day", "value": "7"}]}),
        ("dateInput", {"items": [{"name": "day", "value": "7th"}], "shared": False}),
        ("button", {"text": CharField()}),
        ("backLink", {"text": "Ann Archer", "shared": False}),
        ("nhsukAttributes", {"class": "app-name", "aria-label": "Ann Archer"}),
        ("nhsukAttributes", Markup(' aria-label="Ann Archer"')),
        ("checkboxes", {"items": [{"text": "8am, Ann Archer"}]}),
        ("input", {"name": "telephone", "shared": True, "errorMessage": {"text": "07700 is no number"}}),
        ("select", {"items": [], "shared": True, "errorMessage": {"text": "Ann is no choice"}}),
        *((name, {"text": "Ann Archer"}) for name in ("fieldset", "heading", "hint", "label", "legend")),
    ],
)
def test_what_is_of_one_person_is_not_kept(name: str, params: Any) -> None:
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
    params = {
        "name": "it",
        "id": "it",
        "label": {"text": "What is it?"},
        "maxlength": 200,
        "shared": True,
        "value": typed,
    }
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


class WhomForm(Form):
    """Asks about people: their names come with the request, in a choice, a label and a hint."""

    whom = MultipleChoiceField(label="Whom?", widget=CheckboxSelectMultiple, choices=[])
    why = CharField(label="Why?", max_length=100, widget=Textarea)
    number = CharField(label="Number")
    seen = BooleanField(label="Seen")
    how = ChoiceField(label="How?", choices=[("now", "Now"), ("later", "Later")])


def shown(form: Form) -> str:
    """The form's fields, as a page shows them."""
    macros: Any = engines["jinja2"].env.get_template("web/form.jinja").module  # type: ignore[attr-defined]
    return str(macros.fields(form))


def test_names_in_choices_labels_and_hints_that_came_with_a_request_are_found_nowhere() -> None:
    form = WhomForm({"why": "Cora Secret asked", "how": "Dan Secret"})
    whom: Any = form.fields["whom"]
    whom.choices = [("1", "8am, Ann Secret")]
    form.fields["number"].label, form.fields["seen"].help_text = "Ben Secret’s number", "Seen by Eve Secret"
    form.fields["added"] = CharField(label="Fay Secret")
    page = shown(form)
    for name in ("Ann", "Ben", "Cora", "Eve", "Fay"):
        assert f"{name} Secret" in page
    assert "Secret" not in repr(remembered._kept)


def test_what_a_form_declares_for_everybody_is_made_once() -> None:
    shown(WhomForm())
    kept = [key[0] for key in remembered._kept]  # type: ignore[index]
    assert {"characterCount", "checkboxes", "input", "select"} <= set(kept)
    assert shown(WhomForm()) == shown(WhomForm())
    assert len(remembered._kept) == len(kept)


# Words of the catalogue with nothing put into them.
OURS = re.compile(r'"text": (button or )?_\("[^"%]*"\)( if \w+ else _\("[^"%]*"\))?(,|$)')


def test_every_button_and_link_back_says_words_of_ours_or_that_they_are_not_for_everybody() -> None:
    """They are kept: so no template may put a name, or a time, into one without saying so."""
    found = [
        (file.name, params)
        for file in (Path(settings.ROOT) / "patient_online").rglob("*.jinja")
        for params in re.findall(r"(?:button|backLink)\((\{.*?\})\)", file.read_text(), re.DOTALL)
    ]
    assert len(found) > 80
    for name, params in found:
        says_more = '"html"' in params or ('"text"' in params and not OURS.search(params.strip("{ }")))
        assert '"shared": false' in params or not says_more, f"{name}: {params}"


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    hint, made = counted("hint")
    for number in range(10):
        hint({"text": str(number), "shared": True})
    assert len(made) == 10
    assert len(remembered._kept) <= 3


def test_a_thing_that_is_not_plain_has_no_key() -> None:
    with pytest.raises(NotToBeKept):
        key_of([object()])
