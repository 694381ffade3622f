"""What every view under a hospital's path has in common."""

from typing import Any, ClassVar, cast

from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.caller import Caller
from api.negotiation import JsonNegotiation
from api.parsers import LengthRequired, StrictJSONParser
from core.actor import Actor
from tenants.errors import HospitalNotFound
from tenants.middleware import HospitalRequest


class HospitalView(APIView):
    """A view under ``/api/v1/tenants/{subdomain}/``. `scopes` maps each method to the scope it needs."""

    scopes: ClassVar[dict[str, str]]
    # No OPTIONS: DRF's answer describes views, and pages of other sites have no business here.
    http_method_names = ["get", "head", "post", "delete"]
    content_negotiation_class = JsonNegotiation
    parser_classes = [StrictJSONParser]

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        """Read query and body as UTF-8, whatever codec the Content-Type names."""
        request.encoding = "utf-8"
        return super().initialize_request(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Everything that comes before the verb. Raises `LengthRequired` for a body that would be lost."""
        super().initial(request, *args, **kwargs)
        if "Transfer-Encoding" in request.headers and "Content-Length" not in request.headers:
            raise LengthRequired

    def perform_authentication(self, request: Request) -> None:
        """Authenticate; then refuse a hospital that is unknown or switched off, before asking for scopes."""
        super().perform_authentication(request)
        refusal = _within(request).refusal
        if refusal is not None:
            raise refusal

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Nobody on the way keeps an answer: it may name a patient, and a free slot is soon gone."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    def caller(self) -> Caller:
        """Which hospital, who, and in which language."""
        hospital, actor = _within(self.request).hospital, cast(Actor, self.request.user)
        if hospital is None:
            raise HospitalNotFound
        return Caller(hospital, actor, get_language() or "th")


def _within(request: Request) -> HospitalRequest:
    """Django's own request inside of DRF's, as the middleware left it."""
    return cast(HospitalRequest, request._request)  # noqa: SLF001  -- DRF wraps it
