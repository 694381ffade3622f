"""Who calls: an API key in ``X-API-Key``, for the hospital in the path."""

from typing import cast

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apikeys.keys import check_key
from apikeys.models import ApiKey
from apikeys.scopes import grants_of
from core.actor import Actor, Door
from core.errors import DomainError, Kind
from tenants.errors import HospitalNotFound

HEADER = "X-API-Key"


class KeyRequired(DomainError):
    """No key came with the request."""

    kind = Kind.UNAUTHENTICATED
    reason = "key_required"
    text = _("Send an API key in the X-API-Key header.")


class ScopeLacking(DomainError):
    """The key lacks the scope that this path needs; `scope` names it."""

    kind = Kind.NOT_ALLOWED
    reason = "scope_lacking"
    text = _("This API key may not do this.")


class ApiKeyAuthentication(BaseAuthentication):
    """Authenticate by API key. `request.user` is the actor, `request.auth` the key."""

    def authenticate(self, request: Request) -> tuple[Actor, ApiKey]:
        """The actor of the request's key. Raises `KeyRequired`, `WrongKey`, `HospitalNotFound`.

        A key of another hospital learns nothing: a path that leads nowhere, to a hospital that is switched
        off and to one that is open all answer it alike.
        """
        text = request.headers.get(HEADER)
        if not text:
            raise KeyRequired
        key = check_key(text)
        if (
            key.hospital is not None
            and key.hospital.subdomain != request.parser_context["kwargs"]["subdomain"]
        ):
            raise HospitalNotFound
        actor = Actor(door=Door.API, grants=grants_of(key.scopes), label=key.public_id)
        return actor, key

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  -- DRF's signature
        """What a 401 asks for."""
        return "ApiKey"


class HasScope(BasePermission):
    """The key carries the scope that the view declares for the method. Declaring none refuses everybody."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Whether it does. Raises `ScopeLacking` with the scope named, `MethodNotAllowed`."""
        scopes: dict[str, str] = getattr(view, "scopes", {})
        method = request.method or ""
        # HEAD is GET without the body.
        needed = scopes.get("GET" if method == "HEAD" else method)
        if needed is None:
            raise MethodNotAllowed(method)
        if needed not in cast(ApiKey, request.auth).scopes:
            raise ScopeLacking(scope=needed)
        return True
