"""Ratings that patients left, for reading alone."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from bookings.admin.actors import actor_in
from bookings.models import Rating
from bookings.queries.ratings import ratings_for
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.sites import GrantedAdmin, hospital_site

_FACTS = ("stars", "comment", "visit", "provider", "said", "changed")


@admin.register(Rating, site=hospital_site)
class RatingAdmin(GrantedAdmin):
    """What patients thought of their visits; a doctor reads those of their own. Nobody changes any."""

    view_verbs = ("appointments.read", "appointments.read_own")
    list_display = ("stars", "comment", "provider", "visit", "said")
    list_filter = (
        ("rating", ChoicesDropdownFilter),
        ("appointment__practitioner", RelatedDropdownFilter),
        ("appointment__service", RelatedDropdownFilter),
    )
    search_fields = ("appointment__reference",)
    search_help_text = _("Reference")
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = _FACTS

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rating]:
        """Those of the appointments that the signed-in user may see."""
        return ratings_for(actor_in(request)).order_by(*self.ordering)

    @display(description=_("rating"), ordering="rating")
    def stars(self, row: Rating) -> str:
        """One to five stars."""
        return format_html('<span class="whitespace-nowrap" title="{}">{}</span>', row.rating, str(row))

    @display(description=_("appointment"))
    def visit(self, row: Rating) -> str:
        """The appointment, as a way to it."""
        url = reverse("admin:bookings_appointment_change", args=[row.appointment_id])
        return format_html('<a class="whitespace-nowrap" href="{}">{}</a>', url, row.appointment.reference)

    @display(description=_("practitioner"))
    def provider(self, row: Rating) -> str:
        """With whom it was."""
        return row.appointment.practitioner.name

    @display(description=_("created at"), ordering="created_at")
    def said(self, row: Rating) -> str:
        """When it was left."""
        return say_moment(row.created_at)

    @display(description=_("updated at"), ordering="updated_at")
    def changed(self, row: Rating) -> str:
        """When it was changed last."""
        return say_moment(row.updated_at)
