"""Doctors (practitioners of any kind but rooms) on the wire, in short and in full."""

from datetime import time
from typing import Any

from rest_framework import serializers

from bookings.models import (
    ExceptionKind,
    HealthcareService,
    Practitioner,
    PractitionerKind,
    PractitionerSpecialty,
    ScheduleException,
    WeeklyHours,
)
from bookings.queries.practitioners import DoctorDetails
from tenants.context import current_hospital

_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


class TrainingSerializer(serializers.Serializer):
    """A specialty of a doctor."""

    id = serializers.UUIDField(help_text="The `specialty_id` of other tools.")
    code = serializers.CharField()
    name = serializers.CharField(help_text="Name in the caller's language.")
    is_primary = serializers.BooleanField(help_text="What the doctor is known for: one at most.")
    years_of_experience = serializers.IntegerField(allow_null=True)
    certification_date = serializers.DateField(allow_null=True)

    def to_representation(self, row: PractitionerSpecialty) -> dict[str, Any]:
        """The declared fields. Read the row with its specialty."""
        return {
            "id": str(row.specialty_id),
            "code": row.specialty.code,
            "name": row.specialty.name,
            "is_primary": row.is_primary,
            "years_of_experience": row.years_of_experience,
            "certification_date": _day(row.certification_date),
        }


class DoctorSerializer(serializers.Serializer):
    """Somebody whose time is booked: a doctor, nurse or therapist."""

    id = serializers.UUIDField(help_text="The `doctor_id` of other tools, the `provider_id` of booking.")
    name = serializers.CharField(help_text="Name in the caller's language.")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in PractitionerKind if kind != "ROOM"])
    license_number = serializers.CharField(help_text="May be empty.")
    years_of_experience = serializers.IntegerField(allow_null=True)
    is_active = serializers.BooleanField()
    is_bookable = serializers.BooleanField(help_text="Whether patients may book them.")
    is_available = serializers.BooleanField(help_text="Active, bookable and with working hours.")
    specialties = TrainingSerializer(many=True, help_text="The primary one first.")

    def to_representation(self, row: Practitioner) -> dict[str, Any]:
        """The declared fields. Read the row by `bookings.queries.practitioners`."""
        training = TrainingSerializer()
        return {
            "id": str(row.pk),
            "name": row.name,
            "name_th": row.name_th,
            "name_en": row.name_en,
            "kind": row.kind,
            "license_number": row.license_number,
            "years_of_experience": row.years_of_experience,
            "is_active": row.is_active,
            "is_bookable": row.is_bookable,
            "is_available": getattr(row, "is_available", False),
            "specialties": [training.to_representation(each) for each in getattr(row, "training", ())],
        }


class OfferedServiceSerializer(serializers.Serializer):
    """A service that a doctor offers."""

    id = serializers.IntegerField(help_text="The `event_type_id` of booking.")
    name = serializers.CharField(help_text="Name in the caller's language.")
    duration_minutes = serializers.IntegerField()

    def to_representation(self, row: HealthcareService) -> dict[str, Any]:
        """The declared fields."""
        return {"id": row.pk, "name": row.name, "duration_minutes": row.duration_minutes}


class WeeklyHoursSerializer(serializers.Serializer):
    """An interval of an ordinary week, on the clocks of `timezone`."""

    weekday = serializers.ChoiceField(choices=_WEEKDAYS)
    start_time = serializers.CharField(help_text="HH:MM.")
    end_time = serializers.CharField(help_text="HH:MM; 00:00 is the end of the day.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True, help_text="The last day.")

    def to_representation(self, row: WeeklyHours) -> dict[str, Any]:
        """The declared fields."""
        return {
            "weekday": _WEEKDAYS[row.weekday],
            "start_time": _time(row.start_time),
            "end_time": _time(row.end_time),
            "valid_from": _day(row.valid_from),
            "valid_until": _day(row.valid_until),
        }


class ScheduleExceptionSerializer(serializers.Serializer):
    """Days that differ from the weekly hours; without times the whole of each."""

    kind = serializers.ChoiceField(choices=ExceptionKind.values)
    date_from = serializers.DateField()
    date_until = serializers.DateField(help_text="The last day.")
    start_time = serializers.CharField(allow_null=True, help_text="HH:MM.")
    end_time = serializers.CharField(allow_null=True, help_text="HH:MM; 00:00 is the end of the day.")

    def to_representation(self, row: ScheduleException) -> dict[str, Any]:
        """The declared fields. Why somebody is away is nobody's business."""
        return {
            "kind": row.kind,
            "date_from": _day(row.date_from),
            "date_until": _day(row.date_until),
            "start_time": _time(row.start_time),
            "end_time": _time(row.end_time),
        }


class DoctorDetailsSerializer(DoctorSerializer):
    """Somebody whose time is booked, with all that says when and for what."""

    timezone = serializers.CharField(help_text="IANA zone of the hours and exceptions.")
    services = OfferedServiceSerializer(many=True)
    weekly_hours = WeeklyHoursSerializer(many=True, help_text="Those of now and later.")
    exceptions = ScheduleExceptionSerializer(many=True, help_text="From today on, 50 at most.")

    def to_representation(self, details: DoctorDetails) -> dict[str, Any]:  # type: ignore[override]  # more than the row
        """The declared fields."""
        service, hours = OfferedServiceSerializer(), WeeklyHoursSerializer()
        exception = ScheduleExceptionSerializer()
        return {
            **super().to_representation(details.doctor),
            "timezone": details.doctor.timezone or current_hospital().timezone,
            "services": [service.to_representation(row) for row in details.services],
            "weekly_hours": [hours.to_representation(row) for row in details.weekly_hours],
            "exceptions": [exception.to_representation(row) for row in details.exceptions],
        }


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _time(value: time | None) -> str | None:
    return f"{value:%H:%M}" if value is not None else None
