"""Free slots on the wire."""

from typing import Any

from rest_framework import serializers

from bookings.queries.availability import Availability, MonthView, OfferedSlot
from bookings.serializers.catalogue import ProviderSerializer
from core.clock import local_iso, local_time_of_day


class SlotSerializer(serializers.Serializer):
    """A start time at which an event type can be booked with a provider."""

    start = serializers.DateTimeField(help_text="With the hospital's offset.")
    end = serializers.DateTimeField()
    time = serializers.CharField(
        help_text="The start as HH:MM on the hospital's clocks, as `create` takes it."
    )
    provider = ProviderSerializer()
    seats_left = serializers.IntegerField()

    def to_representation(self, slot: OfferedSlot) -> dict[str, Any]:
        """The declared fields, written out: a day has dozens of slots and a month hundreds."""
        return {
            "start": local_iso(slot.start, slot.zone),
            "end": local_iso(slot.end, slot.zone),
            "time": local_time_of_day(slot.start, slot.zone),
            "provider": {"id": slot.practitioner_id, "name": slot.practitioner_name},
            "seats_left": slot.seats_left,
        }


class AvailabilitySerializer(serializers.Serializer):
    """Free slots of a day (`date`) or of a range (`date_from`, `date_to`)."""

    event_type_id = serializers.IntegerField()
    timezone = serializers.CharField(help_text="IANA zone of the hospital; dates and times of day are in it.")
    date = serializers.DateField(required=False, help_text="When one day was asked for.")
    date_from = serializers.DateField(required=False, help_text="When a range was asked for.")
    date_to = serializers.DateField(required=False)
    slots = SlotSerializer(many=True)
    count = serializers.IntegerField()

    def to_representation(self, found: Availability) -> dict[str, Any]:
        """The declared fields; which of the dates are there depends on what was asked."""
        slots = SlotSerializer()
        if self.context.get("as_range"):
            days = {"date_from": found.date_from.isoformat(), "date_to": found.date_until.isoformat()}
        else:
            days = {"date": found.date_from.isoformat()}
        return {
            "event_type_id": found.service.pk,
            "timezone": found.zone,
            **days,
            "slots": [slots.to_representation(slot) for slot in found.slots],
            "count": len(found.slots),
        }


class DaySerializer(serializers.Serializer):
    """One day of a month."""

    date = serializers.DateField()
    free = serializers.IntegerField(help_text="How many slots are free: 0 on a day that cannot be booked.")


class MonthSerializer(serializers.Serializer):
    """Every day of a month with the number of its free slots."""

    event_type_id = serializers.IntegerField()
    timezone = serializers.CharField()
    month = serializers.CharField(help_text="YYYY-MM")
    days = DaySerializer(many=True)

    def to_representation(self, view: MonthView) -> dict[str, Any]:
        """The declared fields, written out."""
        first = next(iter(view.free_by_day))
        return {
            "event_type_id": view.service.pk,
            "timezone": view.zone,
            "month": first.isoformat()[:7],
            "days": [{"date": day.isoformat(), "free": free} for day, free in view.free_by_day.items()],
        }
