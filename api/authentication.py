"""Who calls: an API key in ``X-API-Key``, or somebody who signed in, by ``Authorization: Bearer``."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.access import Claims, WrongToken, read_access_token
from apikeys.addresses import client_address
from apikeys.keys import check_key
from apikeys.models import ApiKey
from apikeys.scopes import scopes_of
from core.actor import Actor, Door
from core.errors import DomainError, InvalidInput, Kind
from credentials.callers import CHALLENGE, KeyRequired, actor_of_claims, actor_of_key
from tenants.context import outside
from tenants.errors import HospitalInactive, HospitalNotFound
from tenants.middleware import HospitalRequest
from tenants.models import Hospital

HEADER = "X-API-Key"


class ScopeLacking(DomainError):
    """The key or the role lacks the scope that this path needs; `scope` names it."""

    kind = Kind.NOT_ALLOWED
    reason = "scope_lacking"
    text = _("This API key, or your role, may not do this.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The credential of a person; `hospital` is None for an operator of the platform."""

    user_id: UUID
    hospital: Hospital | None
    sign_in_id: UUID
    scopes: frozenset[str]


class ApiKeyAuthentication(BaseAuthentication):
    """Authenticate by API key. `request.user` is the actor, `request.auth` the key."""

    def authenticate(self, request: Request) -> tuple[Actor, ApiKey] | None:
        """The actor of the request's key, or None where an access token came instead of one.

        A key of another hospital learns nothing: a path that leads nowhere, to a hospital that is switched
        off and to one that is open all answer it alike. Raises `KeyRequired`, `WrongKey`, `HospitalNotFound`,
        and `InvalidInput` where both came: of two callers we would have to choose one.
        """
        text, token = request.headers.get(HEADER), _bearer_token(request)
        if text and token is not None:
            raise InvalidInput(Authorization=_("Send an API key or an access token, not both."))
        if token is not None:
            return None
        if not text:
            raise KeyRequired
        key = check_key(text)
        named = request.parser_context["kwargs"].get("subdomain")
        if key.hospital is not None and named not in (None, key.hospital.subdomain):
            raise HospitalNotFound
        return actor_of_key(key, Door.API), key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  -- DRF's signature
        """What a 401 asks for."""
        return CHALLENGE


class BearerAuthentication(BaseAuthentication):
    """Authenticate by access token. `request.user` is the actor, `request.auth` a `SignedIn`.

    Role, links and whether they may still come in are read for each request: a change takes effect at once.
    """

    def authenticate(self, request: Request) -> tuple[Actor, SignedIn] | None:
        """The actor of the request's access token, or None without one.

        To a token of another hospital every hospital is not found, as to a key. Raises `WrongToken`,
        `HospitalNotFound`, `HospitalInactive`.
        """
        if (token := _bearer_token(request)) is None:
            return None
        claims = read_access_token(token)
        hospital = _hospital_of(claims, request)
        actor = actor_of_claims(claims, hospital, Door.API)
        return actor, SignedIn(claims.user_id, hospital, claims.sign_in_id, scopes_of(actor.grants))

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  -- DRF's signature
        """What a 401 asks for."""
        return CHALLENGE


class HasScope(BasePermission):
    """Key or role have the scope that the view declares for the method. Declaring none refuses everybody."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Whether it does. Raises `ScopeLacking` with the scope named, `MethodNotAllowed`."""
        scopes: dict[str, str] = getattr(view, "scopes", {})
        method = request.method or ""
        # HEAD is GET without the body.
        needed = scopes.get("GET" if method == "HEAD" else method)
        if needed is None:
            raise MethodNotAllowed(method)
        if needed not in cast(ApiKey | SignedIn, request.auth).scopes:
            raise ScopeLacking(scope=needed)
        return True


def address_of(request: HttpRequest) -> str:
    """The address that a request came from, as django-axes asks for it."""
    return client_address(request.META)


def _bearer_token(request: Request) -> str | None:
    scheme, _space, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _hospital_of(claims: Claims, request: Request) -> Hospital | None:
    """The hospital that a token was signed for, which must be the one that the request is for.

    A token of the platform goes by every hospital: there its bearer may do what an operator may.
    """
    if claims.hospital_id is None:
        return None
    named = cast(HospitalRequest, request._request).hospital  # noqa: SLF001  -- DRF wraps it
    if named is not None:
        if named.uuid != claims.hospital_id:
            raise HospitalNotFound
        return named
    return _hospital_unentered(claims.hospital_id, request.parser_context["kwargs"].get("subdomain"))


def _hospital_unentered(hospital_id: UUID, subdomain: str | None) -> Hospital:
    """The token's own hospital where no path or host has led into one: the path may name it, switched off."""
    with outside():
        hospital: Hospital | None = Hospital.objects.filter(uuid=hospital_id).first()
    if hospital is None:
        raise WrongToken
    if subdomain not in (None, hospital.subdomain):
        raise HospitalNotFound
    if not hospital.is_active:
        raise HospitalInactive
    return hospital
