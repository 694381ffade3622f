"""What the front desk types: a booking, a move, a cancellation, a year."""

import uuid
from collections.abc import Sequence
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

from bookings.actions.patients import Guest
from bookings.admin.fields import TimeOfDayField, TypedDateField
from bookings.admin.words import say_refusal
from bookings.errors import MovedMeanwhile
from bookings.models import Appointment, HealthcareService, Patient, Practitioner
from bookings.models.appointment import LONGEST_REASON
from bookings.models.waiting_list import PARTS_OF_DAY
from core.clock import BUDDHIST_OFFSET, FIRST_BUDDHIST_YEAR
from core.errors import DomainError
from core.thai_order import thai_key
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


class OverbookingForm(DeskForm):
    """A form in which whoever may can also say why somebody is to be overbooked."""

    overbook_reason = forms.CharField(
        label=_("Reason of overbooking"), max_length=LONGEST_REASON, required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Only to book what is taken or outside working hours. Kept with the appointment."),
    )  # fmt: skip

    def __init__(self, *args: Any, may_overbook: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_overbook:
            del self.fields["overbook_reason"]

    def why_overbooked(self) -> str:
        """The reason that was typed; empty for who could not type any."""
        return str(self.cleaned_data.get("overbook_reason", ""))


class _WhenForm(forms.Form):
    date = TypedDateField(label=_("Date"))
    time = TimeOfDayField(label=_("Time"), help_text=_("On the hospital's clocks."))

    def start(self) -> datetime:
        """The typed start, naive: on the hospital's clocks."""
        return datetime.combine(self.cleaned_data["date"], self.cleaned_data["time"])


class WalkInForm(OverbookingForm):
    """Somebody who is here, for the first free time from now on."""

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

    field_order: Sequence[str] = (
        "service", "practitioner", "guest_name", "guest_phone", "guest_email", "notes", "overbook_reason",
    )  # fmt: skip

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

    def guest(self) -> Guest:
        """For whom it is. Raises `InvalidInput` at the field."""
        typed = self.cleaned_data
        return Guest.of(name=typed["guest_name"], phone=typed["guest_phone"], email=typed["guest_email"])

    def sent(self) -> dict[str, Any]:
        """All that was typed, to tell two forms of one token apart."""
        return {name: value for name, value in self.cleaned_data.items() if name != "token"}


class BookForm(_WhenForm, WalkInForm):
    """A booking for a guest, at a time."""

    field_order = (
        "service", "practitioner", "date", "time", "guest_name", "guest_phone", "guest_email", "notes",
        "overbook_reason",
    )  # fmt: skip


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


class MoveForm(_WhenForm, OverbookingForm):
    """Another time for an appointment, and another practitioner for those who may choose one."""

    # Sent along unseen: where it was when the form was opened.
    seen_start = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    seen_practitioner = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    practitioner = forms.ChoiceField(label=_("Practitioner"), required=False, widget=UnfoldAdminSelectWidget)
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, required=False, widget=UnfoldAdminTextInputWidget
    )
    field_order = ("date", "time", "practitioner", "reason", "overbook_reason")

    def __init__(self, *args: Any, row: Appointment, may_choose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.initial = {**self.initial, **self._where()}
        if may_choose:
            people = row.service.practitioners.filter(is_active=True, is_bookable=True)
            _choose(self, "practitioner", _("The same"), people)
        else:
            del self.fields["practitioner"]

    def clean_seen_start(self) -> datetime | None:
        """The instant; None for what is none."""
        try:
            seen = datetime.fromisoformat(self.cleaned_data["seen_start"])
        except ValueError:
            return None
        return seen if seen.tzinfo is not None else None

    def refuse(self, refusal: DomainError) -> None:
        """Show a refusal; whoever was told that it has moved may go on from where it is now."""
        super().refuse(refusal)
        if isinstance(refusal, MovedMeanwhile):
            self.data = {name: self.data.get(name) for name in self.data} | self._where()

    def _where(self) -> dict[str, str]:
        return {
            "seen_start": self.row.start.isoformat(),
            "seen_practitioner": str(self.row.practitioner_id),
        }


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
    in_order = sorted(rows, key=lambda row: thai_key(row.name))
    form.fields[name].choices = [("", nothing), *((str(row.pk), row.name) for row in in_order)]  # type: ignore[attr-defined]  # a choice field
