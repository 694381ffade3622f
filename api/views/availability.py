"""What can be booked, and when."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples
from api.openapi import ERRORS, PATH, TAG
from api.views.base import HospitalView
from bookings.queries.availability import availability_for, month_for
from bookings.queries.catalogue import services_for
from bookings.serializers.catalogue import EventTypeListSerializer
from bookings.serializers.fields import WireDate, WireId, WireMonth
from bookings.serializers.slots import AvailabilitySerializer, MonthSerializer


class DaysAskedSerializer(serializers.Serializer):
    """One day, or a range of at most 31."""

    date = WireDate(required=False, help_text="One day, YYYY-MM-DD.")
    date_from = WireDate(required=False, help_text="First day of a range of at most 31 days.")
    date_to = WireDate(required=False, help_text="Last day of a range.")
    provider_id = WireId(required=False, help_text="Leave out for anybody.")

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        """Either `date`, or both ends of a range."""
        if "date" in attrs and ("date_from" in attrs or "date_to" in attrs):
            raise serializers.ValidationError({"date": [_("Give a date or a range, not both.")]})
        if "date" not in attrs and not ("date_from" in attrs and "date_to" in attrs):
            raise serializers.ValidationError({"date": [_("Give a date, or date_from and date_to.")]})
        return attrs


class MonthAskedSerializer(serializers.Serializer):
    """One month."""

    month = WireMonth(help_text="YYYY-MM")
    provider_id = WireId(required=False, help_text="Leave out for anybody.")


class EventTypesView(HospitalView):
    """Bookable services."""

    scopes: ClassVar = {"GET": "read:bookings"}
    limit = "reading"

    @extend_schema(
        operation_id="list_event_types",
        summary="Bookable services",
        tags=[TAG],
        parameters=PATH,
        responses={200: EventTypeListSerializer, **ERRORS},
        examples=[OpenApiExample("Services", examples.EVENT_TYPES, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, subdomain: str) -> Response:  # noqa: ARG002  -- the middleware read them
        """All active services, with who offers them."""
        services = self.caller().call(services_for)
        return Response(EventTypeListSerializer().to_representation(services))


class AvailabilityView(HospitalView):
    """Free slots of a day or a range."""

    scopes: ClassVar = {"GET": "read:bookings"}
    limit = "availability"

    @extend_schema(
        operation_id="availability",
        summary="Free slots of one day, or of a range of at most 31 days",
        tags=[TAG],
        parameters=[*PATH, DaysAskedSerializer],
        responses={200: AvailabilitySerializer, **ERRORS},
        examples=[OpenApiExample("One day", examples.AVAILABILITY, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, subdomain: str, event_type_id: int) -> Response:  # noqa: ARG002
        """Slots in the order of their starts."""
        asked = DaysAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        days = asked.validated_data
        provider = days.get("provider_id")
        found = self.caller().call(
            availability_for,
            service_id=event_type_id,
            date_from=days.get("date") or days["date_from"],
            date_until=days.get("date") or days["date_to"],
            practitioner_id=str(provider) if provider else None,
        )
        as_range = "date" not in days
        return Response(AvailabilitySerializer(context={"as_range": as_range}).to_representation(found))


class MonthView(HospitalView):
    """Free slots by day."""

    scopes: ClassVar = {"GET": "read:bookings"}
    limit = "availability"

    @extend_schema(
        operation_id="availability_days",
        summary="Every day of a month with the number of its free slots",
        tags=[TAG],
        parameters=[*PATH, MonthAskedSerializer],
        responses={200: MonthSerializer, **ERRORS},
        examples=[OpenApiExample("A month", examples.MONTH, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, subdomain: str, event_type_id: int) -> Response:  # noqa: ARG002
        """Counts only; ask for a day to see its slots."""
        asked = MonthAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        provider = asked.validated_data.get("provider_id")
        view = self.caller().call(
            month_for,
            service_id=event_type_id,
            month=asked.validated_data["month"],
            practitioner_id=str(provider) if provider else None,
        )
        return Response(MonthSerializer().to_representation(view))
