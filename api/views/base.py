"""What every view of the REST door has in common."""

from typing import Any, ClassVar, cast

from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.caller import Caller
from api.negotiation import JsonNegotiation
from api.parsers import LengthRequired, StrictJSONParser
from api.throttling import allowance_of, spend_anonymous, spender_of, tell
from apikeys.limits import Allowance, spend
from core.actor import Actor
from core.errors import DomainError
from tenants.context import enter_hospital, leave_hospital
from tenants.directory import hospital_by_schema
from tenants.errors import HospitalNotFound
from tenants.middleware import HospitalRequest
from tenants.models import Hospital


class RestView(APIView):
    """A view for whoever has credentials. `scopes` maps each method to the scope that it needs.

    `limit` names the policy (`apikeys.policies`) that requests count under, for all methods or for each.
    """

    scopes: ClassVar[dict[str, str]]
    limit: ClassVar[str | dict[str, str]]
    # No OPTIONS: DRF's answer describes views, and pages of other sites have no business here.
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    content_negotiation_class = JsonNegotiation
    parser_classes = [StrictJSONParser]
    allowance: Allowance | None = None
    # Where the path names one that takes requests.
    path_hospital: Hospital | None = None

    def hospital(self) -> Hospital | None:
        """The hospital that the request is for, None if there is none. Raises `HospitalInactive`."""
        raise NotImplementedError

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Read query and body as UTF-8, whatever codec the Content-Type names."""
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Everything that comes before the verb. Raises `LengthRequired` for a body that would be lost.

        Who it is, and whether they may ask once more, comes first: whatever is refused after that counts.
        """
        self._spend(request)
        super().initial(request, *args, **kwargs)
        if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
            raise LengthRequired

    def _spend(self, request: Request) -> None:
        try:
            # Authenticates, and remembers.
            request.user  # noqa: B018
        except DomainError:
            self.allowance = spend_anonymous(request)
            raise
        self.allowance = spend(self.policy(request), spender_of(request, self.path_hospital))

    def policy(self, request: Request) -> str:
        """The policy that the request counts under; that of the first method for one that is not there."""
        if isinstance(self.limit, str):
            return self.limit
        method = "GET" if request.method == "HEAD" else request.method or ""
        return self.limit.get(method) or next(iter(self.limit.values()))

    def perform_authentication(self, request: Request) -> None:
        """Authenticate; then refuse a hospital that is unknown or switched off, before asking for scopes."""
        super().perform_authentication(request)
        self.hospital()

    def handle_exception(self, exc: Exception) -> Response:
        """DRF's; a refusal for want of an allowance says what there is of it."""
        self.allowance = allowance_of(exc) or self.allowance
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody on the way keeps an answer: it may name a patient, and a free slot is soon gone."""
        response["Cache-Control"] = "no-store"
        tell(response, self.allowance)
        return super().finalize_response(request, response, *args, **kwargs)

    def caller(self) -> Caller:
        """Which hospital, who, and in which language. Raises `HospitalNotFound`, `HospitalInactive`."""
        hospital = self.hospital()
        if hospital is None:
            raise HospitalNotFound
        return Caller(hospital, cast(Actor, self.request.user), get_language() or "th")


class HospitalView(RestView):
    """A view under ``/api/v1/tenants/{subdomain}/``: the path names the hospital."""

    @property
    def path_hospital(self) -> Hospital | None:  # type: ignore[override]  # read only
        """The hospital that the middleware entered, if any."""
        return _within(self.request).hospital

    def hospital(self) -> Hospital | None:
        """The hospital that the middleware entered. Raises what it was refused for."""
        refusal = _within(self.request).refusal
        if refusal is not None:
            raise refusal
        return self.path_hospital


class OwnHospitalView(RestView):
    """A view at a path that names no hospital: it is that of the key, whatever host the request came to."""

    def perform_authentication(self, request: Request) -> None:
        """Authenticate, and enter the key's hospital. The middleware, which saw the host alone, leaves it."""
        super().perform_authentication(request)
        hospital = self.hospital()
        if hospital is None:
            leave_hospital()
        else:
            enter_hospital(hospital)

    def hospital(self) -> Hospital | None:
        """The key's, None for a key of the platform. Raises `HospitalInactive`."""
        hospital: Hospital | None = getattr(self.request.auth, "hospital", None)
        # By the directory: what came with the key may be older than the switch that refuses everybody.
        return None if hospital is None else hospital_by_schema(hospital.schema_name)


def _within(request: Request) -> HospitalRequest:
    """Django's own request inside of DRF's, as the middleware left it."""
    return cast(HospitalRequest, request._request)  # noqa: SLF001  -- DRF wraps it
