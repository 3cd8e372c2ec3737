"""The kinds of message there are. An app above says how each of its kinds is worded, and when it is no longer true."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils import translation

from patient_online.patients.models import Patient


class Told(Protocol):
    """What wording a message may look at."""

    practice_id: str
    patient_id: UUID
    about: UUID | None
    part: int


class ToPatient(Told, Protocol):
    """A message as it is stored, with the patient whom it is for."""

    kind: str
    patient: Patient


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says: subject and paragraphs for e-mail, inbox and letter, and one line for a text.

    No name of a patient, nothing clinical: neither who the clinician is nor what it is about.
    `at_once` are those of the paragraphs that soon are no longer true: a letter and the inbox leave them out.
    """

    subject: str
    paragraphs: tuple[str, ...]
    text: str
    at_once: tuple[str, ...] = ()

    @property
    def lasting(self) -> tuple[str, ...]:
        """The paragraphs that may be read days later."""
        return tuple(each for each in self.paragraphs if each not in self.at_once)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message. `words` gives what to say at this instant, or None when it is not true any more.

    `must_reach`: who cannot be told otherwise gets a letter to print. Else the inbox is enough.
    `address` gives route and address of a kind that goes there alone, verified or not, or None when it may not go any
    more: what it says is a secret between us and that address, so its words are neither kept nor shown in the inbox.
    """

    name: str
    words: Callable[[Told, datetime], Words | None]
    must_reach: bool = False
    address: Callable[[Told, datetime], tuple[str, str] | None] | None = None


_KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds of message known; said once, when the program starts."""
    _KINDS.update({kind.name: kind for kind in kinds})


def kind_named(name: str) -> Kind:
    """The kind of this name. Raises KeyError."""
    return _KINDS[name]


def known_kind(name: str) -> Kind | None:
    """The kind of this name, or None where this version of the program does not know it."""
    return _KINDS.get(name)


def worded(message: ToPatient, at: datetime) -> Words | None:
    """What the message says at this instant, in its patient's language; None where it is not true, or not known."""
    kind = known_kind(message.kind)
    with _in_words_of(message.patient.language):
        return kind.words(message, at) if kind else None


def is_spoken(language: str) -> bool:
    """Whether messages can be in the language: there is a catalogue of it."""
    return language in {code.partition("-")[0] for code, _ in settings.LANGUAGES}


def _in_words_of(language: str) -> AbstractContextManager[object]:
    """While this lasts, words are of that language where there is a catalogue of it, else English: never of both."""
    named = {code.partition("-")[0]: code for code, _ in settings.LANGUAGES}
    return translation.override(named.get(language, settings.LANGUAGE_CODE))
