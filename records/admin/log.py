"""The log of reads, to be read itself: nothing in it can be changed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter
from unfold.decorators import display

from accounts.permissions import Role
from events.admin import DOOR_NAMES
from records.admin.reading import LIST, PAGE
from records.models import RecordAccess, Subject
from tenants.admin_sites.dates import DayRangeFilter, say_moment
from tenants.admin_sites.sites import GrantedAdmin, hospital_site

_FACTS = ("when", "who", "role_name", "door_name", "whose", "what", "extent_name", "what_for")
_PLACES: dict[str, Any] = {LIST: _("List in the admin"), PAGE: _("Page in the admin")}
_PAGES = {Subject.RECORD: "records_medicalrecord", Subject.TREATMENT: "records_treatment"}


@admin.register(RecordAccess, site=hospital_site)
class RecordAccessAdmin(GrantedAdmin):
    """Who read which patient's records, when and what for; the latest first."""

    view_verbs = ("records.audit",)
    list_display = _FACTS
    list_filter = (
        ("patient", AutocompleteSelectFilter),
        ("actor_user", AutocompleteSelectFilter),
        ("occurred_at", DayRangeFilter),
        ("subject", ChoicesDropdownFilter),
        ("extent", ChoicesDropdownFilter),
    )
    search_fields = ("actor_label", "purpose")
    search_help_text = _("Who read, or what for")
    ordering = ("-id",)
    fields = readonly_fields = (*_FACTS, "rows")

    def get_queryset(self, request: HttpRequest) -> QuerySet[RecordAccess]:
        """Every entry; patients by a statement of their own, as an entry stays when its patient has gone."""
        rows: QuerySet[RecordAccess] = super().get_queryset(request)
        return rows.prefetch_related("patient")

    @display(description=_("when"), ordering="id")
    def when(self, entry: RecordAccess) -> str:
        """The moment of the read."""
        return say_moment(entry.occurred_at)

    @display(description=_("by"), ordering="actor_label")
    def who(self, entry: RecordAccess) -> str:
        """Who read, by name as it was then."""
        return entry.actor_label or "–"

    @display(description=_("role"), ordering="actor_role")
    def role_name(self, entry: RecordAccess) -> str:
        """What they were; a program has no role."""
        return str(Role(entry.actor_role).label) if entry.actor_role in Role.values else "–"

    @display(description=_("door"), ordering="door")
    def door_name(self, entry: RecordAccess) -> Any:
        """The way that they came in."""
        return DOOR_NAMES.get(entry.door, entry.door)

    @display(description=_("patient"))
    def whose(self, entry: RecordAccess) -> str:
        """About whom, as a link to the patient."""
        patient = getattr(entry, "patient", None)
        if patient is None:
            return str(entry.patient_id)
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:bookings_patient_change", args=[patient.pk]), patient.name
        )

    @display(description=_("what was read"), ordering="subject")
    def what(self, entry: RecordAccess) -> str:
        """What was read, and how many of them."""
        return f"{entry.get_subject_display()} × {len(entry.subject_ids)}"

    @display(description=_("how much"), ordering="extent")
    def extent_name(self, entry: RecordAccess) -> str:
        """Titles, or everything."""
        return str(entry.get_extent_display())

    @display(description=_("what for"), ordering="purpose")
    def what_for(self, entry: RecordAccess) -> Any:
        """A tool's name, or where in the admin it was."""
        return _PLACES.get(entry.purpose, entry.purpose)

    @display(description=_("ids"))
    def rows(self, entry: RecordAccess) -> str:
        """Which ones, each as a link to its page."""
        page = f"admin:{_PAGES[Subject(entry.subject)]}_change"
        links = ((reverse(page, args=[key]), key) for key in entry.subject_ids)
        return format_html_join("", '<div><a href="{}">{}</a></div>', links)
