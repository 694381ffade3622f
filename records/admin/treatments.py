"""Treatments in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import (
    AutocompleteSelectFilter,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from unfold.decorators import display

from bookings.admin.actors import actor_in
from records.actions.texts import MedicationPlan
from records.actions.treatments import create_treatment, update_treatment
from records.admin.reading import PAGE, ClinicalAdmin, SealedWidgets, become, plans_in
from records.admin.words import TREATMENT_COLOURS
from records.models import Medication, Treatment
from records.models.fields import sealed_fields
from records.models.treatment import STATUS_NAMES
from records.queries.records import treatments_for
from records.rules.treatments import TreatmentStatus, allowed
from tenants.admin_sites.dates import DayRangeFilter, say_day
from tenants.admin_sites.forms import RefusableForm
from tenants.admin_sites.sites import GrantedInline, hospital_site

READ, WRITE = ("treatments.read", "treatments.read_own"), ("treatments.write", "treatments.write_own")
_TEXTS = tuple(field.name for field in sealed_fields(Treatment))
_MEDICINE = tuple(MedicationPlan.__annotations__)


class _TreatmentForm(RefusableForm):
    """A treatment; of the statuses it offers those that it can have next."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        status = self.fields.get("status")
        if isinstance(status, forms.ChoiceField):
            current = TreatmentStatus(self.instance.status)
            possible = [current, *(TreatmentStatus(name) for name in allowed(current))]
            status.choices = [(each.value, STATUS_NAMES[each]) for each in possible]

    def _post_clean(self) -> None:
        """Django's, without the table's constraints: what hangs on the status is for the verb to set."""
        self._validate_constraints = False
        super()._post_clean()  # type: ignore[misc]  # Django's own step, which its types do not know


class _MedicationInline(SealedWidgets, GrantedInline):
    """Medicines of the treatment."""

    model = Medication
    view_verbs, add_verbs, change_verbs, delete_verbs = READ, WRITE, WRITE, WRITE
    fields = _MEDICINE


@admin.register(Treatment, site=hospital_site)
class TreatmentAdmin(ClinicalAdmin):
    """Treatments of the patients whom the signed-in user may read about, the latest first."""

    view_verbs = READ
    add_verbs = change_verbs = WRITE
    form = _TreatmentForm
    list_display = ("began", "patient_link", "name", "status_label", "doctor", "follow_up")
    list_filter = (
        ("patient", AutocompleteSelectFilter),
        ("status", ChoicesDropdownFilter),
        ("practitioner", RelatedDropdownFilter),
        ("follow_up_date", DayRangeFilter),
    )
    ordering = ("-created_at", "-pk")
    autocomplete_fields = ("patient",)
    inlines = (_MedicationInline,)
    readonly_fields = ("began", "ended", "doctor", "follow_up", "versions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Treatment]:
        """Those that the signed-in user may read."""
        return treatments_for(actor_in(request)).select_related("patient")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """For a new one, who is treated; for one that is there, how it stands and what stood there before."""
        if obj is None:
            return ((None, {"fields": ("patient", *_TEXTS, "follow_up_date")}),)
        follow_up = "follow_up_date" if self.has_change_permission(request, obj) else "follow_up"
        facts = ("patient_link", "doctor", "status", "began", "ended")
        return (
            (None, {"fields": (*facts, *_TEXTS, follow_up)}),
            (_("History"), {"fields": ("versions",)}),
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Begin the treatment, or change it, by the verb."""
        typed, actor = form.cleaned_data, actor_in(request)
        texts = {name: typed[name] for name in _TEXTS}
        medications = plans_in(formsets[0], _MEDICINE)
        day = typed["follow_up_date"]
        if change:
            update_treatment(
                actor, treatment_id=form.instance.pk, status=typed["status"], texts=texts,
                plain={"follow_up_date": day}, medications=medications, purpose=PAGE,
            )  # fmt: skip
        else:
            made = create_treatment(
                actor,
                patient_id=typed["patient"].pk,
                texts=texts,
                medications=medications,
                follow_up_date=day,
            )
            become(form.instance, made)

    @display(description=_("started on"), ordering="started_on")
    def began(self, row: Treatment) -> str:
        """Its first day."""
        return say_day(row.started_on)

    @display(description=_("ended on"), ordering="ended_on")
    def ended(self, row: Treatment) -> str:
        """Its last day, if it has ended."""
        return say_day(row.ended_on) if row.ended_on else "–"

    @display(description=_("follow-up"), ordering="follow_up_date")
    def follow_up(self, row: Treatment) -> str:
        """When to look again."""
        return say_day(row.follow_up_date) if row.follow_up_date else "–"

    @display(description=_("status"), ordering="status", label=TREATMENT_COLOURS)
    def status_label(self, row: Treatment) -> tuple[str, Any]:
        """The status as a coloured label with its name."""
        return row.status, row.get_status_display()

    @display(description=_("practitioner"))
    def doctor(self, row: Treatment) -> str:
        """Who treats, where that is known."""
        return row.practitioner.name if row.practitioner is not None else "–"
