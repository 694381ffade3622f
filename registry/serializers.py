"""A hospital on the wire."""

from typing import Any

from rest_framework import serializers

from core import clock
from tenants.models import Hospital, HospitalType, Language

_TEXTS = (
    "name", "subdomain", "registration_number", "email", "phone_number", "address_line1", "address_line2",
    "city", "state", "country", "postal_code", "hospital_type", "timezone", "language",
)  # fmt: skip


class HospitalSerializer(serializers.Serializer):
    """A hospital of the platform."""

    id = serializers.UUIDField(help_text="Names the hospital in `hospital_id`.")
    name = serializers.CharField()
    subdomain = serializers.CharField(help_text="Names the hospital in addresses; it never changes.")
    registration_number = serializers.CharField(help_text="May be empty, as may all that follows it.")
    email = serializers.CharField()
    phone_number = serializers.CharField()
    address_line1 = serializers.CharField()
    address_line2 = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    country = serializers.CharField()
    postal_code = serializers.CharField()
    hospital_type = serializers.ChoiceField(choices=HospitalType.choices)
    timezone = serializers.CharField(help_text="IANA name of the zone of all its local times.")
    language = serializers.ChoiceField(choices=Language.choices)
    is_active = serializers.BooleanField(help_text="False: it is switched off, and every door refuses it.")
    created_at = serializers.DateTimeField(help_text="ISO 8601 with the hospital's offset.")

    def to_representation(self, hospital: Hospital) -> dict[str, Any]:
        """The declared fields, written out."""
        made = clock.to_epoch(hospital.created_at)
        return {
            "id": str(hospital.uuid),
            **{name: getattr(hospital, name) for name in _TEXTS},
            "is_active": hospital.is_active,
            "created_at": clock.local_iso(made, hospital.timezone),
        }
