"""The calendar's addresses, under the list of appointments."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from bookings.admin.calendar import booking, feed, moving, patients, slots, steps
from bookings.admin.calendar.page import calendar_of
from bookings.admin.calendar.printing import day_list
from bookings.admin.calendar.wire import Handler, answering
from tenants.admin_sites.sites import GrantedAdmin

PAGE = "admin/calendar/page.html"
_SEE = ("appointments.read", "appointments.read_own")
_MOVE = ("appointments.move", "appointments.move_own")
_ATTEND = ("appointments.confirm", "appointments.attend", "appointments.attend_own")
_CANCEL = ("appointments.cancel", "appointments.cancel_own")
_FIND = ("patients.read", "patients.read_own")

# name → its address, method, handler, and the verbs of which any opens it; the verbs behind ask again.
_DATA: dict[str, tuple[str, str, Handler, tuple[str, ...]]] = {
    "feed": ("feed/", "GET", feed.feed, _SEE),
    "month": ("month/", "GET", feed.month, _SEE),
    "version": ("version/", "GET", feed.version, _SEE),
    "move": ("move/", "POST", moving.move, _MOVE),
    "book": ("book/", "POST", booking.book, ("appointments.book",)),
    "walk_in": ("walk-in/", "POST", booking.walk_in_now, ("appointments.book",)),
    "step": ("step/", "POST", steps.step, _ATTEND),
    "undo": ("undo/", "POST", steps.undo, (*_ATTEND, *_CANCEL)),
    "cancel": ("cancel/", "POST", steps.cancel, _CANCEL),
    "patients": ("patients/", "POST", patients.look_up, _FIND),
    "duplicates": ("duplicates/", "POST", patients.duplicates, _FIND),
    "new_patient": ("patients/new/", "POST", patients.register, ("patients.write",)),
    "slots": ("slots/", "GET", slots.slots, _SEE),
}


def calendar_addresses(desk: GrantedAdmin) -> list[URLPattern]:
    """All of them. They must come before the pages of one appointment, which would take them for ids."""
    site, name = desk.admin_site, "bookings_appointment_calendar"

    def page(request: HttpRequest) -> HttpResponse:
        _must_see(desk, request)
        return desk.page(request, PAGE, title=_("Calendar"), calendar=calendar_of(request))

    def printed(request: HttpRequest) -> HttpResponse:
        _must_see(desk, request)
        return day_list(request)

    data = [
        path(f"calendar/{address}", answering(site, method, handler, *verbs), name=f"{name}_{key}")
        for key, (address, method, handler, verbs) in _DATA.items()
    ]
    return [
        path("calendar/", site.admin_view(page), name=name),
        path("calendar/print/", site.admin_view(printed), name=f"{name}_print"),
        *data,
    ]


def _must_see(desk: GrantedAdmin, request: HttpRequest) -> None:
    if not desk.has_view_permission(request):
        raise PermissionDenied
