"""Nobody's name is read as HTML, whatever they are called."""

import pytest
from django.forms import CharField

from patient_online.appointments.forms.booking import WishForm
from patient_online.appointments.forms.desk import BookWishForm, JumpForm
from tests.architecture.markup import CHOICES_ALONE, typed_into_addresses, unescaped
from tests.architecture.sources import Source, templates


def test_nothing_that_somebody_typed_is_shown_unescaped() -> None:
    assert len(templates()) > 100
    assert unescaped(templates()) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ name|safe }}",
        "{{ ('<b>%s</b>'|format(name))|safe }}",
        "{{ button({'text': _('Go')|e ~ ('<b>: %s</b>'|format(name))|safe}) }}",
        "{{ list({'html': '<b>%s</b>'|format(name)}) }}",
        "{{ list({'html': '<b>' ~ name ~ '</b>'}) }}",
        "{{ list({'html': row.name}) }}",
        "{{ list({'html': _('Hello %(name)s', name=name)}) }}",
        "{{ list({'html': [a, b]|join('<br>')}) }}",
        "{% filter safe %}{{ name }}{% endfilter %}",
    ],
)
def test_a_name_that_would_be_read_as_html_is_found(text: str) -> None:
    assert unescaped([Source("patient_online/web/jinja2/web/x.jinja", text)])


@pytest.mark.parametrize(
    "text",
    [
        "{{ name }}",
        "{{ '<b>%s</b>'|safe|format(name) }}",
        "{{ [a, b]|join('<br>'|safe) }}",
        "{% trans name=name %}<b>{{ name }}</b>{% endtrans %}",
        "{{ list({'html': written(row), 'text': row.name}) }}",
    ],
)
def test_what_is_escaped_is_left_alone(text: str) -> None:
    assert unescaped([Source("patient_online/web/jinja2/web/x.jinja", text)]) == []


def test_no_form_puts_what_is_typed_about_people_into_the_address() -> None:
    """Those that go by GET have days and choices from lists."""
    assert typed_into_addresses(templates()) == []
    assert {source.path for source in templates()} >= CHOICES_ALONE
    for form in (JumpForm, BookWishForm, WishForm):
        typed = [
            name for name, field in form.base_fields.items() if type(field) is CharField and not field.widget.is_hidden
        ]
        assert typed == [], form


@pytest.mark.parametrize("tag", ['<form method="get">', "<form novalidate>", '<FORM METHOD="GET" action="/post">'])
def test_a_form_that_types_into_the_address_is_found(tag: str) -> None:
    assert typed_into_addresses([Source("patient_online/web/jinja2/web/x.jinja", tag)])
    assert not typed_into_addresses(
        [Source("patient_online/web/jinja2/web/x.jinja", '<form method="post" novalidate>')]
    )
