"""Paths of the REST door, under ``/api/``."""

from django.urls import include, path, re_path

from api.views import availability, bookings, docs
from bookings.references import PATTERN

REFERENCE = rf"(?P<reference>{PATTERN})"

booking_patterns = [
    path("event-types", availability.EventTypesView.as_view()),
    path("availability/<int:event_type_id>", availability.AvailabilityView.as_view()),
    path("availability/<int:event_type_id>/days", availability.MonthView.as_view()),
    path("create", bookings.CreateView.as_view()),
    path("hold", bookings.HoldView.as_view()),
    path("hold/<uuid:hold_id>", bookings.ReleaseView.as_view()),
    path("search", bookings.SearchView.as_view()),
    # References come last: they are the only segment that is not a word of ours.
    re_path(rf"^{REFERENCE}\.ics$", bookings.CalendarFileView.as_view()),
    re_path(rf"^{REFERENCE}$", bookings.BookingView.as_view()),
    re_path(rf"^{REFERENCE}/cancel$", bookings.CancelView.as_view()),
    re_path(rf"^{REFERENCE}/reschedule$", bookings.RescheduleView.as_view()),
]

urlpatterns = [
    path("v1/tenants/<str:subdomain>/booking/", include(booking_patterns)),
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.swagger, name="docs"),
    path("redoc/", docs.redoc, name="redoc"),
]
