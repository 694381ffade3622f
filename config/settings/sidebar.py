"""Lines of the sidebars and tabs: where each leads, when it is lit, and who sees it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

_Text = str | Promise
# Each page asks for each address of its sidebar several times, and none of them ever changes.
_reverse_once = cache(reverse)
address = lazy(_reverse_once, str)


def granted(*verbs: str) -> Callable[[HttpRequest], bool]:
    """Whether whoever looks may use any of the verbs."""

    def may_see(request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and any(user.can(verb) for verb in verbs)

    return may_see


def page(title: _Text, icon: str, name: str, *verbs: str) -> dict[str, Any]:
    """A line of the sidebar that leads to a list."""
    return {
        "title": title,
        "icon": icon,
        "link": address(f"admin:{name}_changelist"),
        "permission": granted(*verbs),
    }


READS_APPOINTMENTS = ("appointments.read", "appointments.read_own")


def today() -> dict[str, Any]:
    """The line of the sidebar that leads to the appointments of the day."""
    line = page(_("Appointments"), "event", "bookings_appointment", *READS_APPOINTMENTS)
    listed, new_one = line["link"], address("admin:bookings_appointment_add")

    def link(request: HttpRequest) -> str:  # noqa: ARG001  -- unfold's signature
        return f"{listed}?when=today"

    def active(request: HttpRequest) -> bool:
        others = (str(new_one), f"{listed}calendar/", f"{listed}find/")
        return request.path.startswith(str(listed)) and not request.path.startswith(others)

    return {**line, "link": link, "active": active}


def calendar() -> dict[str, Any]:
    """The line of the sidebar that leads to the calendar."""
    return {
        "title": _("Calendar"),
        "icon": "calendar_month",
        "link": address("admin:bookings_appointment_calendar"),
        "permission": granted(*READS_APPOINTMENTS),
    }


def booking() -> dict[str, Any]:
    """The line of the sidebar that leads to the booking form."""
    return {
        "title": _("New appointment"),
        "icon": "add_circle",
        "link": address("admin:bookings_appointment_add"),
        "permission": granted("appointments.book"),
    }


def finding() -> dict[str, Any]:
    """The line of the sidebar that leads to the search over patients and appointments."""
    return {
        "title": _("Find"),
        "icon": "search",
        "link": address("admin:bookings_appointment_find"),
        "permission": granted(*READS_APPOINTMENTS),
    }


def practitioners() -> dict[str, Any]:
    """The line of the sidebar that leads to practitioners, but not to their hours."""
    line = page(_("Practitioners"), "stethoscope", "bookings_practitioner", "practitioners.read")
    listed = line["link"]

    def active(request: HttpRequest) -> bool:
        return request.path.startswith(str(listed)) and not _is_of_hours(request)

    return {**line, "active": active}


def hours() -> dict[str, Any]:
    """The line of the sidebar that leads to everybody's hours."""
    return {
        "title": _("Hours and time off"),
        "icon": "schedule",
        "link": address("admin:bookings_practitioner_times"),
        "permission": granted("schedules.read"),
        "active": _is_of_hours,
    }


def _is_of_hours(request: HttpRequest) -> bool:
    return "/bookings/practitioner/" in request.path and "/time/" in request.path


def days(title: _Text, when: str) -> dict[str, Any]:
    """A tab over the list of appointments that shows some days of it."""

    def link(request: HttpRequest) -> str:  # noqa: ARG001  -- unfold's signature
        return f"{_reverse_once('admin:bookings_appointment_changelist')}?when={when}"

    def active(request: HttpRequest) -> bool:
        everywhere = any(request.GET.get(name) for name in ("q", "start_from", "start_to"))
        return bool(when == ("all" if everywhere else request.GET.get("when", "upcoming")))

    return {"title": title, "link": link, "active": active, "permission": granted(*READS_APPOINTMENTS)}
