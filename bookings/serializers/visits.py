"""Appointments as staff's programs see them, and the free times of one doctor."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from bookings.models import Appointment, Source
from bookings.queries.doctor_days import DoctorDay
from bookings.rules.statuses import Status
from bookings.serializers.appointments import EventTypeNameSerializer, local
from bookings.serializers.catalogue import ProviderSerializer
from bookings.serializers.fields import PatientText, WireDate, WireId, WireInteger, WireText, WireTime
from bookings.serializers.slots import SlotSerializer
from core.clock import local_time_of_day
from tenants.context import current_hospital

WIRE_STATUSES = [status.value for status in Status if status is not Status.HELD]
# What an appointment can be brought to; moving it to another time is what schedules it anew.
REACHABLE = [status for status in WIRE_STATUSES if status != Status.SCHEDULED]


class PatientNameSerializer(serializers.Serializer):
    """Whose appointment it is."""

    id = serializers.UUIDField(allow_null=True, help_text="Null for a guest who left no phone number.")
    name = PatientText()


class DoctorNameSerializer(serializers.Serializer):
    """With whom it is."""

    id = serializers.UUIDField(help_text="The `doctor_id` of other tools.")
    name = serializers.CharField(help_text="Name in the caller's language.")


class AppointmentSerializer(serializers.Serializer):
    """An appointment."""

    id = serializers.UUIDField(help_text="The `appointment_id` of other tools.")
    reference = serializers.CharField(help_text="What the patient knows it by.")
    patient = PatientNameSerializer()
    doctor = DoctorNameSerializer()
    event_type = EventTypeNameSerializer()
    start = serializers.DateTimeField(help_text="With the hospital's offset.")
    end = serializers.DateTimeField()
    timezone = serializers.CharField(help_text="IANA zone of the hospital.")
    status = serializers.ChoiceField(choices=WIRE_STATUSES)
    reason = PatientText(allow_blank=True, help_text="What the visit is about.")
    notes = PatientText(allow_blank=True)
    cancel_reason = PatientText(allow_blank=True)
    source = serializers.ChoiceField(choices=Source.values)  # type: ignore[assignment]  # DRF takes it away
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, row: Appointment) -> dict[str, Any]:
        """The declared fields. Read the row with its patient, event type and practitioner."""
        zone = current_hospital().timezone
        name = row.patient.name if row.patient is not None else row.guest_name
        return {
            "id": str(row.pk),
            "reference": row.reference,
            "patient": {"id": str(row.patient_id) if row.patient_id else None, "name": name},
            "doctor": {"id": str(row.practitioner_id), "name": row.practitioner.name},
            "event_type": {"id": row.service_id, "name": row.service.name},
            "start": local(row.start, zone),
            "end": local(row.end, zone),
            "timezone": zone,
            "status": str(row.status),
            "reason": row.reason,
            "notes": row.notes,
            "cancel_reason": row.cancel_reason,
            "source": str(row.source),
            "created_at": local(row.created_at, zone),
            "updated_at": local(row.updated_at, zone),
        }


class CreateAppointmentSerializer(serializers.Serializer):
    """Book a visit of a known patient."""

    patient_id = WireId(help_text="Who comes.")
    doctor_id = WireId(help_text="With whom.")
    appointment_date = WireDate(help_text="YYYY-MM-DD on the hospital's calendar, the year Gregorian.")
    appointment_time = WireTime(help_text="When it starts: HH:MM:SS, 24 hours, on the hospital's clocks.")
    reason = WireText(max_length=500, help_text="What the visit is about.")
    notes = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=2000,
        help_text="What the hospital should know before the visit.",
    )  # fmt: skip
    event_type_id = WireInteger(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="What is booked. Left out: the first event type of the doctor that is free then.",
    )  # fmt: skip

    def start(self) -> datetime:
        """The asked start, naive: on the hospital's clocks."""
        data = self.validated_data
        return datetime.combine(data["appointment_date"], data["appointment_time"])


class UpdateAppointmentStatusSerializer(serializers.Serializer):
    """Bring an appointment to another status."""

    appointment_id = WireId(help_text="Which appointment.")
    status = serializers.ChoiceField(
        choices=REACHABLE,
        help_text="From SCHEDULED to CONFIRMED, CHECKED_IN, IN_PROGRESS, COMPLETED; or CANCELLED, NO_SHOW.",
    )
    notes = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=2000,
        help_text="Why it is cancelled (500 characters at most); for other statuses, added to its notes.",
    )  # fmt: skip


class AskDoctorDaySerializer(serializers.Serializer):
    """When a doctor is free on a day."""

    doctor_id = WireId(help_text="Whose free times.")
    date = WireDate(help_text="YYYY-MM-DD on the hospital's calendar, the year Gregorian.")
    event_type_id = WireInteger(
        required=False, allow_null=True, min_value=1, max_value=2**31 - 1,
        help_text="For this event type alone. Left out: for all that the doctor offers.",
    )  # fmt: skip


class DoctorSlotSerializer(SlotSerializer):
    """A free start, and what can be booked at it."""

    event_type = EventTypeNameSerializer()


class DoctorDaySerializer(serializers.Serializer):
    """The free times of a doctor on a day."""

    doctor = ProviderSerializer()
    date = serializers.DateField()
    timezone = serializers.CharField(help_text="IANA zone of the hospital; date and times are in it.")
    available_times = serializers.ListField(
        child=serializers.CharField(), help_text="Starts as HH:MM, in order, each one once."
    )
    slots = DoctorSlotSerializer(many=True, help_text="The same by event type.")
    count = serializers.IntegerField(help_text="How many slots.")

    def to_representation(self, found: DoctorDay) -> dict[str, Any]:
        """The declared fields, written out."""
        slots = SlotSerializer()
        times = dict.fromkeys(local_time_of_day(one.slot.start, found.zone) for one in found.slots)
        return {
            "doctor": {"id": str(found.practitioner.pk), "name": found.practitioner.name},
            "date": found.day.isoformat(),
            "timezone": found.zone,
            "available_times": list(times),
            "slots": [
                {
                    **slots.to_representation(one.slot),
                    "event_type": {"id": one.service.pk, "name": one.service.name},
                }
                for one in found.slots
            ],
            "count": len(found.slots),
        }
