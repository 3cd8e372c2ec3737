"""A form is known as ours by a token, which is masked once for all forms of a page."""

import re

from django.middleware.csrf import CSRF_TOKEN_LENGTH
from django.template import engines
from django.test import RequestFactory

from patient_online.web.page import FormToken, about_the_service

TWO_FORMS = "<form>{{ csrf_input }}</form><form>{{ csrf_input }}</form>"
VALUE = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


def shown(template: str) -> tuple[list[str], bool]:
    """The tokens on a page, and whether the browser is told to keep one."""
    request = RequestFactory().get("/")
    page = engines["jinja2"].from_string(template).render({}, request)
    return VALUE.findall(str(page)), bool(request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))


def test_two_forms_of_a_page_send_one_token_and_the_next_page_masks_another() -> None:
    tokens, keeps = shown(TWO_FORMS)
    assert (len(tokens), len(set(tokens)), keeps) == (2, 1, True)
    assert len(tokens[0]) == CSRF_TOKEN_LENGTH
    assert shown(TWO_FORMS)[0] != tokens


def test_who_reads_a_page_without_a_form_gets_no_token_to_keep() -> None:
    assert shown("<p>Nothing to send</p>") == ([], False)


def test_every_page_is_given_its_own_token() -> None:
    one, other = (about_the_service(RequestFactory().get("/"))["csrf_input"] for _ in range(2))
    assert isinstance(one, FormToken)
    assert str(one) == one.__html__() != str(other)
