"""What the front desk types: a booking, a move, a cancellation, a year."""

import uuid
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminEmailInputWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from bookings.admin.fields import TimeOfDayField, TypedDateField
from bookings.admin.words import say_refusal
from bookings.models import Appointment, HealthcareService, Patient, Practitioner
from bookings.models.waiting_list import PARTS_OF_DAY
from core.clock import BUDDHIST_OFFSET, FIRST_BUDDHIST_YEAR
from core.errors import DomainError
from tenants.admin_sites.forms import show_refusal

# Which field of the form a refusal is about.
_FIELD_OF = {
    "event_type_not_found": "service",
    "provider_not_found": "practitioner",
    "booking_not_found": "reference",
}


class DeskForm(forms.Form):
    """A form that leads to a verb, and shows the verb's refusal without losing what was typed."""

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal at the fields that it names, else above the form with what can be had instead."""
        if "fields" in refusal.data:
            show_refusal(self, refusal)
        else:
            field = _FIELD_OF.get(refusal.reason)
            self.add_error(field if field in self.fields else None, say_refusal(refusal))


class _WhenForm(DeskForm):
    date = TypedDateField(label=_("Date"))
    time = TimeOfDayField(label=_("Time"), help_text=_("On the hospital's clocks."))

    def start(self) -> datetime:
        """The typed start, naive: on the hospital's clocks."""
        return datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"])


class BookForm(_WhenForm):
    """A booking for a guest."""

    service = forms.TypedChoiceField(label=_("Event type"), coerce=int, widget=UnfoldAdminSelectWidget)
    practitioner = forms.ChoiceField(label=_("Practitioner"), required=False, widget=UnfoldAdminSelectWidget)
    guest_name = forms.CharField(label=_("Name"), max_length=200, widget=UnfoldAdminTextInputWidget)
    guest_phone = forms.CharField(
        label=_("Phone number"), max_length=40, required=False, widget=UnfoldAdminTextInputWidget
    )
    guest_email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, widget=UnfoldAdminEmailInputWidget
    )
    notes = forms.CharField(
        label=_("Notes"), max_length=2000, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    # Sent along unseen: a form that is sent twice books once.
    token = forms.CharField(max_length=36, initial=uuid.uuid4, widget=forms.HiddenInput)

    field_order = (
        "service",
        "practitioner",
        "date",
        "time",
        "guest_name",
        "guest_phone",
        "guest_email",
        "notes",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = HealthcareService.objects.filter(is_active=True)
        people = Practitioner.objects.filter(is_active=True, is_bookable=True)
        _choose(self, "service", _("Choose"), services)
        _choose(self, "practitioner", _("Anybody"), people)

    @staticmethod
    def about(patient: Patient) -> dict[str, str]:
        """What the form can say by itself of a patient who is known."""
        return {
            "guest_name": patient.name,
            "guest_phone": patient.phone_number,
            "guest_email": patient.email,
        }


class JoinForm(DeskForm):
    """Somebody who waits for a time to become free: for a booking of theirs, or for an event type."""

    reference = forms.CharField(
        label=_("Appointment"), max_length=20, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Reference of an appointment that is to come sooner. Leave the next four empty then."),
    )  # fmt: skip
    service = forms.TypedChoiceField(
        label=_("Event type"), coerce=int, empty_value=None, required=False, widget=UnfoldAdminSelectWidget
    )
    guest_name = forms.CharField(
        label=_("Name"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget
    )
    guest_phone = forms.CharField(
        label=_("Phone number"), max_length=40, required=False, widget=UnfoldAdminTextInputWidget
    )
    guest_email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False, widget=UnfoldAdminEmailInputWidget
    )
    practitioner = forms.ChoiceField(label=_("Practitioner"), required=False, widget=UnfoldAdminSelectWidget)
    date_from = TypedDateField(label=_("From"), required=False)
    date_to = TypedDateField(label=_("Until"), required=False)
    part_of_day = forms.ChoiceField(
        label=_("Part of the day"), required=False, choices=[("", _("The whole day")), *PARTS_OF_DAY],
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "service", _("Choose"), HealthcareService.objects.filter(is_active=True))
        people = Practitioner.objects.filter(is_active=True, is_bookable=True)
        _choose(self, "practitioner", _("Anybody"), people)


class MoveForm(_WhenForm):
    """Another time for an appointment, and another practitioner for those who may choose one."""

    practitioner = forms.ChoiceField(label=_("Practitioner"), required=False, widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args: Any, row: Appointment, may_choose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_choose:
            people = row.service.practitioners.filter(is_active=True, is_bookable=True)
            _choose(self, "practitioner", _("The same"), people)
        else:
            del self.fields["practitioner"]


class CancelForm(DeskForm):
    """Why an appointment is cancelled."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=UnfoldAdminTextInputWidget,
        help_text=_("Kept with the appointment."),
    )  # fmt: skip


class YearForm(DeskForm):
    """A year of either calendar."""

    year = forms.IntegerField(
        label=_("Year"),
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("A Buddhist year is understood too."),
    )

    def clean_year(self) -> int:
        """The Gregorian year."""
        year: int = self.cleaned_data["year"]
        return year - BUDDHIST_OFFSET if year >= FIRST_BUDDHIST_YEAR else year


def _choose(form: forms.Form, name: str, nothing: Any, rows: Any) -> None:
    """Fill a field's choices: nothing chosen first, then the rows by name."""
    form.fields[name].choices = [("", nothing), *((str(row.pk), row.name) for row in rows)]  # type: ignore[attr-defined]  # a choice field
