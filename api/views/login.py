"""Signing in by e-mail and password, for programs that act for a person."""

from typing import Any, cast

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.caller import actor_of
from accounts.login import refresh, refuse_unknown_hospital, sign_in, sign_out
from accounts.models import User
from accounts.second_factor.actions import SecondFactorEvent, Tell
from accounts.second_factor.checking import LONGEST
from accounts.tokens import Pair
from api import examples
from api.openapi import LOGIN_ERRORS, LOGIN_TAG
from api.throttling import at_address
from api.views.base import RestView
from apikeys.limits import spend
from bookings.serializers.fields import WireEmail, WireText
from core.actor import Door
from core.errors import InvalidInput
from events.outbox import record
from tenants.context import outside
from tenants.middleware import HospitalRequest
from tenants.models import Hospital


class LoginSerializer(serializers.Serializer):
    """Who signs in, and where."""

    email = WireEmail(max_length=254)
    # Spaces around it belong to a password. The limit keeps a long one from keeping the processor busy.
    password = WireText(max_length=1024, trim_whitespace=False, style={"input_type": "password"})
    otp_code = WireText(
        required=False,
        allow_blank=True,
        max_length=LONGEST,
        help_text="The code of the second factor's phone, or a recovery code, of somebody who has one.",
    )
    subdomain = WireText(
        required=False,
        allow_blank=True,
        max_length=40,
        help_text="The hospital, where the host does not name it; without it, the platform.",
    )


class RefreshSerializer(serializers.Serializer):
    """A refresh token."""

    refresh_token = WireText(max_length=200)


class TokenPairSerializer(serializers.Serializer):
    """An access token for the next minutes, and a refresh token for the next pair."""

    access_token = serializers.CharField(help_text="Send it as `Authorization: Bearer …`.")
    refresh_token = serializers.CharField(help_text="Good for one use.")
    token_type = serializers.CharField(default="Bearer")
    expires_in = serializers.IntegerField(help_text="How long the access token lasts, in seconds.")
    refresh_expires_in = serializers.IntegerField(help_text="How long the refresh token lasts, in seconds.")


class _OpenView(RestView):
    """A view for whoever comes: counted by address, for the hospital of the host or for none."""

    authentication_classes = []
    permission_classes = []

    def _spend(self, request: Request) -> None:
        self.allowance = spend(self.policy(request), at_address(request))

    def hospital(self) -> Hospital | None:
        """The hospital of the host. Raises what the host was refused for."""
        request = cast(HospitalRequest, self.request._request)  # noqa: SLF001  -- DRF wraps it
        if request.refusal is not None:
            raise request.refusal
        return request.hospital


class LoginView(_OpenView):
    """Sign in."""

    limit = "login"

    @extend_schema(
        operation_id="login",
        summary="Sign in by e-mail and password",
        tags=[LOGIN_TAG],
        auth=[],
        request=LoginSerializer,
        responses={200: TokenPairSerializer, **LOGIN_ERRORS},
        examples=[
            OpenApiExample("A member of staff", examples.LOGIN, request_only=True),
            OpenApiExample("Tokens", examples.TOKENS, response_only=True, status_codes=["200"]),
            OpenApiExample("Not right", examples.WRONG_LOGIN, response_only=True, status_codes=["401"]),
            OpenApiExample("Code needed", examples.CODE_NEEDED, response_only=True, status_codes=["401"]),
            OpenApiExample("Locked out", examples.LOCKED_OUT, response_only=True, status_codes=["429"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """The hospital is that of the host, or what `subdomain` names; without either, it is the platform."""
        asked = _read(LoginSerializer, request)
        hospital = self._hospital_named(asked)
        # Django's own request: the guard leaves on it what its middleware looks at.
        plain = request._request  # noqa: SLF001  -- DRF wraps it
        pair = sign_in(
            plain,
            hospital,
            _teller,
            email=asked["email"],
            password=asked["password"],
            code=asked.get("otp_code", ""),
        )
        return _answer(pair)

    def _hospital_named(self, asked: dict[str, str]) -> Hospital | None:
        at, subdomain = self.hospital(), asked.get("subdomain")
        if not subdomain:
            return at
        if at is not None:
            if at.subdomain != subdomain:
                raise InvalidInput(subdomain=_("This host belongs to another hospital."))
            return at
        with outside():
            # Not by the directory: whether it is switched off is told to who may sign in there, not before.
            hospital: Hospital | None = Hospital.objects.filter(subdomain=subdomain).first()
        return hospital or refuse_unknown_hospital(asked["password"])


class RefreshView(_OpenView):
    """Renew."""

    limit = "writing"

    @extend_schema(
        operation_id="refresh_login",
        summary="A new pair of tokens for a refresh token",
        tags=[LOGIN_TAG],
        auth=[],
        request=RefreshSerializer,
        responses={200: TokenPairSerializer, **LOGIN_ERRORS},
        examples=[
            OpenApiExample("The refresh token", examples.REFRESH, request_only=True),
            OpenApiExample("Tokens", examples.TOKENS, response_only=True, status_codes=["200"]),
            OpenApiExample("Used before", examples.TOKEN_USED, response_only=True, status_codes=["401"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """A refresh token is good for one use: of requests with the same one, one gets a pair."""
        return _answer(refresh(_read(RefreshSerializer, request)["refresh_token"], at=self.hospital()))


class LogoutView(_OpenView):
    """Sign out."""

    limit = "writing"

    @extend_schema(
        operation_id="logout",
        summary="End a sign-in with all its tokens",
        tags=[LOGIN_TAG],
        auth=[],
        request=RefreshSerializer,
        responses={204: None, **LOGIN_ERRORS},
        examples=[OpenApiExample("The refresh token", examples.REFRESH, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """Access tokens of the sign-in end too. A token that is worth nothing already is answered alike."""
        sign_out(_read(RefreshSerializer, request)["refresh_token"], at=self.hospital())
        return Response(status=204)


def _teller(user: User) -> Tell:
    """Records, as the user, that a recovery code was used up."""
    actor = actor_of(user, Door.API)

    def tell(event: SecondFactorEvent, data: dict[str, Any]) -> None:
        record(actor, event, subject_type="user", subject_id=user.pk, data=data)

    return tell


def _read(kind: type[serializers.Serializer], request: Request) -> dict[str, str]:
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _answer(pair: Pair) -> Response:
    return Response(
        {
            "access_token": pair.access_token,
            "refresh_token": pair.refresh_token,
            "token_type": "Bearer",
            "expires_in": pair.expires_in,
            "refresh_expires_in": pair.refresh_expires_in,
        }
    )
