"""Practitioners, with the hours that they work and the exceptions from them."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from bookings.admin.fields import TimeOfDayField, time_widget
from bookings.errors import OnePrimary
from bookings.models import (
    Practitioner,
    PractitionerKind,
    PractitionerSpecialty,
    ScheduleException,
    WeeklyHours,
)
from subscriptions.limits import take_room
from tenants.admin_sites.dates import say_day
from tenants.admin_sites.sites import GrantedAdmin, GrantedInline, hospital_site
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


class _ScheduleInline(GrantedInline):
    view_verbs = ("schedules.read",)
    add_verbs = change_verbs = delete_verbs = ("schedules.write",)
    event_type = "schedule.changed"
    formfield_overrides: ClassVar[dict[Any, Any]] = {
        **GrantedInline.formfield_overrides,
        models.TimeField: {"form_class": TimeOfDayField, "widget": time_widget()},
    }
    as_read = {"start_time": "begins", "end_time": "ends"}
    readonly_fields = ("begins", "ends", "first", "last")
    hide_title = True
    tab = True

    def get_fields(self, request: HttpRequest, obj: Practitioner | None = None) -> list[str]:
        """What is typed, or for readers the same in words."""
        if self.has_change_permission(request, obj):
            return list(self.fields)
        return [self.as_read.get(name, name) for name in self.fields]

    @display(description=_("from"))
    def begins(self, row: WeeklyHours | ScheduleException) -> str:
        """``HH:MM``, or a dash for the whole day."""
        return f"{row.start_time:%H:%M}" if row.start_time else "-"

    @display(description=_("to"))
    def ends(self, row: WeeklyHours | ScheduleException) -> str:
        """``HH:MM``, or a dash for the whole day."""
        return f"{row.end_time:%H:%M}" if row.end_time else "-"

    def formfield_for_choice_field(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field:
        """A choice that is wide enough to be read in a narrow column."""
        kwargs["widget"] = UnfoldAdminSelectWidget(attrs={"style": "min-width: 9rem"})
        return super().formfield_for_choice_field(db_field, request, **kwargs)  # type: ignore[no-any-return]


class WeeklyHoursInline(_ScheduleInline):
    """The intervals of an ordinary week: a lunch break lies between two of them."""

    model = WeeklyHours
    fields = ("weekday", "start_time", "end_time", "valid_from", "valid_until")
    as_read = {**_ScheduleInline.as_read, "valid_from": "first", "valid_until": "last"}

    @display(description=_("valid from"))
    def first(self, hours: WeeklyHours) -> str:
        """The first day of the validity."""
        return say_day(hours.valid_from) if hours.valid_from else "-"

    @display(description=_("valid until"))
    def last(self, hours: WeeklyHours) -> str:
        """The last day of the validity."""
        return say_day(hours.valid_until) if hours.valid_until else "-"


class ScheduleExceptionInline(_ScheduleInline):
    """Time off and extra hours, the latest first."""

    model = ScheduleException
    fields = ("kind", "date_from", "date_until", "start_time", "end_time", "note")
    as_read = {**_ScheduleInline.as_read, "date_from": "first", "date_until": "last"}
    per_page = 20

    @display(description=_("first day"))
    def first(self, exception: ScheduleException) -> str:
        """The first day."""
        return say_day(exception.date_from, weekday=True)

    @display(description=_("last day"))
    def last(self, exception: ScheduleException) -> str:
        """The last day."""
        return say_day(exception.date_until, weekday=True)


def _is_active_doctor(kind: str, *, is_active: bool) -> bool:
    return kind == PractitionerKind.DOCTOR and is_active


@admin.register(Practitioner, site=hospital_site)
class PractitionerAdmin(GrantedAdmin):
    """Whose time is booked. Who has left is switched off, as old appointments name them."""

    view_verbs = ("practitioners.read",)
    add_verbs = change_verbs = ("practitioners.write",)
    event_type = "provider.changed"
    subject_type = "provider"
    told_fields = (
        "name_th", "name_en", "kind", "years_of_experience", "timezone", "is_active", "is_bookable",
    )  # fmt: skip
    list_display = ("name", "kind", "specialty_names", "is_active", "is_bookable")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        ("specialties", RelatedDropdownFilter),
        ("is_active", BooleanRadioFilter),
        ("is_bookable", BooleanRadioFilter),
    )
    search_fields = ("name_th", "name_en", "license_number")
    autocomplete_fields = ("user",)
    inlines = (ExpertiseInline, WeeklyHoursInline, ScheduleExceptionInline)
    fieldsets = (
        (None, {"fields": ("name_th", "name_en", "kind", "license_number", "years_of_experience")}),
        (_("Booking"), {"fields": ("is_active", "is_bookable", "timezone", "user")}),
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
        super().save_model(request, obj, form, change)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Where one is chosen for an event type, only who still works."""
        if request.path.endswith("/autocomplete/"):
            queryset = queryset.filter(is_active=True)
        return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]

    @display(description=_("name"), ordering="name_en")
    def name(self, person: Practitioner) -> str:
        """The name in the reader's language."""
        return person.name

    @display(description=_("specialties"))
    def specialty_names(self, person: Practitioner) -> str:
        """Names of their specialties."""
        return ", ".join(specialty.name for specialty in person.specialties.all()) or "-"
