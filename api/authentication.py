"""Who calls: an API key in ``X-API-Key``, for the hospital in the path."""

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

        A key of another hospital learns nothing, not even that the path's hospital exists.
        """
        text = request.headers.get(HEADER)
        if not text:
            raise KeyRequired
        key = check_key(text)
        hospital = request._request.hospital  # noqa: SLF001  -- DRF wraps Django's request
        if key.hospital_id is not None and hospital is not None and key.hospital_id != hospital.pk:
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
        if method not in scopes:
            raise MethodNotAllowed(method)
        if scopes[method] not in request.auth.scopes:
            raise ScopeLacking(scope=scopes[method])
        return True
