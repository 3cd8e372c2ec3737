"""The eight laws of the house. Each is held, and is seen to find a breach that is planted."""

import fnmatch

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.views.generic import TemplateView

from patient_online.web.audiences import public_page
from tests.architecture import askers, pages, plain, writers
from tests.architecture.catalogues import messages
from tests.architecture.pages_words import untranslated_in_templates
from tests.architecture.sources import Source, product, templates
from tests.architecture.words import marks_that_cannot_be_read, untranslated_in_python

SOURCES = product()
TEMPLATES = templates()


def planted(text: str, path: str = "patient_online/appointments/views/patient.py") -> list[Source]:
    """A file of the product that says this."""
    return [Source(path, text)]


def addresses() -> list[URLPattern | URLResolver]:
    """Every address of the product."""
    return list(get_resolver("patient_online.config.urls").url_patterns)


def test_there_is_something_to_hold_the_laws_over() -> None:
    """A law over nothing would always hold."""
    assert {"actions", "queries", "views", "rules", "models"} <= {source.room for source in SOURCES}
    assert len(TEMPLATES) > 20
    assert len(list(pages.every_address(addresses()))) > 20


def test_law_1_only_actions_write_our_tables() -> None:
    assert writers.writes_outside_actions(SOURCES) == []


@pytest.mark.parametrize(
    "breach",
    [
        "slot.save()",
        "Appointment.objects.create(slot=slot)",
        "queries.slots_free(acting).delete()",
        "rows.update(status='open')",
        "Slot.objects.bulk_create([slot])",
        "insert(slot)",
        "Slot.objects.get_or_create(id=1)",
        "cursor.execute('INSERT INTO appointments_slot VALUES (1)')",
        "STATEMENT = 'WITH new AS (INSERT INTO audit_entry VALUES (1)) SELECT 1'",
        "STATEMENT = f'UPDATE {table} SET online = true'",
        "cursor.copy('COPY patients_patient (id) FROM STDIN')",
    ],
)
def test_law_1_finds_a_write_in_a_view(breach: str) -> None:
    assert writers.writes_outside_actions(planted(breach))
    assert not writers.writes_outside_actions(planted(breach, "patient_online/appointments/actions/book.py"))


def test_law_1_lets_a_dictionary_be_updated() -> None:
    assert not writers.writes_outside_actions(planted("context.update({'a': 1}); os.environ.update(A='1')"))


def test_law_1_names_only_exceptions_that_exist() -> None:
    paths = [source.path for source in SOURCES]
    assert all(fnmatch.filter(paths, allowed) for allowed in writers.MAY_WRITE)


def test_law_2_views_ask_queries() -> None:
    assert askers.views_at_the_database(SOURCES) == []


@pytest.mark.parametrize("breach", ["Slot.objects.all()", "Slot._default_manager.get()", "connection.cursor()"])
def test_law_2_finds_a_view_at_the_database(breach: str) -> None:
    assert askers.views_at_the_database(planted(breach))


def test_law_3_every_query_and_action_is_told_who_asks() -> None:
    assert askers.queries_not_told_who_asks(SOURCES) == []
    assert askers.actions_not_told_by_whom(SOURCES) == []


@pytest.mark.parametrize(
    "breach",
    ["def slots(): ...", "def slots(practice: Practice): ...", "def slots(acting: UUID): ...", "def slots(staff): ..."],
)
def test_law_3_finds_a_query_that_anybody_could_phrase(breach: str) -> None:
    assert askers.queries_not_told_who_asks(planted(breach, "patient_online/appointments/queries.py"))


@pytest.mark.parametrize(
    "breach", ["def book(slot: Slot, by: Acting): ...", "def book(slot: Slot, *, by: UUID, at: X): ..."]
)
def test_law_3_finds_an_action_that_nobody_did(breach: str) -> None:
    assert askers.actions_not_told_by_whom(planted(breach, "patient_online/appointments/actions.py"))


def test_law_4_every_page_says_who_it_is_for() -> None:
    assert pages.for_nobody(addresses()) == []
    assert pages.included_from_libraries(addresses()) == []


def test_law_4_every_page_of_a_library_has_our_look() -> None:
    assert pages.without_our_look(addresses()) == []


def test_law_4_finds_pages_for_nobody_and_pages_of_others() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    theirs = TemplateView.as_view(template_name="nhsuk/template.jinja")
    theirs.__module__ = "allauth.account.views"
    assert pages.for_nobody([path("open", view)]) == ["/open: for whom?"]
    assert pages.for_nobody([path("deep/", include([path("open", view)]))]) == ["/deep/open: for whom?"]
    assert pages.without_our_look([path("theirs", public_page(theirs))])
    assert pages.included_from_libraries([path("", include("allauth.account.urls"))])


def test_law_7_rules_are_plain_and_never_read_the_clock() -> None:
    assert plain.not_plain(SOURCES) == []


@pytest.mark.parametrize(
    "breach",
    [
        "from django.utils import timezone",
        "import django.db",
        "from patient_online.appointments.models import Slot",
        "from patient_online.appointments import queries",
        "import time",
        "from time import monotonic",
        "soon = datetime.now(UTC)",
        "clock = date.today",
    ],
)
@pytest.mark.parametrize("place", ["appointments/rules/booking.py", "nhs/dates.py", "asking.py"])
def test_law_7_finds_django_and_clocks_in_rules(breach: str, place: str) -> None:
    assert plain.not_plain(planted(breach, f"patient_online/{place}"))


def test_law_8_every_text_is_in_the_catalogues() -> None:
    assert untranslated_in_templates(TEMPLATES) == []
    assert untranslated_in_python(SOURCES) == []
    assert marks_that_cannot_be_read(SOURCES) == []


@pytest.mark.parametrize(
    "breach",
    [
        "<p>Hello</p>",
        "<p>{{ 'Hello' if new else _('Welcome back') }}</p>",
        "<p>{{ name or 'Nobody' }}</p>",
        "<img alt='A slot'>",
        "<nav aria-label='{{ 'Menu' }}'></nav>",
        "{{ button({'text': 'Book'}) }}",
        "{{ button({'html': '<b>' ~ 'Book' ~ '</b>'}) }}",
        "{{ items([{'value': {'text': 'Yes' if on else _('No')}}]) }}",
        "{{ row('Date of birth', born) }}",
        "{{ row(label='born') }}",
        "{% set title = 'Book' %}",
    ],
)
def test_law_8_finds_text_in_a_template(breach: str) -> None:
    assert untranslated_in_templates(planted(breach, "patient_online/web/jinja2/web/page.jinja"))


def test_law_8_lets_a_template_be() -> None:
    page = """{# A comment #}<p class="a{{ " b" if c }}">{{ _("Hello") }} 111 &nbsp; {% trans %}Bye{% endtrans %}</p>
        <script>let x</script>{{ button({"text": _("Book"), "classes": "big", "href": url("web:about")}) }}"""
    assert untranslated_in_templates(planted(page, "patient_online/web/jinja2/web/page.jinja")) == []


@pytest.mark.parametrize(
    "breach",
    [
        "forms.CharField(label='Name')",
        "forms.CharField(help_text=f'Up to {n} words')",
        "forms.CharField(error_messages={'required': 'Enter a name'})",
        "forms.ChoiceField(choices=[('', _('None')), ('a', 'Anybody')])",
        "raise forms.ValidationError('Enter a number')",
        "models.CharField('name', max_length=3)",
        "render(request, 'x.jinja', {'title': 'Book'})",
        "form.add_error(None, 'Too late')",
        "class Status(models.TextChoices):\n    OPEN = 'open', 'Open'",
        "class NotBooked(Refusal):\n    LATE = 'Too late', N_('Come back'), Owner.SYSTEM",
        "class NotBooked(Refusal):\n    LATE = N_('Too late'), 'Come back', Owner.SYSTEM",
    ],
)
def test_law_8_finds_text_in_python(breach: str) -> None:
    assert untranslated_in_python(planted(breach))


@pytest.mark.parametrize("breach", ["_(f'Hello {name}')", "N_('Hello ' + name)", "gettext('Hello %s' % name)"])
def test_law_8_finds_a_mark_around_a_text_made_at_run_time(breach: str) -> None:
    assert marks_that_cannot_be_read(planted(breach))


def test_law_8_the_translators_see_pages_forms_and_refusals() -> None:
    seen = messages()
    assert {"Skip to main content", "New password", "You have not been given this online service."} <= seen
