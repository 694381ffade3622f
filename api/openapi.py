"""What every operation has in common in the OpenAPI document."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from api import examples

TAG = "booking"
LOGIN_TAG = "login"


class ErrorSerializer(serializers.Serializer):
    """What went wrong."""

    code = serializers.ChoiceField(
        choices=[
            "AUTH_REQUIRED", "AUTH_INVALID", "PERMISSION_DENIED", "RESOURCE_NOT_FOUND",
            "VALIDATION_ERROR", "CONFLICT", "RATE_LIMIT", "SERVER_ERROR",
        ]
    )  # fmt: skip
    message = serializers.CharField(help_text="For people, in the caller's language.")
    details = serializers.DictField(
        help_text="For programs: each wrong field with its texts, or a `reason` and what helps."
    )
    timestamp = serializers.DateTimeField()


@extend_schema_serializer(examples=[OpenApiExample("A wrong field", examples.WRONG_FIELD)])
class ErrorEnvelopeSerializer(serializers.Serializer):
    """Every refusal looks like this."""

    error = ErrorSerializer()


def _refusal(description: str) -> OpenApiResponse:
    return OpenApiResponse(ErrorEnvelopeSerializer, description=description)


PATH = [
    OpenApiParameter(
        "subdomain", str, OpenApiParameter.PATH, description="The hospital's subdomain, such as `demo`."
    ),
]
ERRORS = {
    400: _refusal("The input is wrong; `details` names each field."),
    401: _refusal("No key, or one that is not valid."),
    403: _refusal("The key lacks the scope, or the hospital is switched off."),
    404: _refusal("Not there, or not yours."),
    "default": _refusal("Every other refusal: 405, 406, 411, 413, 415, 500, and 503 with `Retry-After`."),
}
WRITE_ERRORS = {
    **ERRORS,
    409: _refusal(
        "Refused as things stand; `details.reason` says why, `details.alternatives` what can be had."
    ),
}
LOGIN_ERRORS = {
    400: _refusal("The input is wrong; `details` names each field."),
    401: _refusal("Not right, or not any more; `details.reason` says which kind."),
    403: _refusal("The hospital is switched off, or asks for a second factor that is not set up."),
    404: _refusal("The host belongs to no hospital."),
    429: _refusal("Too many requests or failures; `Retry-After` says for how long."),
    "default": _refusal("Every other refusal: 405, 406, 411, 413, 415, 500, and 503 with `Retry-After`."),
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    description="A request repeated with the same key within 24 hours is answered again, not done again.",
)


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself
    """How to authenticate."""

    target_class = "api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002  -- its signature
        """The header."""
        return {"type": "apiKey", "in": "header", "name": "X-API-Key"}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself
    """How to authenticate as somebody who signed in."""

    target_class = "api.authentication.BearerAuthentication"
    name = "Bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002  -- its signature
        """The header."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
