"""Event types and providers on the wire."""

from typing import Any

from rest_framework import serializers

from bookings.models import HealthcareService
from bookings.queries.catalogue import providers


class ProviderSerializer(serializers.Serializer):
    """A person (or room) whose time is booked."""

    id = serializers.UUIDField(help_text="Names the provider in `provider_id`.")
    name = serializers.CharField(help_text="Name in the caller's language.")


class SpecialtySerializer(serializers.Serializer):
    """A field of medicine."""

    code = serializers.CharField()
    name = serializers.CharField()


class EventTypeSerializer(serializers.Serializer):
    """A bookable service."""

    id = serializers.IntegerField()
    slug = serializers.CharField()
    name = serializers.CharField(help_text="Name in the caller's language (`Accept-Language`: th or en).")
    name_th = serializers.CharField()
    name_en = serializers.CharField()
    description = serializers.CharField(help_text="In the caller's language; may be empty.")
    duration_minutes = serializers.IntegerField()
    price = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    currency = serializers.CharField(help_text="ISO 4217.")
    capacity = serializers.IntegerField(
        help_text="Seats at one start: 1 for a consultation, more for a group."
    )
    specialty = SpecialtySerializer(allow_null=True)
    providers = serializers.SerializerMethodField()

    def get_providers(self, service: HealthcareService) -> list[dict[str, Any]]:
        """Who offers it."""
        return [{"id": str(one.pk), "name": one.name} for one in providers(service)]


class EventTypeListSerializer(serializers.Serializer):
    """All bookable services."""

    results = EventTypeSerializer(many=True)
    count = serializers.IntegerField()
