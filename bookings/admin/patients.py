"""Patients: found, registered, changed; never deleted."""

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import action, display

from bookings.actions.exports import export_patients
from bookings.actions.patients import normalise_phone, register_patient
from bookings.admin.actors import actor_in
from bookings.admin.cover import ConsentInline, InsuranceInline
from bookings.admin.exchange import Exportable, Importable
from bookings.models import BatchKind, Patient
from bookings.queries.patients import patients_for
from core.errors import DomainError, InvalidInput, Kind
from core.thai_order import in_thai_order
from tenants.admin_sites.dates import say_day, say_moment
from tenants.admin_sites.forms import RefusableForm
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import GrantedAdmin, hospital_site

# Fewer digits than this would match half of all numbers.
_SHORTEST_NUMBER = 4


class PatientKnown(DomainError):
    """Phone and name together are somebody who is registered."""

    kind = Kind.CONFLICT
    reason = "patient_known"
    text = _("A patient with this name and phone number exists already.")


def digits_in(text: str) -> str:
    """The digits of a phone number as they are stored: without the zero that stands for the country code.

    Empty when the text is no number, or too short a part of one.
    """
    plain = re.sub(r"[\s().-]", "", text)
    if not re.fullmatch(r"\+?\d+", plain) or len(plain) < _SHORTEST_NUMBER:
        return ""
    return plain.lstrip("+").removeprefix("0")


class _PatientForm(RefusableForm):
    def clean_phone_number(self) -> str:
        """The number in its stored form, which the database insists on."""
        try:
            return normalise_phone(self.cleaned_data["phone_number"], field="phone_number")
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.data["fields"]["phone_number"]) from refusal


@admin.register(Patient, site=hospital_site)
class PatientAdmin(Importable, Exportable, GrantedAdmin):
    """Patients of the hospital; a doctor finds those of their own appointments."""

    view_verbs = ("patients.read", "patients.read_own")
    add_verbs = change_verbs = ("patients.write",)
    as_read = {"date_of_birth": "born"}
    form = _PatientForm
    list_display = ("name", "phone_number", "hospital_number", "born", "language", "is_active")
    list_filter = (("language", ChoicesDropdownFilter), ("is_active", BooleanRadioFilter))
    search_fields = ("name", "phone_number", "hospital_number", "email")
    search_help_text = _("Name, phone, hospital number or e-mail")
    actions_list = ("import_file", "export")
    import_kind = BatchKind.IMPORT_PATIENTS
    import_verbs = ("patients.write",)
    export_verbs = ("patients.read",)
    export_rows = staticmethod(export_patients)
    actions_detail = ("book", "appointments", "records")
    readonly_fields = ("registered",)
    inlines = (InsuranceInline, ConsentInline)
    fieldsets = (
        (None, {"fields": ("name", "phone_number", "email", "hospital_number", "date_of_birth", "language")}),
        (_("State"), {"fields": ("is_active", "registered")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Patient]:
        """Those whom the signed-in user may see."""
        return patients_for(actor_in(request)).order_by(in_thai_order("name"), "pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Patient], search_term: str
    ) -> tuple[QuerySet[Patient], bool]:
        """By any part of what is searched; a phone number however it is written."""
        if digits := digits_in(search_term):
            return queryset.filter(
                Q(phone_number__contains=digits) | Q(hospital_number__icontains=search_term)
            ), False
        return super().get_search_results(request, queryset, search_term)  # type: ignore[no-any-return]

    def save_model(self, request: HttpRequest, obj: Patient, form: forms.ModelForm, change: bool) -> None:  # noqa: ARG002, FBT001  -- Django's signature
        """Register by the verb, which records the event too."""
        try:
            register_patient(actor_in(request), obj)
        except IntegrityError as error:
            if "one_patient_per_phone_and_name" in str(error):
                raise PatientKnown from error
            raise

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:  # noqa: FBT001  -- Django's signature
        """Save insurance and consents by their verbs, which record the events."""
        formset.actor = actor_in(request)
        super().save_formset(request, form, formset, change)

    def has_book_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Whether the button that leads to a booking is shown."""
        return granted(request, "appointments.book")

    @action(description=_("Book"), icon="add", permissions=["book"])
    def book(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        """To the booking form, filled in as far as the patient is known."""
        return HttpResponseRedirect(f"{reverse('admin:bookings_appointment_add')}?patient={object_id}")

    @action(description=_("Appointments"), icon="event")
    def appointments(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        """To the patient's appointments."""
        return HttpResponseRedirect(
            f"{reverse('admin:bookings_appointment_changelist')}?when=all&patient={object_id}"
        )

    def has_records_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Whether the button that leads to the medical records is shown."""
        return granted(request, "records.read", "records.read_own")

    @action(description=_("Medical records"), icon="clinical_notes", permissions=["records"])
    def records(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        """To the patient's medical records, which the room above keeps."""
        return HttpResponseRedirect(
            f"{reverse('admin:records_medicalrecord_changelist')}?patient={object_id}"
        )

    @display(description=_("date of birth"), ordering="date_of_birth")
    def born(self, patient: Patient) -> str:
        """The date of birth in the reader's calendar."""
        return say_day(patient.date_of_birth) if patient.date_of_birth else "-"

    @display(description=_("registered"), ordering="created_at")
    def registered(self, patient: Patient) -> str:
        """When the patient was registered."""
        return say_moment(patient.created_at)
