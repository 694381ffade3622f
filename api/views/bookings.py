"""Booking, finding, moving, cancelling."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples
from api.idempotency import once
from api.openapi import ERRORS, IDEMPOTENCY_KEY, PATH, TAG, WRITE_ERRORS
from api.views.base import HospitalView
from bookings.actions.appointments import book_appointment, cancel_appointment, reschedule_appointment
from bookings.actions.patients import Guest, normalise_phone
from bookings.errors import NonexistentTime
from bookings.queries.appointments import appointment_for, find_appointments_for
from bookings.serializers.appointments import (
    BookingPageSerializer,
    BookingSerializer,
    CancelBookingSerializer,
    CreateBookingSerializer,
    RescheduleBookingSerializer,
    SearchSerializer,
)
from bookings.serializers.icalendar import booking_as_icalendar
from core.cursors import decode_cursor, encode_cursor
from core.errors import InvalidInput


class CreateView(HospitalView):
    """Book."""

    scopes: ClassVar = {"POST": "write:bookings"}
    limit = "booking"

    @extend_schema(
        operation_id="create_booking",
        summary="Book a slot",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=CreateBookingSerializer,
        responses={201: BookingSerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("A visit", examples.CREATE, request_only=True),
            OpenApiExample("Booked", examples.BOOKING, response_only=True, status_codes=["201"]),
            OpenApiExample("Taken", examples.SLOT_TAKEN, response_only=True, status_codes=["409"]),
        ],
    )
    def post(self, request: Request, subdomain: str) -> Response:  # noqa: ARG002  -- the middleware read it
        """Book with a provider, or with the least busy who offers the event type."""
        asked = CreateBookingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return once(request, lambda: self._book(asked))

    def _book(self, asked: CreateBookingSerializer) -> Response:
        data = asked.validated_data
        row = self.caller().call(
            book_appointment,
            service_id=data["event_type_id"],
            start=asked.start(),
            practitioner_id=asked.provider(),
            guest=Guest.of(
                name=data["guest_name"],
                phone=data.get("guest_phone") or "",
                email=data.get("guest_email") or "",
            ),
            notes=data.get("notes") or "",
            hold_id=data.get("hold_id"),
        )
        return _booking(row, status=201)


class SearchView(HospitalView):
    """Find bookings."""

    scopes: ClassVar = {"GET": "read:bookings"}
    limit = "reading"

    @extend_schema(
        operation_id="search_bookings",
        summary="Bookings that match all given criteria, latest start first",
        tags=[TAG],
        parameters=[*PATH, SearchSerializer],
        responses={200: BookingPageSerializer, **ERRORS},
        examples=[OpenApiExample("Found", examples.PAGE, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, subdomain: str) -> Response:  # noqa: ARG002  -- the middleware read it
        """At least one of phone, email and reference."""
        asked = SearchSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        page = self.caller().call(
            find_appointments_for,
            phone=normalise_phone(data.get("phone", ""), field="phone"),
            email=data.get("email", ""),
            reference=data.get("reference", ""),
            after=decode_cursor(data.get("cursor", "")),
            limit=data["limit"],
        )
        return Response(
            {
                "results": BookingSerializer(page.rows, many=True).data,
                "count": page.count,
                "next_cursor": encode_cursor(page.next_after),
            }
        )


class BookingView(HospitalView):
    """One booking."""

    scopes: ClassVar = {"GET": "read:bookings"}
    limit = "reading"

    @extend_schema(
        operation_id="get_booking",
        summary="One booking",
        tags=[TAG],
        parameters=PATH,
        responses={200: BookingSerializer, **ERRORS},
        examples=[OpenApiExample("Booking", examples.BOOKING, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, subdomain: str, reference: str) -> Response:  # noqa: ARG002
        """By its reference, in any case, with or without the hyphen."""
        return _booking(self.caller().call(appointment_for, reference=reference))


class CalendarFileView(HospitalView):
    """One booking for a calendar."""

    scopes: ClassVar = {"GET": "read:bookings"}
    limit = "reading"

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:  # noqa: ARG002, FBT001, FBT002  -- DRF's signature
        """Never 406: a calendar asks for text/calendar, and a refusal is JSON all the same."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="get_booking_ics",
        summary="One booking as an iCalendar file",
        tags=[TAG],
        parameters=PATH,
        responses={(200, "text/calendar"): OpenApiResponse(OpenApiTypes.BINARY), **ERRORS},
        examples=[
            OpenApiExample(
                "A visit",
                examples.CALENDAR,
                response_only=True,
                status_codes=["200"],
                media_type="text/calendar",
            )
        ],
    )
    def get(self, request: Request, subdomain: str, reference: str) -> HttpResponse:  # noqa: ARG002
        """Opens in any calendar program."""
        caller = self.caller()
        row = caller.call(appointment_for, reference=reference)
        return HttpResponse(
            booking_as_icalendar(row),
            content_type="text/calendar; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{row.reference}.ics"'},
        )


class CancelView(HospitalView):
    """Cancel."""

    scopes: ClassVar = {"POST": "write:bookings"}
    limit = "writing"

    @extend_schema(
        operation_id="cancel_booking",
        summary="Cancel a booking",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=CancelBookingSerializer,
        responses={200: BookingSerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("Reason", {"reason": "Feeling better"}, request_only=True),
            OpenApiExample("Cancelled", examples.CANCELLED, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request, subdomain: str, reference: str) -> Response:  # noqa: ARG002
        """The slot is free at once. The body may be left out."""
        asked = CancelBookingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reason = asked.validated_data.get("reason") or ""

        def respond() -> Response:
            return _booking(self.caller().call(cancel_appointment, reference=reference, reason=reason))

        return once(request, respond)


class RescheduleView(HospitalView):
    """Move."""

    scopes: ClassVar = {"POST": "write:bookings"}
    limit = "writing"

    @extend_schema(
        operation_id="reschedule_booking",
        summary="Move a booking to another time",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=RescheduleBookingSerializer,
        responses={200: BookingSerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("Another day", examples.RESCHEDULE, request_only=True),
            OpenApiExample("Moved", examples.MOVED, response_only=True, status_codes=["200"]),
            OpenApiExample("Taken", examples.SLOT_TAKEN, response_only=True, status_codes=["409"]),
        ],
    )
    def post(self, request: Request, subdomain: str, reference: str) -> Response:  # noqa: ARG002
        """The reference stays. When the new time is refused, the old one stays booked."""
        asked = RescheduleBookingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        provider = asked.validated_data.get("provider_id")

        def respond() -> Response:
            try:
                row = self.caller().call(
                    reschedule_appointment,
                    reference=reference,
                    start=asked.start(),
                    practitioner_id=str(provider) if provider else None,
                    reason=asked.validated_data.get("reason") or "",
                )
            except NonexistentTime as skipped:
                raise InvalidInput(new_time=skipped.text) from skipped
            return _booking(row)

        return once(request, respond)


def _booking(row: Any, *, status: int = 200) -> Response:
    return Response(BookingSerializer(row).data, status=status)
