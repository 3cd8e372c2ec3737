"""A page as somebody has it before them, and what they did to come there."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.journeys.cast import Cast
from tests.journeys.visitors import Visitor

Deed = Callable[[Visitor, Cast], None]


def just_looks(visitor: Visitor, cast: Cast) -> None:
    """The page as it opens."""


def presses(*buttons: str, **typed: str) -> Deed:
    """Fill in the fields with these names, then press the buttons one after the other."""

    def do(visitor: Visitor, cast: Cast) -> None:
        for name, text in typed.items():
            visitor.page.locator(f'[name="{name}"]').fill(text)
        for button in buttons:
            visitor.presses(button)

    return do


@dataclass(frozen=True)
class State:
    """One page for one person: `path` names what is in the cast, `then` is what they do there."""

    route: str
    path: str
    who: str = "robin"
    then: Deed = just_looks
    called: str = "as it opens"
    error: bool = False

    def __str__(self) -> str:
        return f"{self.route} for {self.who or 'anybody'}, {self.called}"


def wrong(route: str, path: str, then: Deed, called: str, who: str = "robin") -> State:
    """A page that says what has to be put right."""
    return State(route, path, who, then, called, error=True)


def chooses_and_saves(words: str) -> Deed:
    """Choose the answer with these words, then save."""

    def do(visitor: Visitor, cast: Cast) -> None:
        visitor.chooses(words)
        visitor.presses("Save")

    return do
