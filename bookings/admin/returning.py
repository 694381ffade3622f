"""Where a page of the front desk leads back to."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bookings.models import Appointment


def page_of(row: Appointment) -> str:
    """The page of one appointment."""
    return reverse("admin:bookings_appointment_change", args=[row.pk])


def where_from(request: HttpRequest) -> str | None:
    """The page of ours where the button was; a foreign one is not followed."""
    page = request.headers.get("referer", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else None
