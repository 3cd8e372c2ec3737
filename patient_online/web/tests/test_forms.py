"""How form fields are shown, read, and sent back when something is wrong."""

from datetime import date
from uuid import UUID

import pytest
from django import forms
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy

from patient_online.refusals import Owner, Refusal, Refused
from patient_online.web.components import error_list, nhsuk_field
from patient_online.web.fields import DateField3, IdempotencyKeyField, TelephoneField, add_refusal
from patient_online.web.tests.pages import Page, read

WRITTEN = {
    "key": "01a20925-bf47-71bd-a095-c9f82e5bcb48",
    "name": "Ada Made-Up",
    "email": "ada@example.org",
    "password": "correct horse battery",
    "telephone": "07700 900123",
    "seats": "1",
    "reason": "First line\n  second line & <b>",
    "time_of_day": "morning",
    "needs": ["morning", "afternoon"],
    "agree": "on",
    "place": "afternoon",
    "born_day": "3",
    "born_month": "mar",
    "born_year": "1980",
}


class Why(Refusal):
    """A reason to say no, for these tests."""

    TAKEN = ("The %(time)s appointment has just been taken.", "Choose another time.", Owner.SYSTEM)


class WhenForm(forms.Form):
    """A date alone."""

    when = DateField3(label="Date of birth", noun="your date of birth", years=range(1900, 2100))


def a_date_form(day: str, month: str, year: str) -> WhenForm:
    """The form with a date typed into it."""
    return WhenForm({"when_day": day, "when_month": month, "when_year": year})


def sent(browser: Client, **changed: str | list[str] | None) -> Page:
    """The page that comes back when everything is filled in but for the changes."""
    data = {name: value for name, value in {**WRITTEN, **changed}.items() if value is not None}
    return read(browser.post(reverse("every-field"), data))


@pytest.mark.parametrize("filled", [True, False])
def test_every_box_has_a_label_and_every_group_a_legend(browser: Client, filled: bool) -> None:
    """With errors or without."""
    page = read(browser.post(reverse("every-field"), {}) if filled else browser.get(reverse("every-field")))
    boxes = [one for one in page.elements if one.name in {"input", "select", "textarea"}]
    seen = [one for one in boxes if one.attributes.get("type") != "hidden"]
    labelled = {one.attributes["for"] for one in page.all("label")}
    assert len(seen) == 16
    assert {one.attributes["id"] for one in seen} == labelled
    assert page.words("legend") == ["Time of day", "What you need", "Date of birth"]
    assert len(page.ids()) == len(set(page.ids()))


def test_boxes_tell_the_browser_what_they_are_for(browser: Client) -> None:
    """So that a telephone shows the right keyboard and a password manager fills in the right thing."""
    page = read(browser.get(reverse("every-field")))
    shape = {one.attributes["name"]: one.attributes for one in page.all("input") if "name" in one.attributes}
    assert (shape["email"]["type"], shape["email"]["inputmode"], shape["email"]["spellcheck"]) == ("email",) * 2 + (
        "false",
    )
    assert (shape["telephone"]["type"], shape["telephone"]["autocomplete"]) == ("tel", "tel")
    assert shape["password"]["autocomplete"] == "new-password"
    assert (shape["seats"]["type"], shape["seats"]["inputmode"]) == ("text", "numeric")
    assert shape["born_day"]["inputmode"] == "numeric"


def test_an_empty_form_comes_back_with_every_error_linked_to_its_field(browser: Client) -> None:
    """The title says so first, and each link leads to a box that is there."""
    page = read(browser.post(reverse("every-field"), {"key": WRITTEN["key"]}))
    links = [one for one in page.all("a") if one.attributes["href"].startswith("#id_")]
    assert page.words("title") == ["Error: Every field - Patient Online"]
    assert page.words("h2")[0] == "There is a problem"
    assert [" ".join(one.text.split()) for one in links] == [
        "Enter full name",
        "Enter e-mail address",
        "Enter password",
        "Enter telephone number",
        "Enter how many people",
        "Enter reason",
        "Select time of day",
        "Select what you need",
        "Tick “I agree” to go on",
        "Select place",
        "Enter your date of birth",
    ]
    assert {one.attributes["href"][1:] for one in links} <= set(page.ids())
    assert "Error: Enter full name" in page.words("span", id="id_name-error")
    assert page.all("input", id="id_name")[0].attributes["aria-describedby"] == "id_name-hint id_name-error"


def test_what_somebody_typed_is_still_there_when_they_are_asked_again(browser: Client) -> None:
    """Line by line, and never as markup; but a password is typed again."""
    page = sent(browser, name=None)
    assert page.all("textarea", name="reason")[0].text == WRITTEN["reason"]
    assert page.all("input", name="email")[0].attributes["value"] == "ada@example.org"
    assert "value" not in page.all("input", name="password")[0].attributes
    ticked = [one.attributes["value"] for one in page.elements if "checked" in one.attributes]
    assert ticked == ["morning", "morning", "afternoon", "on"]
    assert [one.attributes["value"] for one in page.elements if "selected" in one.attributes] == ["afternoon"]
    assert [page.all("input", name=f"born_{part}")[0].attributes["value"] for part in ("day", "month", "year")] == [
        "3",
        "mar",
        "1980",
    ]


def test_a_text_that_is_too_long_says_how_long_it_may_be(browser: Client) -> None:
    """The limit stands under the box without any script."""
    page = sent(browser, reason="x" * 151)
    assert "Reason must be 150 characters or fewer" in page.words("a", href="#id_reason")
    assert page.words("div", id="id_reason-info") == ["You can enter up to 150 characters"]


def test_the_idempotency_key_outlives_a_failed_attempt(browser: Client) -> None:
    """The second attempt is the same request, not another one."""
    [key] = sent(browser, name=None).all("input", name="key")
    assert key.attributes["value"] == WRITTEN["key"]


@pytest.mark.parametrize("broken", ["not-a-key", "", None])
def test_a_key_that_cannot_be_read_is_said_so_and_replaced(browser: Client, broken: str | None) -> None:
    """Sending the page again then works."""
    page = sent(browser, key=broken)
    [key] = page.all("input", name="key")
    assert UUID(key.attributes["value"]).version == 7
    assert any("Check your answers, then send it again." in text for text in page.words("li"))


def test_two_visits_to_a_form_have_two_keys() -> None:
    """A new wish is a new request."""

    class Form(forms.Form):
        key = IdempotencyKeyField()

    first, second = (nhsuk_field(form["key"])[1]["value"] for form in (Form(), Form()))
    assert first != second


def test_a_refusal_stands_at_the_top_with_what_to_do_next() -> None:
    """And is counted as an error by its rule's id."""
    form = a_date_form("3", "3", "1980")
    add_refusal(form, Refused(Why.TAKEN, time="9am"))
    assert error_list(form) == [{"text": "The 9am appointment has just been taken. Choose another time."}]
    assert form.non_field_errors().as_data()[0].code == Why.TAKEN.rule


@pytest.mark.parametrize("month", ["3", "03", "mar", "March", "MAR"])
def test_a_date_is_read_from_numbers_and_from_names_of_months(month: str) -> None:
    """As people write it."""
    form = a_date_form(" 4 ", month, "1980")
    assert form.is_valid()
    assert form.cleaned_data["when"] == date(1980, 3, 4)


@pytest.mark.parametrize(
    ("typed", "message", "link"),
    [
        (("", "", ""), "Enter your date of birth", "day"),
        (("", "3", "1980"), "Date of birth must include a day", "day"),
        (("3", "", ""), "Date of birth must include a month and year", "month"),
        (("3", "3", ""), "Date of birth must include a year", "year"),
        (("3", "3", "80"), "Date of birth: year must include 4 numbers", "year"),
        (("31", "2", "1980"), "Date of birth must be a real date", "day"),
        (("32", "2", "1980"), "Date of birth must be a real date", "day"),
        (("3", "13", "1980"), "Date of birth must be a real date", "month"),
        (("3", "m", "1980"), "Date of birth must be a real date", "month"),
        (("3", "3", "0000"), "Date of birth: year must be from 1900 to 2099", "year"),
        (("3", "3", "9999"), "Date of birth: year must be from 1900 to 2099", "year"),
        (("²", "3", "1980"), "Date of birth must be a real date", "day"),
    ],
)
def test_a_date_that_is_none_says_which_part_is_wrong(typed: tuple[str, str, str], message: str, link: str) -> None:
    """And the link leads to that part."""
    form = a_date_form(*typed)
    assert error_list(form) == [{"text": message, "href": f"#id_when-{link}"}]
    items = nhsuk_field(form["when"])[1]["items"]
    assert next(item["name"] for item in items if item["error"]) == f"when_{link}"


def test_a_date_already_known_is_written_into_its_boxes() -> None:
    """To be changed, not typed again."""
    form = WhenForm(initial={"when": date(1980, 3, 4)})
    assert [item["value"] for item in nhsuk_field(form["when"])[1]["items"]] == ["4", "3", "1980"]


def test_a_date_that_need_not_be_given_may_be_left_out() -> None:
    """It is then no date."""
    assert DateField3(required=False).clean(["", "", ""]) is None


def test_a_page_may_make_the_label_its_heading_and_choices_may_have_hints() -> None:
    """Further parameters reach the component, and late translations are made."""

    class Form(forms.Form):
        place = forms.ChoiceField(label="Place", choices=[("a", "Here"), ("b", "There")], widget=forms.RadioSelect)

    form = Form()
    form.fields["place"].choice_hints = {"a": gettext_lazy("With a ramp")}  # type: ignore[attr-defined]
    template = (
        '{% from "web/form.jinja" import field %}{{ field(form.place, fieldset={"legend": {"isPageHeading": true}}) }}'
    )
    page = Page(engines["jinja2"].from_string(template).render({"form": form}))
    assert page.words("h1") == ["Place"]
    assert page.words("div", id="id_place-item-hint") == ["With a ramp"]


def test_a_widget_that_no_component_shows_is_refused_by_name() -> None:
    """Rather than shown in another look."""

    class Form(forms.Form):
        file = forms.FileField()

    with pytest.raises(TypeError, match="FileInput"):
        nhsuk_field(Form()["file"])


def test_a_telephone_number_is_kept_as_it_was_typed() -> None:
    """The rule that uses it decides what it is."""
    assert TelephoneField().clean(" 020 7946 0018 ") == "020 7946 0018"
