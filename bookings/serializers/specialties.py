"""Specialties on the wire, in full."""

from typing import Any

from rest_framework import serializers

from bookings.models import Specialty


class SpecialtyDetailSerializer(serializers.Serializer):
    """A field of medicine."""

    id = serializers.UUIDField(help_text="The `specialty_id` of other tools.")
    code = serializers.CharField(help_text="Short name, such as `cardiology`.")
    name = serializers.CharField(help_text="Name in the caller's language.")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    description = serializers.CharField(help_text="May be empty.")
    is_active = serializers.BooleanField()
    doctor_count = serializers.IntegerField(help_text="Active practitioners who have it.")

    def to_representation(self, row: Specialty) -> dict[str, Any]:
        """The declared fields. Read the row by `bookings.queries.specialties`."""
        return {
            "id": str(row.pk),
            "code": row.code,
            "name": row.name,
            "name_th": row.name_th,
            "name_en": row.name_en,
            "description": row.description,
            "is_active": row.is_active,
            "doctor_count": getattr(row, "doctor_count", 0),
        }
