"""The waiting list on the wire, and what requests about it carry."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bookings.models import Appointment, WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import WaitingStatus
from bookings.rules.waiting import PartOfDay
from bookings.serializers.appointments import EventTypeNameSerializer
from bookings.serializers.catalogue import ProviderSerializer
from bookings.serializers.fields import (
    WireBoolean,
    WireDate,
    WireEmail,
    WireId,
    WireInteger,
    WireText,
)
from core.clock import local_iso, to_epoch
from tenants.context import current_hospital

_PARTS = [part.value for part in PartOfDay]


class OfferSerializer(serializers.Serializer):
    """A slot that is held for whoever waits."""

    start = serializers.DateTimeField(help_text="With the hospital's offset.")
    end = serializers.DateTimeField()
    provider = ProviderSerializer()
    expires_at = serializers.DateTimeField(help_text="Until then it can be accepted.")

    def to_representation(self, offer: WaitingListOffer) -> dict[str, Any]:
        """The declared fields: times on the hospital's clocks."""
        zone = current_hospital().timezone
        return {
            "start": local_iso(to_epoch(offer.start), zone),
            "end": local_iso(to_epoch(offer.end), zone),
            "provider": {"id": str(offer.practitioner_id), "name": offer.practitioner.name},
            "expires_at": local_iso(to_epoch(offer.expires_at), zone),
        }


class WaitingListEntrySerializer(serializers.Serializer):
    """Somebody who waits for a slot to become free."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=WaitingStatus.values)
    event_type = EventTypeNameSerializer()
    provider = ProviderSerializer(allow_null=True, help_text="Null for anybody.")
    date_from = serializers.DateField()
    date_to = serializers.DateField(help_text="The last day, included.")
    part_of_day = serializers.ChoiceField(
        choices=_PARTS, allow_null=True, help_text="Null for the whole day; noon parts it."
    )
    brings_forward = serializers.CharField(
        allow_null=True, help_text="Reference of the booking that is to come sooner."
    )
    offer = OfferSerializer(allow_null=True, help_text="What to accept or decline now.")
    offers_missed = serializers.IntegerField(help_text="After three the entry is over.")
    booking = serializers.CharField(
        allow_null=True, help_text="Reference of the booking that an accepted offer became."
    )
    guest_name = serializers.CharField()
    guest_email = serializers.CharField(allow_blank=True)
    guest_phone = serializers.CharField(allow_blank=True, help_text="E.164, or empty.")
    timezone = serializers.CharField(help_text="IANA zone of the hospital.")
    created_at = serializers.DateTimeField(help_text="First come, first served.")
    updated_at = serializers.DateTimeField()

    def to_representation(self, row: WaitingListEntry) -> dict[str, Any]:
        """The declared fields: names in the caller's language, times on the hospital's clocks.

        An entry that was not read with its offers (`open_offers`) has none yet.
        """
        zone, who = current_hospital().timezone, row.practitioner
        offer = next(iter(getattr(row, "open_offers", ())), None)
        return {
            "id": str(row.pk),
            "status": str(row.status),
            "event_type": {"id": row.service_id, "name": row.service.name},
            "provider": {"id": str(who.pk), "name": who.name} if who is not None else None,
            "date_from": row.date_from.isoformat(),
            "date_to": row.date_until.isoformat(),
            "part_of_day": str(row.part_of_day) or None,
            "brings_forward": _reference(row.brings_forward),
            "offer": OfferSerializer().to_representation(offer) if offer is not None else None,
            "offers_missed": row.offers_missed,
            "booking": _reference(row.became),
            "guest_name": row.guest_name,
            "guest_email": row.guest_email,
            "guest_phone": row.guest_phone,
            "timezone": zone,
            "created_at": local_iso(to_epoch(row.created_at), zone),
            "updated_at": local_iso(to_epoch(row.updated_at), zone),
        }


class WaitingListPageSerializer(serializers.Serializer):
    """Some of the entries that match."""

    results = WaitingListEntrySerializer(many=True)
    count = serializers.IntegerField(help_text="How many match in all.")
    next_cursor = serializers.CharField(allow_null=True, help_text="Send as `cursor` for the next page.")


class JoinWaitingListSerializer(serializers.Serializer):
    """Either `reference`, or `event_type_id` and the guest."""

    reference = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=20,
        help_text="A booking that is to come sooner: it says for whom and for what.",
    )  # fmt: skip
    event_type_id = WireInteger(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)
    guest_name = WireText(required=False, allow_blank=True, allow_null=True, max_length=200)
    guest_phone = WireText(required=False, allow_blank=True, allow_null=True, max_length=40)
    guest_email = WireEmail(required=False, allow_blank=True, allow_null=True, max_length=254)
    provider_id = WireId(required=False, allow_null=True, help_text="Leave out for anybody.")
    date_from = WireDate(required=False, allow_null=True, help_text="Today, if left out.")
    date_to = WireDate(
        required=False, allow_null=True,
        help_text="If left out: the day of the booking, or the last day that can be booked.",
    )  # fmt: skip
    part_of_day = serializers.ChoiceField(
        choices=_PARTS, required=False, allow_null=True, help_text="Leave out for the whole day."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two ways, not both."""
        if attrs.get("reference") and (attrs.get("event_type_id") or attrs.get("guest_name")):
            raise serializers.ValidationError(
                {"reference": [_("Give a reference, or an event type and a guest, not both.")]}
            )
        return attrs


class AcceptOfferSerializer(serializers.Serializer):
    """Take the offered slot."""

    notes = WireText(
        required=False, allow_blank=True, allow_null=True, max_length=2000,
        help_text="For the new booking; one that comes sooner keeps its own.",
    )  # fmt: skip


class DeclineOfferSerializer(serializers.Serializer):
    """Let the offered slot go."""

    leave = WireBoolean(required=False, default=False, help_text="Whether to wait no longer either.")


class FindWaitingListSerializer(serializers.Serializer):
    """By what entries are found; all of them where nothing is given."""

    phone = WireText(required=False, max_length=40, help_text="The guest's, in any spelling.")
    email = WireEmail(required=False, max_length=254, help_text="The guest's, in any case.")
    reference = WireText(
        required=False, max_length=20, help_text="Of the booking that an entry brings forward or became."
    )
    status = serializers.ChoiceField(choices=WaitingStatus.values, required=False)
    cursor = WireText(required=False, max_length=200, help_text="`next_cursor` of the page before.")
    limit = WireInteger(
        required=False, min_value=1, max_value=100, default=20, help_text="How many on a page, at most."
    )


def _reference(row: Appointment | None) -> str | None:
    return row.reference if row is not None else None
