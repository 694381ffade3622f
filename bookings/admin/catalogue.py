"""What is bookable: event types and the specialties that they belong to."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminColorInputWidget

from bookings.admin.leaving import AsksWhoLeaves
from bookings.models import HealthcareService, Specialty
from core.thai_order import ReadersOrder
from tenants.admin_sites.sites import GrantedAdmin, hospital_site


@admin.register(HealthcareService, site=hospital_site)
class HealthcareServiceAdmin(AsksWhoLeaves):
    """Event types. One that is not offered any more is switched off, as old appointments name it."""

    view_verbs = ("catalogue.read",)
    add_verbs = change_verbs = ("catalogue.write",)
    event_type = "catalogue.changed"
    subject_type = "event_type"
    told_fields = (
        "name_th", "name_en", "duration_minutes", "buffer_before", "buffer_after", "slot_interval",
        "minimum_notice", "horizon_days", "capacity", "price", "currency", "is_active",
    )  # fmt: skip
    list_display = ("name", "specialty", "duration", "capacity", "cost", "is_active")
    list_filter = (("specialty", RelatedDropdownFilter), ("is_active", BooleanRadioFilter))
    list_select_related = ("specialty",)
    search_fields = ("name_th", "name_en", "slug")
    prepopulated_fields = {"slug": ("name_en",)}
    autocomplete_fields = ("specialty", "practitioners")
    ordering = (ReadersOrder(), "pk")
    fieldsets = (
        (None, {"fields": ("name_th", "name_en", "slug", "specialty", "practitioners", "is_active")}),
        (_("Times"), {"fields": (("duration_minutes", "slot_interval"), ("buffer_before", "buffer_after"))}),
        (_("Booking"), {"fields": (("minimum_notice", "horizon_days"), "capacity", ("price", "currency"))}),
        (_("Presentation"), {"fields": ("description_th", "description_en", "colour")}),
    )

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """A colour is picked."""
        if db_field.name == "colour":
            kwargs["widget"] = UnfoldAdminColorInputWidget
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[no-any-return]

    @display(description=_("name"), ordering=ReadersOrder())
    def name(self, service: HealthcareService) -> str:
        """The name in the reader's language."""
        return service.name

    @display(description=_("duration"), ordering="duration_minutes")
    def duration(self, service: HealthcareService) -> str:
        """The duration with its unit."""
        return str(_("%d min") % service.duration_minutes)

    @display(description=_("price"), ordering="price")
    def cost(self, service: HealthcareService) -> str:
        """The price with its currency."""
        return "-" if service.price is None else f"{service.price:,.2f} {service.currency}"


@admin.register(Specialty, site=hospital_site)
class SpecialtyAdmin(GrantedAdmin):
    """Fields of medicine."""

    view_verbs = ("catalogue.read",)
    add_verbs = change_verbs = ("catalogue.write",)
    event_type = "catalogue.changed"
    told_fields = ("code", "name_th", "name_en", "is_active")
    list_display = ("name", "code", "is_active")
    list_filter = (("is_active", BooleanRadioFilter),)
    search_fields = ("name_th", "name_en", "code")
    prepopulated_fields = {"code": ("name_en",)}
    fields = ("name_th", "name_en", "code", "description", "is_active")

    @display(description=_("name"), ordering=ReadersOrder())
    def name(self, specialty: Specialty) -> str:
        """The name in the reader's language."""
        return specialty.name
