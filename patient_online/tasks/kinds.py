"""The kinds of task there are. An app above says who decides each, by when, on which page, and what one is about."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from patient_online.asking import Role, Staff

Lines = Callable[[Staff, Collection[UUID]], Mapping[UUID, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of task.

    `title` is marked with N_(). `page` is the name of the page that decides, its address made of the id of what the
    task is about, or of the patient's where `page_of_patient` says so. `working_days` is how long it may take; where
    none is said, the practice's policy. `lines` says, in one statement for all, what each is about: nothing clinical,
    and nothing of who the patient is.
    """

    name: str
    title: str
    roles: frozenset[Role]
    page: str
    working_days: int | None = None
    page_of_patient: bool = False
    lines: Lines | None = None


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds of task known; said once, when the program starts."""
    _KINDS.update({kind.name: kind for kind in kinds})


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises KeyError."""
    return _KINDS[name]


def known_kind(name: str) -> Kind | None:
    """The kind of this name, or None where this version of the program does not know it."""
    return _KINDS.get(name)


def kinds() -> list[Kind]:
    """Every kind that is known, by its name."""
    return [_KINDS[name] for name in sorted(_KINDS)]


def decided_by(roles: Collection[Role]) -> list[str]:
    """The names of the kinds that somebody with one of these roles decides."""
    return [kind.name for kind in kinds() if not kind.roles.isdisjoint(roles)]


def roles_to_cover(roles: Collection[Role]) -> list[Role]:
    """The roles with which somebody sees a task that these roles decide; every role where they decide none."""
    decided = set(decided_by(roles))
    return [role for role in Role if not decided or not decided.isdisjoint(each.name for each in seen_by([role]))]


def seen_by(roles: Collection[Role]) -> list[Kind]:
    """The kinds of task that somebody with these roles sees: what they decide; the manager sees all."""
    return [kind for kind in kinds() if Role.MANAGER in roles or not kind.roles.isdisjoint(roles)]
