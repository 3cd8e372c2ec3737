"""How the house says no: a Refusal is the reason, Refused is how it is raised. Plain Python.

An app lists its reasons as members of its own subclass of `Refusal`; a page, the API and an assistant then say the
same words.
"""

from enum import Enum, StrEnum
from typing import Any


def N_(message: str) -> str:  # noqa: N802 - the name translators' tools know
    """Mark a text for the translators; it is translated when shown."""
    return message


class Owner(StrEnum):
    """Who can change the rule that said no."""

    PRACTICE = N_("your GP practice")
    PATIENT = N_("you")
    SYSTEM = N_("the appointment book itself")
    LAW = N_("a national rule")


class Refusal(Enum):
    """A reason to say no: its words, who owns the rule, and what the person can do next."""

    def __init__(self, words: str, next_step: str, owner: Owner) -> None:
        self.words = words
        self.next_step = next_step
        self.owner = owner

    @property
    def rule(self) -> str:
        """The rule's id for machines and for quoting on the telephone, such as `appointments.booking.just_taken`.

        No two rules have the same: it names the room's module too, where an app's rules have several.
        """
        areas = [part for part in type(self).__module__.split(".")[1:] if part != "rules"]
        return ".".join([*areas, self.name.lower()])

    @property
    def quotable(self) -> bool:
        """Whether somebody may want to ask about the rule; nobody does who has mistyped something."""
        return self.owner is not Owner.PATIENT


class Refused(Exception):
    """Raised when a rule says no; carries the reason and the facts that its words name.

    `recorded` tells that an action has put it into the trail, so that the page does not do so again.
    """

    recorded = False

    def __init__(self, reason: Refusal, **facts: Any) -> None:
        super().__init__(reason.rule)
        self.reason = reason
        self.facts = facts


class Repeat(Refusal):
    """Why a request was not taken for a repeat of an earlier one."""

    KEY_USED = (
        N_("This page was already used to send something else."),
        N_("Look at what was done the first time, among the appointments or in the list, before you send it again."),
        Owner.SYSTEM,
    )


class KeyUsedForAnother(Refused):
    """Raised when an idempotency key comes again with another input."""

    def __init__(self) -> None:
        super().__init__(Repeat.KEY_USED)
