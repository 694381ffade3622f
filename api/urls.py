"""Paths of the REST door, under ``/api/``."""

from django.urls import include, path, register_converter

from api.views import (
    availability,
    bookings,
    deliveries,
    docs,
    holds,
    login,
    problems,
    ratings,
    waiting_list,
    webhooks,
)
from bookings.references import PATTERN


class ReferenceConverter:
    """A booking's reference, as whoever it was read aloud to may have written it."""

    regex = PATTERN

    def to_python(self, value: str) -> str:
        """As it is: the query knows the stored form."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(ReferenceConverter, "reference")

booking_patterns = [
    path("event-types", availability.EventTypesView.as_view()),
    path("availability/<int:event_type_id>", availability.AvailabilityView.as_view()),
    path("availability/<int:event_type_id>/days", availability.MonthView.as_view()),
    path("create", bookings.CreateView.as_view()),
    path("hold", holds.HoldView.as_view()),
    path("hold/<uuid:hold_id>", holds.ReleaseView.as_view()),
    path("search", bookings.SearchView.as_view()),
    path("waiting-list", waiting_list.WaitingListView.as_view()),
    path("waiting-list/<uuid:entry_id>", waiting_list.WaitingListEntryView.as_view()),
    path("waiting-list/<uuid:entry_id>/accept", waiting_list.AcceptOfferView.as_view()),
    path("waiting-list/<uuid:entry_id>/decline", waiting_list.DeclineOfferView.as_view()),
    # References come last: they are the only segment that is not a word of ours.
    path("<reference:reference>.ics", bookings.CalendarFileView.as_view()),
    path("<reference:reference>", bookings.BookingView.as_view()),
    path("<reference:reference>/cancel", bookings.CancelView.as_view()),
    path("<reference:reference>/reschedule", bookings.RescheduleView.as_view()),
    path("<reference:reference>/rating", ratings.RatingView.as_view()),
]

webhook_patterns = [
    path("", webhooks.WebhookListView.as_view()),
    path("register", webhooks.RegisterView.as_view()),
    path("<uuid:webhook_id>", webhooks.WebhookView.as_view()),
    path("<uuid:webhook_id>/rotate-secret", webhooks.RotateSecretView.as_view()),
    path("<uuid:webhook_id>/test", webhooks.TestView.as_view()),
    path("<uuid:webhook_id>/recover", webhooks.RecoverView.as_view()),
    path("<uuid:webhook_id>/deliveries", deliveries.DeliveryListView.as_view()),
    path("<uuid:webhook_id>/deliveries/<uuid:delivery_id>", deliveries.DeliveryView.as_view()),
    path("<uuid:webhook_id>/deliveries/<uuid:delivery_id>/resend", deliveries.ResendView.as_view()),
]

urlpatterns = [
    path("v1/tenants/<str:subdomain>/booking/", include(booking_patterns)),
    path("v1/webhooks/", include(webhook_patterns)),
    path("auth/login/", login.LoginView.as_view()),
    path("auth/refresh/", login.RefreshView.as_view()),
    path("auth/logout/", login.LogoutView.as_view()),
    path("problems/<slug:name>", problems.problem_type),
    path("schema/", docs.schema, name="schema"),
    path("docs/", docs.swagger, name="docs"),
    path("redoc/", docs.redoc, name="redoc"),
    path("redoc/redoc.js", docs.redoc_bundle, name="redoc-bundle"),
]
