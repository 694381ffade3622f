"""Webhooks: registering, changing, trying and recovering them."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api import webhook_examples as examples
from api.idempotency import once
from api.openapi import ERRORS, IDEMPOTENCY_KEY, WRITE_ERRORS
from api.views.base import OwnHospitalView
from core.cursors import decode_cursor, encode_cursor
from core.errors import InvalidInput
from tenants.directory import hospital_by_subdomain
from tenants.errors import HospitalNotFound
from tenants.models import Hospital
from webhooks.actions import (
    change_webhook,
    deactivate,
    reactivate,
    recover,
    register_webhook,
    remove_webhook,
    rotate_secret,
    send_test,
)
from webhooks.health import health_of
from webhooks.pages import page_of_webhooks_for
from webhooks.queries import webhook_for
from webhooks.serializers import (
    ChangeWebhookSerializer,
    DeliverySerializer,
    RecoverSerializer,
    RegisterWebhookSerializer,
    WebhookListSerializer,
    WebhookPageSerializer,
    WebhookSerializer,
    WebhookWithSecretSerializer,
)

TAG = "webhooks"
SCOPE = "manage:webhooks"
SUBDOMAIN = OpenApiParameter(
    "subdomain",
    str,
    OpenApiParameter.QUERY,
    description="The hospital, for a key of the platform. A hospital's own key needs none.",
)
WRITING = [SUBDOMAIN, IDEMPOTENCY_KEY]


def example(name: str, value: Any, *statuses: int) -> OpenApiExample:
    """An example of an answer with one of these statuses; of a request without any."""
    told = [str(status) for status in statuses]
    return OpenApiExample(
        name, value, response_only=bool(told), request_only=not told, status_codes=told or None
    )


class WebhooksView(OwnHospitalView):
    """A view of the webhooks of the credential's hospital."""

    limit = "webhooks"

    def hospital(self) -> Hospital:
        """The key's own; one of the platform names it. Raises `InvalidInput`, `HospitalNotFound`."""
        own, named = super().hospital(), self.request.query_params.get("subdomain")
        if own is not None:
            if named not in (None, own.subdomain):
                raise HospitalNotFound
            return own
        if not named:
            raise InvalidInput(subdomain=_("A key of the platform names the hospital: ?subdomain=…"))
        return hospital_by_subdomain(named)


class RegisterView(WebhooksView):
    """Register."""

    scopes: ClassVar = {"POST": SCOPE}

    @extend_schema(
        operation_id="register_webhook",
        summary="Have events sent to an address",
        tags=[TAG],
        parameters=WRITING,
        request=RegisterWebhookSerializer,
        responses={201: WebhookWithSecretSerializer, **WRITE_ERRORS},
        examples=[
            example("Two events", examples.REGISTER),
            example("Registered", examples.REGISTERED, 201),
            example("Our own network", examples.WRONG_URL, 400),
        ],
    )
    def post(self, request: Request) -> Response:
        """The secret is told this once. The address is not tried: send a test for that."""
        asked = _read(RegisterWebhookSerializer, request)

        def respond() -> Response:
            row, secret = self.caller().call(
                register_webhook,
                url=asked["webhook_url"],
                events=asked["events"],
                description=asked.get("description", ""),
            )
            return _with_secret(row, secret, status=201)

        return once(request, respond)


class WebhookListView(WebhooksView):
    """All of them."""

    scopes: ClassVar = {"GET": SCOPE}

    @extend_schema(
        operation_id="list_webhooks",
        summary="The hospital's webhooks, newest first",
        tags=[TAG],
        parameters=[SUBDOMAIN, WebhookListSerializer],
        responses={200: WebhookPageSerializer, **ERRORS},
        examples=[example("One", examples.WEBHOOKS, 200)],
    )
    def get(self, request: Request) -> Response:
        """With the health of each over the last 24 hours."""
        asked = WebhookListSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        after = decode_cursor(data.get("cursor", ""))
        page = self.caller().call(page_of_webhooks_for, after=after, limit=data["limit"])
        return Response(
            {
                "results": WebhookSerializer(
                    page.rows, many=True, context={"health": health_of(page.rows)}
                ).data,
                "count": page.count,
                "next_cursor": encode_cursor(page.next_after),
            }
        )


class WebhookView(WebhooksView):
    """One of them."""

    scopes: ClassVar = {"GET": SCOPE, "PATCH": SCOPE, "DELETE": SCOPE}

    @extend_schema(
        operation_id="get_webhook",
        summary="One webhook",
        tags=[TAG],
        parameters=[SUBDOMAIN],
        responses={200: WebhookSerializer, **ERRORS},
        examples=[example("Webhook", examples.WEBHOOK, 200)],
    )
    def get(self, request: Request, webhook_id: UUID) -> Response:  # noqa: ARG002  -- DRF's signature
        """With its health over the last 24 hours, never with its secret."""
        return _webhook(self.caller().call(webhook_for, webhook_id))

    @extend_schema(
        operation_id="change_webhook",
        summary="Change a webhook, or switch it off and on",
        tags=[TAG],
        parameters=WRITING,
        request=ChangeWebhookSerializer,
        responses={200: WebhookSerializer, **WRITE_ERRORS},
        examples=[
            example("Switch off", examples.SWITCH_OFF),
            example("Switched off", examples.SWITCHED_OFF, 200),
        ],
    )
    def patch(self, request: Request, webhook_id: UUID) -> Response:
        """What is queued already goes to the new address too. What is missed while off can be recovered."""
        asked = _read(ChangeWebhookSerializer, request)
        return once(request, lambda: _webhook(self._change(webhook_id, **asked)))

    def _change(
        self, webhook_id: UUID, *, webhook_url: str | None = None, is_active: bool | None = None, **given: Any
    ) -> Any:
        with transaction.atomic():
            row = self.caller().call(change_webhook, webhook_id=webhook_id, url=webhook_url, **given)
            if is_active is None:
                return row
            return self.caller().call(reactivate if is_active else deactivate, webhook_id=webhook_id)

    @extend_schema(
        operation_id="remove_webhook",
        summary="Remove a webhook",
        tags=[TAG],
        parameters=WRITING,
        responses={204: None, **WRITE_ERRORS},
        examples=[example("Gone", examples.NOT_FOUND, 404)],
    )
    def delete(self, request: Request, webhook_id: UUID) -> Response:
        """Nothing more is sent to it, and its secret is forgotten."""

        def respond() -> Response:
            self.caller().call(remove_webhook, webhook_id=webhook_id)
            return Response(status=204)

        return once(request, respond)


class RotateSecretView(WebhooksView):
    """A new secret."""

    scopes: ClassVar = {"POST": SCOPE}

    @extend_schema(
        operation_id="rotate_webhook_secret",
        summary="Give a webhook a new secret",
        tags=[TAG],
        parameters=WRITING,
        request=None,
        responses={200: WebhookWithSecretSerializer, **WRITE_ERRORS},
        examples=[example("Rotated", examples.ROTATED, 200)],
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """For 24 hours messages are signed with both; rotating again meanwhile ends the oldest at once."""

        def respond() -> Response:
            return _with_secret(*self.caller().call(rotate_secret, webhook_id=webhook_id))

        return once(request, respond)


class TestView(WebhooksView):
    """A try."""

    scopes: ClassVar = {"POST": SCOPE}

    @extend_schema(
        operation_id="test_webhook",
        summary="Send a test message",
        tags=[TAG],
        parameters=WRITING,
        request=None,
        responses={201: DeliverySerializer, **WRITE_ERRORS},
        examples=[
            example("Queued", examples.TEST, 201),
            example("Switched off", examples.INACTIVE, 409),
        ],
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Queues a `webhook.test`, which is tried once: read the delivery to see what came of it."""

        def respond() -> Response:
            row = self.caller().call(send_test, webhook_id=webhook_id)
            return Response(DeliverySerializer(row).data, status=201)

        return once(request, respond)


class RecoverView(WebhooksView):
    """What was missed."""

    scopes: ClassVar = {"POST": SCOPE}

    @extend_schema(
        operation_id="recover_webhook",
        summary="Send again what was not delivered since a time",
        tags=[TAG],
        parameters=WRITING,
        request=RecoverSerializer,
        responses={200: WebhookSerializer, **WRITE_ERRORS},
        examples=[
            example("Since", examples.RECOVER),
            example("Recovering", examples.RECOVERING, 200),
            example("Switched off", examples.INACTIVE, 409),
        ],
    )
    def post(self, request: Request, webhook_id: UUID) -> Response:
        """Events of the subscribed types are queued in the background, while `recovering_since` is set."""
        since = _read(RecoverSerializer, request)["since"]

        def respond() -> Response:
            return _webhook(self.caller().call(recover, webhook_id=webhook_id, since=since))

        return once(request, respond)


def _read(serializer: type[Any], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _webhook(row: Any) -> Response:
    return Response(WebhookSerializer(row, context={"health": health_of([row])}).data)


def _with_secret(row: Any, secret: str, *, status: int = 200) -> Response:
    context = {"health": health_of([row]), "secret": secret}
    return Response(WebhookWithSecretSerializer(row, context=context).data, status=status)
