"""Calendar files: one appointment as an .ics that any calendar can take in.

Times are written in UTC. A wall-clock time with a zone cannot tell the two 1:30am of the October night apart, and
not every calendar reads the zone's rules; an instant in UTC is shown rightly by all.
"""

import unicodedata
from datetime import UTC, datetime

from icalendar import Calendar, Event

_PRODUCT = "-//Patient Online//Appointments//EN"


def calendar_file(
    *,
    uid: str,
    summary: str,
    description: str,
    location: str,
    starts_at: datetime,
    ends_at: datetime,
    stamp: datetime,
    sequence: int = 0,
    cancelled: bool = False,
) -> bytes:
    """One event as an iCalendar file (RFC 5545, published, nobody is asked to reply).

    The same `uid` with a higher `sequence` moves or cancels the event that a calendar already has. It holds the words
    it is given and nothing else about anybody, and is marked private, since calendars are often shared at work.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _PRODUCT)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    event = _event(uid, _utc(starts_at), _utc(ends_at), _utc(stamp))
    _describe(event, summary=summary, description=description, location=location)
    event.add("sequence", sequence)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file


def _event(uid: str, starts_at: datetime, ends_at: datetime, stamp: datetime) -> Event:
    """An event with its identity and its times."""
    if not uid or not uid.isprintable():
        raise ValueError("an event needs an identifier in one line")
    if ends_at <= starts_at:
        raise ValueError("an event ends after it starts")
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", starts_at)
    event.add("dtend", ends_at)
    event.add("class", "PRIVATE")
    return event


def _describe(event: Event, **texts: str) -> None:
    """Put in the texts that say something."""
    for name, text in texts.items():
        if readable := _readable(text):
            event.add(name, readable)


def _utc(instant: datetime) -> datetime:
    """The instant in UTC to the second; ValueError when it does not say its time zone."""
    if instant.utcoffset() is None:
        raise ValueError(f"{instant} does not say its time zone, so it is no instant")
    return instant.astimezone(UTC).replace(microsecond=0)


def _readable(text: str) -> str:
    """The text with plain line ends and without control characters: RFC 5545 forbids them, icalendar lets them by."""
    lines = "\n".join(text.splitlines())
    return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs")).strip()
