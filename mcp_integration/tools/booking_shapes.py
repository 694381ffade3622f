"""What booking tools take and give beyond the serializers of REST."""

from typing import Any

from rest_framework import serializers

from bookings.queries.availability import Availability, OfferedSlot
from bookings.serializers.appointments import (
    BookingSerializer,
    CancelBookingSerializer,
    HoldSerializer,
    RescheduleBookingSerializer,
)
from bookings.serializers.fields import WireDate, WireEmail, WireId, WireInteger, WireText
from bookings.serializers.slots import AvailabilitySerializer, SlotSerializer
from mcp_integration.toolbox.paging import PageParameters
from mcp_integration.tools.spoken import cancelled_of, confirmation_of
from tenants.context import current_hospital


class NothingSerializer(serializers.Serializer):
    """Nothing to say."""


class _Reference(serializers.Serializer):
    booking_reference = WireText(
        max_length=20,
        help_text="The booking's reference, such as CDFG-HJKM: in any case, with or without the hyphen.",
    )


class AskDaySerializer(serializers.Serializer):
    """Which day's free times."""

    event_type_id = WireInteger(
        min_value=1, max_value=2**31 - 1, help_text="The `id` of an event type: see get_event_types."
    )
    date = WireDate(help_text="YYYY-MM-DD on the hospital's calendar, the year Gregorian.")
    provider_id = WireId(required=False, allow_null=True, help_text="With whom. Leave out for anybody.")


class DayAvailabilitySerializer(AvailabilitySerializer):
    """The free times of a day; where there are none, the nearest ones on other days."""

    alternatives = SlotSerializer(
        many=True, help_text="When nothing is free on the day: up to three free times near it."
    )

    def to_representation(self, found: tuple[Availability, list[OfferedSlot]]) -> dict[str, Any]:  # type: ignore[override]  # with what is near it
        """The declared fields, written out."""
        of_day, near = found
        slots = SlotSerializer()
        day = super().to_representation(of_day)
        return {**day, "alternatives": [slots.to_representation(slot) for slot in near]}


class HeldSlotSerializer(HoldSerializer):
    """A slot that is kept, and whose clocks its times are of."""

    timezone = serializers.CharField(help_text="IANA zone of the hospital.")

    def to_representation(self, row: Any) -> dict[str, Any]:
        """The declared fields, written out."""
        return {**super().to_representation(row), "timezone": current_hospital().timezone}


class ConfirmedBookingSerializer(BookingSerializer):
    """A booking, and a sentence that can be read to whoever booked it."""

    confirmation = serializers.CharField(
        help_text="To be read aloud: what, with whom, when, and the reference."
    )

    def to_representation(self, row: Any) -> dict[str, Any]:
        """The declared fields, written out."""
        booking = super().to_representation(row)
        return {**booking, "confirmation": confirmation_of(booking)}


class SearchAppointmentsSerializer(PageParameters):
    """By what bookings are found."""

    email = WireEmail(required=False, max_length=254, help_text="The guest's, in any case.")
    phone = WireText(required=False, max_length=40, help_text="The guest's, in any spelling.")
    booking_reference = WireText(
        required=False, max_length=20, help_text="In any case, with or without the hyphen."
    )


class CancelAppointmentSerializer(_Reference, CancelBookingSerializer):
    """Which booking, and why."""


class RescheduleAppointmentSerializer(_Reference, RescheduleBookingSerializer):
    """Which booking, and to when."""


class CancelledSerializer(serializers.Serializer):
    """What became of the booking."""

    success = serializers.BooleanField()
    message = serializers.CharField(help_text="To be read aloud.")
    booking = BookingSerializer()

    def to_representation(self, row: Any) -> dict[str, Any]:
        """The declared fields, written out."""
        booking = BookingSerializer().to_representation(row)
        return {"success": True, "message": cancelled_of(booking), "booking": booking}
