"""Medical records in the admin."""

from typing import Any

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
from records.actions.records import create_record, update_record
from records.actions.texts import AttachmentPlan
from records.admin.reading import PAGE, ClinicalAdmin, SealedWidgets, become, plans_in
from records.models import Attachment, MedicalRecord
from records.models.fields import sealed_fields
from records.queries.records import records_for
from tenants.admin_sites.dates import DayRangeFilter, say_moment
from tenants.admin_sites.sites import GrantedInline, hospital_site

READ, WRITE = ("records.read", "records.read_own"), ("records.write", "records.write_own")
_TEXTS = tuple(field.name for field in sealed_fields(MedicalRecord))
_DOCUMENT = tuple(AttachmentPlan.__annotations__)


class _AttachmentInline(SealedWidgets, GrantedInline):
    """Documents that another system keeps."""

    model = Attachment
    view_verbs, add_verbs, change_verbs, delete_verbs = READ, WRITE, WRITE, WRITE
    fields = _DOCUMENT


@admin.register(MedicalRecord, site=hospital_site)
class MedicalRecordAdmin(ClinicalAdmin):
    """Medical records of the patients whom the signed-in user may read about, the latest first."""

    view_verbs = READ
    add_verbs = change_verbs = WRITE
    subject_type = "medical_record"
    list_display = ("when", "patient_link", "type_name", "title", "author")
    list_filter = (
        ("patient", AutocompleteSelectFilter),
        ("record_type", ChoicesDropdownFilter),
        ("practitioner", RelatedDropdownFilter),
        ("recorded_at", DayRangeFilter),
    )
    ordering = ("-recorded_at", "-pk")
    autocomplete_fields = ("patient",)
    inlines = (_AttachmentInline,)
    readonly_fields = ("when", "author", "versions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MedicalRecord]:
        """Those that the signed-in user may read."""
        return records_for(actor_in(request)).select_related("patient")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002  -- Django's signature
        """For a new one, whom it is about; for one that is there, who wrote it and what stood there."""
        if obj is None:
            return ((None, {"fields": ("patient", "record_type", *_TEXTS)}),)
        return (
            (None, {"fields": ("patient_link", "when", "author", "record_type", *_TEXTS)}),
            (_("History"), {"fields": ("versions",)}),
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Write the record, or what was changed of it, by the verb."""
        typed, actor = form.cleaned_data, actor_in(request)
        texts = {name: typed[name] for name in _TEXTS}
        documents = plans_in(formsets[0], _DOCUMENT)
        asked = {"record_type": typed["record_type"], "texts": texts, "attachments": documents}
        if change:
            update_record(actor, record_id=form.instance.pk, **asked, purpose=PAGE)
        else:
            become(form.instance, create_record(actor, patient_id=typed["patient"].pk, **asked))

    @display(description=_("recorded at"), ordering="recorded_at")
    def when(self, row: MedicalRecord) -> str:
        """The moment that it tells of."""
        return say_moment(row.recorded_at)

    @display(description=_("type"), ordering="record_type", label=True)
    def type_name(self, row: MedicalRecord) -> str:
        """What it is about."""
        return str(row.get_record_type_display())

    @display(description=_("author"))
    def author(self, row: MedicalRecord) -> str:
        """Who wrote it, where that is a practitioner."""
        return row.practitioner.name if row.practitioner is not None else "–"
