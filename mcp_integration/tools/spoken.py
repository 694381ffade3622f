"""Times as they are read aloud: in the caller's language, on the hospital's clocks, never ambiguous."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.actions.wording import day_in_words, time_in_words
from core import clock

# So many times are named in one sentence; nobody listens to more.
MOST_TIMES = 50


def spoken(start: str, zone: str) -> str:
    """``Friday 20 November, 09:30`` of a local ISO 8601 time with offset; with the year unless it is this.

    In the hour that the clocks of the zone repeat, the offset is said too.
    """
    local = datetime.fromisoformat(start)
    day = day_in_words(local.date(), with_year=local.year != clock.today_in(zone).year)
    return f"{day}, {spoken_time(start, zone)}"


def spoken_time(start: str, zone: str) -> str:
    """``09:30`` of a local ISO 8601 time with offset; with the offset where the clocks show it twice."""
    local = datetime.fromisoformat(start)
    words = time_in_words(local)
    wall = local.replace(tzinfo=clock.zone(zone))
    is_repeated = wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()
    return f"{words} (UTC{start[-6:]})" if is_repeated else words


def spoken_times(slots: Sequence[dict[str, Any]], zone: str) -> str:
    """The starts of some slots of one day, each once, up to fifty of them."""
    times = list(dict.fromkeys(spoken_time(slot["start"], zone) for slot in slots))
    said = ", ".join(times[:MOST_TIMES])
    left = len(times) - MOST_TIMES
    return said if left <= 0 else _("%(times)s and %(left)d more") % {"times": said, "left": left}


def spoken_visit(booking: dict[str, Any], *, who: str = "provider") -> str:
    """What is booked, with whom and when: nothing of it was written by a patient."""
    return _("%(what)s with %(who)s on %(when)s") % {
        "what": booking["event_type"]["name"],
        "who": booking[who]["name"],
        "when": spoken(booking["start"], booking["timezone"]),
    }


def confirmation_of(booking: dict[str, Any]) -> str:
    """That it is booked: what, with whom, when, and the reference to give when it is to be changed."""
    return _("Booked: %(visit)s. The reference is %(reference)s.") % {
        "visit": spoken_visit(booking),
        "reference": booking["reference"],
    }


def cancelled_of(booking: dict[str, Any]) -> str:
    """That it is cancelled, and what it was."""
    return _("Cancelled: %(visit)s. The reference was %(reference)s.") % {
        "visit": spoken_visit(booking),
        "reference": booking["reference"],
    }
