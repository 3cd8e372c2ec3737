"""What a worker does before its first request, so that nobody waits for it."""

import gc

from django.template import engines

PAGES = ("access/", "appointments/", "nhsuk/components/", "web/")


def warm() -> None:
    """Read the templates of the pages, and leave what is there by now out of every later collection of garbage."""
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    for name in env.list_templates(filter_func=is_of_a_page):
        env.get_template(name)
    gc.collect()
    gc.freeze()


def is_of_a_page(name: str) -> bool:
    """Whether it is a template of a page, or of the library's that pages use."""
    return name.startswith(PAGES) and name.endswith(".jinja")
