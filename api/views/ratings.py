"""What a patient thought of a visit."""

from typing import ClassVar

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import examples
from api.idempotency import once
from api.openapi import IDEMPOTENCY_KEY, PATH, TAG, WRITE_ERRORS
from api.views.base import HospitalView
from bookings.actions.ratings import rate_appointment
from bookings.serializers.ratings import RateBookingSerializer, RatingSerializer


class RatingView(HospitalView):
    """Rate."""

    scopes: ClassVar = {"POST": "write:bookings"}
    limit = "writing"

    @extend_schema(
        operation_id="rate_booking",
        summary="Rate a completed visit",
        tags=[TAG],
        parameters=[*PATH, IDEMPOTENCY_KEY],
        request=RateBookingSerializer,
        responses={200: RatingSerializer, **WRITE_ERRORS},
        examples=[
            OpenApiExample("Five stars", examples.RATE, request_only=True),
            OpenApiExample("Rated", examples.RATED, response_only=True, status_codes=["200"]),
            OpenApiExample("Not yet", examples.NOT_COMPLETED, response_only=True, status_codes=["409"]),
        ],
    )
    def post(self, request: Request, subdomain: str, reference: str) -> Response:  # noqa: ARG002  -- the middleware read it
        """Once for each visit; for seven days the same request changes what was said."""
        asked = RateBookingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)

        def respond() -> Response:
            row = self.caller().call(
                rate_appointment,
                reference=reference,
                rating=asked.validated_data["rating"],
                comment=asked.validated_data.get("comment") or "",
            )
            return Response(RatingSerializer(row).data)

        return once(request, respond)
