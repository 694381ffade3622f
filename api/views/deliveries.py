"""What was or is to be sent to a webhook."""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import webhook_examples as examples
from api.idempotency import once
from api.openapi import ERRORS, WRITE_ERRORS
from api.views.webhooks import SCOPE, SUBDOMAIN, TAG, WRITING, WebhooksView, example
from core.cursors import decode_cursor, encode_cursor
from webhooks.actions import resend
from webhooks.pages import delivery_of_webhook_for, page_of_deliveries_for
from webhooks.queries import attempts_for
from webhooks.serializers import (
    DeliveryDetailSerializer,
    DeliveryListSerializer,
    DeliveryPageSerializer,
    DeliverySerializer,
)


class DeliveryListView(WebhooksView):
    """All of them."""

    scopes: ClassVar = {"GET": SCOPE}

    @extend_schema(
        operation_id="list_webhook_deliveries",
        summary="What was or is to be sent, newest first",
        tags=[TAG],
        parameters=[SUBDOMAIN, DeliveryListSerializer],
        responses={200: DeliveryPageSerializer, **ERRORS},
        examples=[example("One", examples.DELIVERIES, 200)],
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:
        """Kept for 30 days."""
        asked = DeliveryListSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        page = self.caller().call(
            page_of_deliveries_for,
            webhook_id=webhook_id,
            state=data.get("state"),
            since=data.get("since"),
            after=decode_cursor(data.get("cursor", "")),
            limit=data["limit"],
        )
        return Response(
            {
                "results": DeliverySerializer(page.rows, many=True).data,
                "count": page.count,
                "next_cursor": encode_cursor(page.next_after),
            }
        )


class DeliveryView(WebhooksView):
    """One of them."""

    scopes: ClassVar = {"GET": SCOPE}

    @extend_schema(
        operation_id="get_webhook_delivery",
        summary="One delivery with its attempts",
        tags=[TAG],
        parameters=[SUBDOMAIN],
        responses={200: DeliveryDetailSerializer, **ERRORS},
        examples=[example("Delivered", examples.DELIVERY_DETAIL, 200)],
    )
    def get(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:  # noqa: ARG002
        """What is sent, and what came of each attempt."""
        caller = self.caller()
        row = caller.call(delivery_of_webhook_for, webhook_id=webhook_id, delivery_id=delivery_id)
        attempts = caller.call(attempts_for).filter(delivery=row)
        return Response(DeliveryDetailSerializer(row, context={"attempts": attempts}).data)


class ResendView(WebhooksView):
    """Once more."""

    scopes: ClassVar = {"POST": SCOPE}

    @extend_schema(
        operation_id="resend_webhook_delivery",
        summary="Send a delivery once more",
        tags=[TAG],
        parameters=WRITING,
        request=None,
        responses={200: DeliverySerializer, **WRITE_ERRORS},
        examples=[
            example("Queued", examples.QUEUED, 200),
            example("Being sent", examples.UNDER_WAY, 409),
        ],
    )
    def post(self, request: Request, webhook_id: UUID, delivery_id: UUID) -> Response:
        """Under its old id, with the whole schedule of attempts before it, also if it was delivered."""

        def respond() -> Response:
            return Response(DeliverySerializer(self._resend(webhook_id, delivery_id)).data)

        return once(request, respond)

    def _resend(self, webhook_id: UUID, delivery_id: UUID) -> Any:
        caller = self.caller()
        row = caller.call(delivery_of_webhook_for, webhook_id=webhook_id, delivery_id=delivery_id)
        return caller.call(resend, delivery_id=row.pk)
