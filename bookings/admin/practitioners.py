"""Practitioners. Their hours are edited at one place, which asks what becomes of appointments (`time`)."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from bookings.actions.timetable import require_nothing_hit
from bookings.actions.timetable_changes import PresenceChange
from bookings.admin.actors import actor_in
from bookings.admin.exchange import Importable
from bookings.admin.time.pages import TimePages
from bookings.errors import OnePrimary
from bookings.models import BatchKind, Practitioner, PractitionerKind, PractitionerSpecialty
from core.thai_order import ReadersOrder
from subscriptions.limits import take_room
from tenants.admin_sites.dates import say_day
from tenants.admin_sites.sites import GrantedInline, hospital_site
from tenants.context import current_hospital


class _ExpertiseFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """Insist on one primary specialty among those that stay."""
        super().clean()
        stay = [
            form.cleaned_data
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]
        if stay and sum(bool(row.get("is_primary")) for row in stay) != 1:
            raise forms.ValidationError(OnePrimary.text)


class ExpertiseInline(GrantedInline):
    """The specialties of a person: one of them is the primary one."""

    model = PractitionerSpecialty
    formset = _ExpertiseFormSet
    view_verbs = ("practitioners.read",)
    add_verbs = change_verbs = delete_verbs = ("practitioners.write",)
    event_type = "provider.changed"
    verbose_name, verbose_name_plural = _("specialty"), _("specialties")
    fields = ("specialty", "is_primary", "years_of_experience", "certification_date")
    readonly_fields = ("certified",)
    autocomplete_fields = ("specialty",)
    hide_title = True
    tab = True

    def get_fields(self, request: HttpRequest, obj: Practitioner | None = None) -> list[str]:
        """What is typed, or for readers the same in words."""
        if self.has_change_permission(request, obj):
            return list(self.fields)
        return [{"certification_date": "certified"}.get(name, name) for name in self.fields]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PractitionerSpecialty]:
        """With the names of the specialties read at once."""
        rows: QuerySet[PractitionerSpecialty] = super().get_queryset(request)
        return rows.select_related("specialty")

    @display(description=_("certified on"))
    def certified(self, row: PractitionerSpecialty) -> str:
        """The day of the certificate in the reader's calendar."""
        return say_day(row.certification_date) if row.certification_date else "-"


# Fields of the form that decide, as the hours do, which appointments can be kept.
_DECIDES_HOURS = {"is_active", "is_bookable", "timezone"}


def _presence_of(person: Practitioner) -> PresenceChange:
    return PresenceChange(
        practitioner_id=str(person.pk),
        is_active=person.is_active,
        is_bookable=person.is_bookable,
        timezone=person.timezone,
    )


def _is_active_doctor(kind: str, *, is_active: bool) -> bool:
    return kind == PractitionerKind.DOCTOR and is_active


@admin.register(Practitioner, site=hospital_site)
class PractitionerAdmin(Importable, TimePages):
    """Whose time is booked. Who has left is switched off, as old appointments name them."""

    view_verbs = ("practitioners.read",)
    add_verbs = change_verbs = ("practitioners.write",)
    event_type = "provider.changed"
    subject_type = "provider"
    told_fields = (
        "name_th", "name_en", "kind", "years_of_experience", "timezone", "is_active", "is_bookable",
        "daily_limit",
    )  # fmt: skip
    list_display = ("name", "kind", "specialty_names", "is_active", "is_bookable")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("specialties", RelatedDropdownFilter),
        ("is_active", BooleanRadioFilter),
        ("is_bookable", BooleanRadioFilter),
    )
    search_fields = ("name_th", "name_en", "license_number")
    actions_list = ("import_file",)
    import_kind = BatchKind.IMPORT_PRACTITIONERS
    import_verbs = ("practitioners.write",)
    autocomplete_fields = ("user",)
    inlines = (ExpertiseInline,)
    actions_detail = ("hours",)
    actions_row = ("hours",)
    fieldsets = (
        (None, {"fields": ("name_th", "name_en", "kind", "license_number", "years_of_experience")}),
        (_("Booking"), {"fields": ("is_active", "is_bookable", "daily_limit", "timezone", "user")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Practitioner]:
        """Everybody, with their specialties read at once."""
        people: QuerySet[Practitioner] = super().get_queryset(request)
        return people.prefetch_related("specialties")

    def save_model(
        self,
        request: HttpRequest,
        obj: Practitioner,
        form: forms.ModelForm,
        change: bool,  # noqa: FBT001  -- Django's signature
    ) -> None:
        """Save, if the hospital's plan has room for one more doctor where this makes one."""
        was = change and _is_active_doctor(form.initial["kind"], is_active=form.initial["is_active"])
        if not was and _is_active_doctor(obj.kind, is_active=obj.is_active):
            take_room(current_hospital(), "doctors")
        if change and _DECIDES_HOURS & set(form.changed_data):
            require_nothing_hit(actor_in(request), _presence_of(obj))
        super().save_model(request, obj, form, change)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Where one is chosen for an event type, only who still works."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(is_active=True)
        return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]

    @action(description=_("Hours and time off"), icon="schedule", permissions=["view"])
    def hours(self, request: HttpRequest, object_id: Any) -> HttpResponse:  # noqa: ARG002  -- unfold's signature
        """The page where the hours are read and changed."""
        return HttpResponseRedirect(reverse("admin:bookings_practitioner_time", args=[object_id]))

    @display(description=_("name"), ordering=ReadersOrder())
    def name(self, person: Practitioner) -> str:
        """The name in the reader's language."""
        return person.name

    @display(description=_("specialties"))
    def specialty_names(self, person: Practitioner) -> str:
        """Names of their specialties."""
        return ", ".join(specialty.name for specialty in person.specialties.all()) or "-"
