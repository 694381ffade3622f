"""Ratings of visits on the wire."""

from typing import Any

from rest_framework import serializers

from bookings.actions.ratings import OPEN_FOR
from bookings.models import Rating
from bookings.models.rating import HIGHEST, LONGEST_COMMENT, LOWEST
from bookings.serializers.appointments import local
from bookings.serializers.fields import PatientText, WireInteger, WireText
from tenants.context import current_hospital


class RateBookingSerializer(serializers.Serializer):
    """Say what a visit was like."""

    rating = WireInteger(min_value=LOWEST, max_value=HIGHEST, help_text="1 (bad) to 5 (very good).")
    comment = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=LONGEST_COMMENT,
        help_text="In the patient's own words.",
    )  # fmt: skip


class RatingSerializer(serializers.Serializer):
    """What somebody thought of a visit."""

    reference = serializers.CharField(help_text="Of the booking.")
    rating = serializers.IntegerField(help_text="1 to 5.")
    comment = PatientText(allow_blank=True)
    created_at = serializers.DateTimeField(help_text="With the hospital's offset.")
    updated_at = serializers.DateTimeField()
    open_until = serializers.DateTimeField(help_text="Until then it may be changed.")

    def to_representation(self, row: Rating) -> dict[str, Any]:
        """The declared fields. Read the row with its appointment."""
        zone = current_hospital().timezone
        return {
            "reference": row.appointment.reference,
            "rating": row.rating,
            "comment": row.comment,
            "created_at": local(row.created_at, zone),
            "updated_at": local(row.updated_at, zone),
            "open_until": local(row.created_at + OPEN_FOR, zone),
        }
