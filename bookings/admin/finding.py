"""Find: patients and appointments by whatever is known of them, on one page.

What is typed comes by POST: names and numbers have no place in addresses, which browsers and proxies keep.
"""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.admin.words import STATUS_COLOURS
from bookings.models import Appointment, Patient
from core.thai_order import in_thai_order
from tenants.admin_sites.dates import say_day, say_moment
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin

# Of each kind. Who finds more types more.
MOST = 20
LONGEST = 200


def find_address(desk: GrantedAdmin) -> URLPattern:
    """The page's address below that of the appointments."""

    def page(request: HttpRequest) -> HttpResponse:
        return find_page(desk, request)

    address: URLPattern = path("find/", desk.admin_site.admin_view(page), name="bookings_appointment_find")
    return address


def find_page(desk: GrantedAdmin, request: HttpRequest) -> HttpResponse:
    """What was found for `q`, as far as the signed-in user may see it: four statements at most."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    asked = " ".join(request.POST.get("q", "").split())[:LONGEST]
    found = _found(desk, request, asked) if asked else {}
    return desk.page(
        request,
        "admin/find.html",
        title=_("Find"),
        asked=asked,
        most=MOST,
        may_book=granted(request, "appointments.book"),
        **found,
    )


def _found(desk: GrantedAdmin, request: HttpRequest, asked: str) -> dict[str, Any]:
    patients = _search(desk.admin_site._registry[Patient], request, asked)  # noqa: SLF001  -- Django's own list of them
    appointments = _search(desk, request, asked)
    now = timezone.now()
    coming = appointments.filter(end__gte=now).order_by("start", "pk")[:MOST]
    past = appointments.filter(end__lt=now).order_by("-start", "pk")[:MOST]
    return {
        "patients": [_patient(row) for row in patients.order_by(in_thai_order("name"), "pk")[:MOST]],
        "appointments": [_appointment(row) for row in [*coming, *past][:MOST]],
    }


def _search(rows: ModelAdmin, request: HttpRequest, asked: str) -> QuerySet[Any]:
    """As the list of these rows finds them, which knows how numbers and references are written."""
    found: QuerySet[Any] = rows.get_queryset(request)
    if not rows.has_view_permission(request):
        return found.none()
    found, has_doubles = rows.get_search_results(request, found, asked)
    return found.distinct() if has_doubles else found


def _patient(row: Patient) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "name": row.name,
        "phone": row.phone_number,
        "number": _say_number(row.hospital_number or ""),
        "born": say_day(row.date_of_birth) if row.date_of_birth else "",
        "is_active": row.is_active,
    }


def _say_number(number: str) -> str:
    """Hospitals write "HN000459" or "459": among other numbers, the latter says which one it is."""
    return f"{_('HN')} {number}" if number and not number.upper().startswith("HN") else number


def _appointment(row: Appointment) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "reference": row.reference,
        "when": say_moment(row.start, weekday=True),
        "name": row.guest_name,
        "practitioner": row.practitioner.name,
        "service": row.service.name,
        "status": row.get_status_display(),
        "colour": STATUS_COLOURS[row.status],
    }
