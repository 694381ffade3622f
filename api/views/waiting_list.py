"""The waiting list: join, look, accept, decline, leave."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples
from api.idempotency import once
from api.openapi import ERRORS, IDEMPOTENCY_KEY, PATH, TAG, WRITE_ERRORS
from api.views.base import HospitalView
from bookings.actions.patients import Guest, normalise_phone
from bookings.actions.waiting_list import accept_offer, decline_offer, join_waiting_list, leave_waiting_list
from bookings.queries.waiting_list import find_waiting_list_for, waiting_list_entry_for
from bookings.serializers.appointments import BookingSerializer
from bookings.serializers.waiting_list import (
    AcceptOfferSerializer,
    DeclineOfferSerializer,
    FindWaitingListSerializer,
    JoinWaitingListSerializer,
    WaitingListEntrySerializer,
    WaitingListPageSerializer,
)
from core.cursors import decode_cursor, encode_cursor


class WaitingListView(HospitalView):
    """Who waits; joining them."""

    scopes: ClassVar = {"GET": "read:bookings", "POST": "write:bookings"}
    limit: ClassVar = {"GET": "reading", "POST": "booking"}

    @extend_schema(
        operation_id="list_waiting_list",
        summary="Entries that match all given criteria, first come first",
        tags=[TAG],
        parameters=[*PATH, FindWaitingListSerializer],
        responses={200: WaitingListPageSerializer, **ERRORS},
        examples=[
            OpenApiExample("Who waits", examples.WAITING_PAGE, response_only=True, status_codes=["200"])
        ],
    )
    def get(self, request: Request, subdomain: str) -> Response:  # noqa: ARG002  -- the middleware read it
        """All entries where no criterion is given, those that are over too."""
        asked = FindWaitingListSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        page = self.caller().call(
            find_waiting_list_for,
            phone=normalise_phone(data.get("phone", ""), field="phone"),
            email=data.get("email", ""),
            reference=data.get("reference", ""),
            status=data.get("status", ""),
            after=decode_cursor(data.get("cursor", "")),
            limit=data["limit"],
        )
        return Response(
            {
                "results": WaitingListEntrySerializer(page.rows, many=True).data,
                "count": page.count,
                "next_cursor": encode_cursor(page.next_after),
            }
        )

    @extend_schema(
        operation_id="join_waiting_list",
        summary="Ask to be offered a slot that becomes free",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=JoinWaitingListSerializer,
        responses={201: WaitingListEntrySerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("An earlier time for a booking", examples.JOIN, request_only=True),
            OpenApiExample("A guest", examples.JOIN_AS_GUEST, request_only=True),
            OpenApiExample("Waiting", examples.WAITING, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request, subdomain: str) -> Response:  # noqa: ARG002  -- the middleware read it
        """A freed slot is held for the first in line whom it suits, for half an hour as a rule."""
        asked = JoinWaitingListSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return once(request, lambda: self._join(asked))

    def _join(self, asked: JoinWaitingListSerializer) -> Response:
        data = asked.validated_data
        guest, provider = None, data.get("provider_id")
        if data.get("guest_name"):
            guest = Guest.of(
                name=data["guest_name"],
                phone=data.get("guest_phone") or "",
                email=data.get("guest_email") or "",
            )
        row = self.caller().call(
            join_waiting_list,
            service_id=data.get("event_type_id"),
            guest=guest,
            reference=data.get("reference") or "",
            practitioner_id=str(provider) if provider else None,
            date_from=data.get("date_from"),
            date_until=data.get("date_to"),
            part_of_day=data.get("part_of_day") or "",
        )
        return Response(WaitingListEntrySerializer(row).data, status=201)


class WaitingListEntryView(HospitalView):
    """One entry."""

    scopes: ClassVar = {"GET": "read:bookings", "DELETE": "write:bookings"}
    limit: ClassVar = {"GET": "reading", "DELETE": "writing"}

    @extend_schema(
        operation_id="get_waiting_list_entry",
        summary="One entry, with what is offered to it now",
        tags=[TAG],
        parameters=PATH,
        responses={200: WaitingListEntrySerializer, **ERRORS},
        examples=[OpenApiExample("Offered", examples.OFFERED, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, subdomain: str, entry_id: UUID) -> Response:  # noqa: ARG002
        """`status` says where it stands; `offer` is null unless there is one to answer."""
        row = self.caller().call(waiting_list_entry_for, entry_id=entry_id)
        return Response(WaitingListEntrySerializer(row).data)

    @extend_schema(
        operation_id="leave_waiting_list",
        summary="Wait no longer",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        responses={204: None, **WRITE_ERRORS},
        examples=[OpenApiExample("Gone", examples.WAITING_GONE, response_only=True, status_codes=["404"])],
    )
    def delete(self, request: Request, subdomain: str, entry_id: UUID) -> Response:  # noqa: ARG002
        """A slot that is offered goes to the next in line. An entry that is over is not found."""

        def respond() -> Response:
            self.caller().call(leave_waiting_list, entry_id=entry_id)
            return Response(status=204)

        return once(request, respond)


class AcceptOfferView(HospitalView):
    """Take what is offered."""

    scopes: ClassVar = {"POST": "write:bookings"}
    limit: ClassVar = "booking"

    @extend_schema(
        operation_id="accept_waiting_list_offer",
        summary="Accept the offered slot",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=AcceptOfferSerializer,
        responses={200: BookingSerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("Notes", {"notes": "Comes by wheelchair"}, request_only=True),
            OpenApiExample("Booked", examples.BOOKING, response_only=True, status_codes=["200"]),
            OpenApiExample("Too late", examples.OFFER_EXPIRED, response_only=True, status_codes=["409"]),
        ],
    )
    def post(self, request: Request, subdomain: str, entry_id: UUID) -> Response:  # noqa: ARG002
        """Books it, or moves the booking that was to come sooner there. Again: the same booking."""
        asked = AcceptOfferSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        notes = asked.validated_data.get("notes") or ""

        def respond() -> Response:
            row = self.caller().call(accept_offer, entry_id=entry_id, notes=notes)
            return Response(BookingSerializer(row).data)

        return once(request, respond)


class DeclineOfferView(HospitalView):
    """Let what is offered go."""

    scopes: ClassVar = {"POST": "write:bookings"}
    limit: ClassVar = "writing"

    @extend_schema(
        operation_id="decline_waiting_list_offer",
        summary="Decline the offered slot",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=DeclineOfferSerializer,
        responses={200: WaitingListEntrySerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("Wait for another", {"leave": False}, request_only=True),
            OpenApiExample("Waiting", examples.WAITING, response_only=True, status_codes=["200"]),
        ],
    )
    def post(self, request: Request, subdomain: str, entry_id: UUID) -> Response:  # noqa: ARG002
        """It goes to the next in line. The entry keeps its place, and is not offered this slot again.

        The body may be left out.
        """
        asked = DeclineOfferSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def respond() -> Response:
            row = self.caller().call(decline_offer, entry_id=entry_id, **asked.validated_data)
            return Response(WaitingListEntrySerializer(row).data)

        return once(request, respond)
