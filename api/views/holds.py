"""Keeping a slot for some minutes, and letting it go."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, PATH, TAG, WRITE_ERRORS
from api.views.base import HospitalView
from bookings.actions.holds import hold_slot, release_hold
from bookings.serializers.appointments import HoldSerializer, HoldSlotSerializer


class HoldView(HospitalView):
    """Keep a slot."""

    scopes: ClassVar = {"POST": "write:bookings"}
    limit = "holding"

    @extend_schema(
        operation_id="hold_slot",
        summary="Keep a slot for some minutes",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=HoldSlotSerializer,
        responses={201: HoldSerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("A slot", examples.HOLD_REQUEST, request_only=True),
            OpenApiExample("Kept", examples.HOLD, response_only=True, status_codes=["201"]),
            OpenApiExample("Taken", examples.SLOT_TAKEN, response_only=True, status_codes=["409"]),
        ],
    )
    def post(self, request: Request, subdomain: str) -> Response:  # noqa: ARG002  -- the middleware read it
        """The hold expires by itself; booking with its `hold_id` turns it into the booking."""
        asked = HoldSlotSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def respond() -> Response:
            row = self.caller().call(
                hold_slot,
                service_id=asked.validated_data["event_type_id"],
                start=asked.start(),
                practitioner_id=asked.provider(),
            )
            return Response(HoldSerializer(row).data, status=201)

        return once(request, respond)


class ReleaseView(HospitalView):
    """Let a held slot go."""

    scopes: ClassVar = {"DELETE": "write:bookings"}
    limit = "writing"

    @extend_schema(
        operation_id="release_hold",
        summary="Let a held slot go",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        responses={204: None, **WRITE_ERRORS},
        examples=[OpenApiExample("Gone", examples.HOLD_GONE, response_only=True, status_codes=["404"])],
    )
    def delete(self, request: Request, subdomain: str, hold_id: UUID) -> Response:  # noqa: ARG002
        """Frees the slot at once."""

        def respond() -> Response:
            self.caller().call(release_hold, hold_id=hold_id)
            return Response(status=204)

        return once(request, respond)
