"""Bookings on the wire, and what requests about them carry."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import Appointment, Source
from bookings.queries.availability import seats_left
from bookings.rules.statuses import Status
from bookings.serializers.catalogue import ProviderSerializer
from bookings.serializers.fields import (
    PatientText,
    WireDate,
    WireEmail,
    WireId,
    WireInteger,
    WireText,
    WireTime,
)
from bookings.serializers.slots import SlotSerializer
from core.clock import local_iso, to_epoch
from tenants.context import current_hospital

_WIRE_STATUSES = [status.value for status in Status if status is not Status.HELD]


class EventTypeNameSerializer(serializers.Serializer):
    """Which event type a booking is of."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class BookingSerializer(serializers.Serializer):
    """A booking."""

    reference = serializers.CharField(
        help_text="Easy to read aloud; case and hyphen do not matter when sent."
    )
    status = serializers.ChoiceField(choices=_WIRE_STATUSES)
    event_type = EventTypeNameSerializer()
    provider = ProviderSerializer()
    start = serializers.DateTimeField(help_text="With the hospital's offset.")
    end = serializers.DateTimeField()
    timezone = serializers.CharField(help_text="IANA zone of the hospital.")
    guest_name = PatientText()
    guest_email = PatientText(allow_blank=True)
    guest_phone = serializers.CharField(allow_blank=True, help_text="E.164, or empty.")
    notes = PatientText(allow_blank=True)
    cancel_reason = PatientText(allow_blank=True)
    source = serializers.ChoiceField(choices=Source.values)  # type: ignore[assignment]  # DRF takes it away
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, row: Appointment) -> dict[str, Any]:
        """The declared fields: names in the caller's language, times on the hospital's clocks."""
        zone = current_hospital().timezone
        return {
            "reference": row.reference,
            "status": str(row.status),
            "event_type": {"id": row.service_id, "name": row.service.name},
            "provider": {"id": str(row.practitioner_id), "name": row.practitioner.name},
            "start": local(row.start, zone),
            "end": local(row.end, zone),
            "timezone": zone,
            "guest_name": row.guest_name,
            "guest_email": row.guest_email,
            "guest_phone": row.guest_phone,
            "notes": row.notes,
            "cancel_reason": row.cancel_reason,
            "source": str(row.source),
            "created_at": local(row.created_at, zone),
            "updated_at": local(row.updated_at, zone),
        }


class BookingPageSerializer(serializers.Serializer):
    """Some of the bookings that match."""

    results = BookingSerializer(many=True)
    count = serializers.IntegerField(help_text="How many match in all.")
    next_cursor = serializers.CharField(allow_null=True, help_text="Send as `cursor` for the next page.")


class WhenSerializer(serializers.Serializer):
    """A slot, named by the hospital's clocks."""

    event_type_id = WireInteger(
        min_value=1, max_value=2**31 - 1, help_text="The `id` of an event type: what is booked."
    )
    date = WireDate(help_text="YYYY-MM-DD on the hospital's calendar, the year Gregorian.")
    time = WireTime(help_text="When it starts: HH:MM, 24 hours, on the hospital's clocks.")
    provider_id = WireId(
        required=False, allow_null=True, help_text="With whom. Leave out for anybody who is free."
    )

    def start(self) -> datetime:
        """The asked start, naive: on the hospital's clocks."""
        return datetime.combine(self.validated_data["date"], self.validated_data["time"])

    def provider(self) -> str | None:
        """The asked provider's id as text, or None for anybody."""
        asked = self.validated_data.get("provider_id")
        return str(asked) if asked else None


class HoldSlotSerializer(WhenSerializer):
    """Keep a slot for some minutes."""


class HoldSerializer(serializers.Serializer):
    """A slot that is kept."""

    hold_id = serializers.UUIDField(help_text="Send it with `create`.")
    expires_at = serializers.DateTimeField()
    slot = SlotSerializer()

    def to_representation(self, row: Appointment) -> dict[str, Any]:
        """The declared fields, written out."""
        zone = current_hospital().timezone
        start, end = local(row.start, zone), local(row.end, zone)
        return {
            "hold_id": str(row.pk),
            "expires_at": local(row.hold_expires_at, zone) if row.hold_expires_at else None,
            "slot": {
                "start": start,
                "end": end,
                "time": start[11:16],
                "provider": {"id": str(row.practitioner_id), "name": row.practitioner.name},
                "seats_left": seats_left(row),
            },
        }


class CreateBookingSerializer(WhenSerializer):
    """Book a slot for a guest."""

    guest_name = WireText(max_length=200, help_text="Who comes: first and family name.")
    guest_email = WireEmail(
        required=False, allow_blank=True, allow_null=True, max_length=254, help_text="Where reminders go."
    )
    guest_phone = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=40,
        help_text="Thai numbers may be written as 08x-xxx-xxxx; others with their country code.",
    )  # fmt: skip
    notes = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=2000,
        help_text="What the hospital should know before the visit.",
    )  # fmt: skip
    hold_id = WireId(
        required=False,
        allow_null=True,
        help_text="Of the slot that is held for this.",
    )


class CancelBookingSerializer(serializers.Serializer):
    """Cancel a booking."""

    reason = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=500, help_text="Why, if anybody said."
    )


class RescheduleBookingSerializer(serializers.Serializer):
    """Move a booking."""

    new_date = WireDate(help_text="YYYY-MM-DD on the hospital's calendar, the year Gregorian.")
    new_time = WireTime(help_text="When it starts: HH:MM, 24 hours, on the hospital's clocks.")
    reason = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=500, help_text="Why, if anybody said."
    )
    provider_id = WireId(
        required=False, allow_null=True, help_text="Leave out to stay with the same provider."
    )

    def start(self) -> datetime:
        """The asked start, naive: on the hospital's clocks."""
        return datetime.combine(self.validated_data["new_date"], self.validated_data["new_time"])

    def provider(self) -> str | None:
        """The asked provider's id as text, or None for the same one."""
        asked = self.validated_data.get("provider_id")
        return str(asked) if asked else None


class SearchSerializer(serializers.Serializer):
    """By what bookings are found: at least one of phone, email and reference."""

    phone = WireText(required=False, max_length=40, help_text="The guest's, in any spelling.")
    email = WireEmail(required=False, max_length=254, help_text="The guest's, in any case.")
    reference = WireText(required=False, max_length=20, help_text="In any case, with or without the hyphen.")
    cursor = WireText(required=False, max_length=200, help_text="`next_cursor` of the page before.")
    limit = WireInteger(
        required=False, min_value=1, max_value=100, default=20, help_text="How many on a page, at most."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """At least one criterion."""
        if not any(attrs.get(name) for name in ("phone", "email", "reference")):
            raise serializers.ValidationError({"phone": [_("Give a phone, an email or a reference.")]})
        return attrs


def local(moment: datetime, zone: str) -> str:
    """ISO 8601 with the offset of a zone, in whole seconds."""
    return local_iso(to_epoch(moment), zone)
