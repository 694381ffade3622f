"""Event types and providers on the wire."""

from typing import Any

from rest_framework import serializers

from bookings.models import HealthcareService
from bookings.queries.catalogue import Catalogue, catalogue


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
    providers = ProviderSerializer(many=True, help_text="Who offers it.")

    def to_representation(self, service: HealthcareService) -> dict[str, Any]:
        """The declared fields. Without a `catalogue` in the context each row asks for its own."""
        field = service.specialty
        return {
            "id": service.pk,
            "slug": service.slug,
            "name": service.name,
            "name_th": service.name_th,
            "name_en": service.name_en,
            "description": service.description,
            "duration_minutes": service.duration_minutes,
            "price": None if service.price is None else f"{service.price:.2f}",
            "currency": service.currency,
            "capacity": service.capacity,
            "specialty": None if field is None else {"code": field.code, "name": field.name},
            "providers": _providers(self.context.get("catalogue") or catalogue(), service),
        }


class EventTypeListSerializer(serializers.Serializer):
    """All bookable services."""

    results = EventTypeSerializer(many=True)
    count = serializers.IntegerField()

    def to_representation(self, services: list[HealthcareService]) -> dict[str, Any]:
        """The declared fields, written out."""
        one = EventTypeSerializer(context={"catalogue": catalogue()})
        return {"results": [one.to_representation(service) for service in services], "count": len(services)}


def _providers(present: Catalogue, service: HealthcareService) -> list[dict[str, Any]]:
    """Who offers a service; nobody any more if it was switched off since it was read."""
    rules = present.book.services.get(service.pk)
    offered = rules.practitioner_ids if rules is not None else ()
    return [{"id": key, "name": present.practitioners[key].name} for key in offered]
