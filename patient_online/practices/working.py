"""Who works at a practice on a day. Plain conditions, for whoever asks for staff."""

from datetime import date

from django.db.models import Q


def here(on: date, of: str = "") -> Q:
    """Those who have not left on the day: who is to leave works until then. `of` is the way to the member, `away__`."""
    return Q(**{f"{of}to_day": None}) | Q(**{f"{of}to_day__gt": on})
