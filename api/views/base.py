"""What every view under a hospital's path has in common."""

from typing import ClassVar

from django.http import HttpRequest
from django.utils.translation import get_language
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.caller import Caller


class HospitalView(APIView):
    """A view under ``/api/v1/tenants/{subdomain}/``. `scopes` maps each method to the scope it needs."""

    scopes: ClassVar[dict[str, str]]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Authenticate first; then refuse a hospital that is unknown or switched off."""
        super().initial(request, *args, **kwargs)
        refusal = request._request.refusal  # noqa: SLF001  -- DRF wraps Django's request
        if refusal is not None:
            raise refusal

    def caller(self) -> Caller:
        """Which hospital, who, and in which language."""
        request: HttpRequest = self.request._request  # noqa: SLF001  -- DRF wraps Django's request
        return Caller(request.hospital, self.request.user, get_language() or "th")
