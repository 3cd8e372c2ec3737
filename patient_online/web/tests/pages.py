"""Reading a page as a browser does: its elements, with their attributes and texts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client


@dataclass
class Element:
    """An element of a page and the text in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """The elements of a page in their order."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in {"input", "link", "meta", "br", "hr", "img", "path", "rect"}:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        """Close the element and those left open in it."""
        while tag in (one.name for one in self.open) and self.open.pop().name != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Add the text to every element that it stands in."""
        for element in self.open:
            element.text += data

    def all(self, element: str, /, **attributes: str) -> list[Element]:
        """The elements of this name with these attributes."""
        wanted = attributes.items()
        return [one for one in self.elements if one.name == element and wanted <= one.attributes.items()]

    def ids(self) -> list[str]:
        """Every id on the page."""
        return [one.attributes["id"] for one in self.elements if "id" in one.attributes]

    def words(self, element: str, /, **attributes: str) -> list[str]:
        """The texts of the elements, with single spaces."""
        return [" ".join(one.text.split()) for one in self.all(element, **attributes)]


def read(response: Any) -> Page:
    """The page of an answer."""
    return Page(response.content.decode())


def said(response: Any) -> str:
    """The words of the page's main part."""
    return " ".join(" ".join(read(response).words("main")).split())


def signed_in(account: Any) -> Client:
    """A browser of somebody who has signed in."""
    client = Client()
    client.force_login(account)
    return client
