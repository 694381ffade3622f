"""The calendar's page: everything that its script has to know before it asks for the first day."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from accounts.permissions import OVERBOOKING
from bookings.admin.actors import actor_in
from bookings.admin.calendar.people import columns_for, services_of
from bookings.admin.calendar.wire import wall_time
from bookings.admin.calendar.words import STATUS_COLOURS, STATUS_ICONS, WORDS
from bookings.models import Source
from bookings.models.appointment import STATUS_NAMES
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

# How often the page asks whether anything is new (seconds).
POLL_SECONDS = 5
# What is shown where nobody has working hours.
_USUAL_HOURS = (8, 18)
# Verb of each button; a doctor may do some of it to their own.
_CAN = {
    "book": ("appointments.book",),
    "move": ("appointments.move", "appointments.move_own"),
    "cancel": ("appointments.cancel", "appointments.cancel_own"),
    "attend": ("appointments.attend", "appointments.attend_own"),
    "overbook": tuple(OVERBOOKING),
    "waive": ("appointments.waive",),
    "find_patients": ("patients.read", "patients.read_own"),
    "register": ("patients.write",),
}
_ADDRESSES = (
    "feed", "month", "version", "move", "book", "walk_in", "step", "undo", "cancel", "patients",
    "duplicates", "new_patient", "slots", "print",
)  # fmt: skip


def calendar_of(request: HttpRequest) -> dict[str, Any]:
    """What the page hands to its script. Four statements, whatever the size of the hospital."""
    actor, present, zone = actor_in(request), catalogue(), current_hospital().timezone
    first_hour, last_hour = _hours(present)
    now = wall_time(clock.now(), zone)
    return {
        "urls": _urls(),
        "today": now[:10],
        "now": now,
        "zone": zone,
        "language": get_language(),
        "can": {name: any(actor.can(verb) for verb in verbs) for name, verbs in _CAN.items()},
        "practitioners": columns_for(actor),
        "services": services_of(present),
        "statuses": _statuses(),
        "sources": [{"value": source.value, "label": str(source.label)} for source in Source],
        "first_hour": first_hour,
        "last_hour": last_hour,
        "own_practitioner_id": _own(actor),
        "poll_seconds": POLL_SECONDS,
        "words": {name: str(text) for name, text in WORDS.items()},
    }


def _urls() -> dict[str, str]:
    listed = "admin:bookings_appointment"
    pages = {"page": "calendar", "list": "changelist", "add": "add"}
    return {
        **{name: reverse(f"{listed}_{page}") for name, page in pages.items()},
        **{name: reverse(f"{listed}_calendar_{name}") for name in _ADDRESSES},
    }


def _statuses() -> list[dict[str, str]]:
    return [
        {
            "value": status.value,
            "label": str(name),
            "icon": STATUS_ICONS[status],
            "colour": STATUS_COLOURS[status],
        }
        for status, name in STATUS_NAMES.items()
        if status is not Status.HELD
    ]


def _hours(present: Catalogue) -> tuple[int, int]:
    """The first and the last hour in which anybody works, as each one's own clocks show it."""
    windows = [window for rules in present.book.practitioners.values() for window in rules.weekly]
    first = min((window.start for window in windows), default=_USUAL_HOURS[0] * 60)
    last = max((window.end for window in windows), default=_USUAL_HOURS[1] * 60)
    return first // 60, -(-last // 60)


def _own(actor: Actor) -> str | None:
    return None if actor.practitioner_id is None else str(actor.practitioner_id)
