"""The OpenAPI document and two ways to read it, all served by ourselves."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

# ReDoc's bundle asks another site for a logo; the browser is told not to.
_OURS_ALONE = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

View = Callable[..., HttpResponseBase]


def _loading_nothing_from_elsewhere(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Content-Security-Policy"] = _OURS_ALONE
        return response

    return guarded


schema = SpectacularAPIView.as_view()
swagger = _loading_nothing_from_elsewhere(SpectacularSwaggerView.as_view(url_name="schema"))
redoc = _loading_nothing_from_elsewhere(
    SpectacularRedocView.as_view(url_name="schema", template_name="api/redoc.html")
)
