"""The OpenAPI document and two ways to read it, all served by ourselves."""

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

_REDOC_BUNDLE = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
# All that ReDoc's bundle fetches from another site is its maker's logo. An empty picture hides itself.
_LOGO, _NOTHING = b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"data:,"

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


@cache
def _redoc_bundle() -> bytes:
    path = finders.find(_REDOC_BUNDLE)
    if path is None:
        raise FileNotFoundError(_REDOC_BUNDLE)
    return Path(path).read_bytes().replace(_LOGO, _NOTHING)


def redoc_bundle(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  -- a view
    """ReDoc's own JavaScript, asking nobody else for anything."""
    return HttpResponse(
        _redoc_bundle(), content_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"}
    )


schema = SpectacularAPIView.as_view()
swagger = _loading_nothing_from_elsewhere(SpectacularSwaggerView.as_view(url_name="schema"))
redoc = _loading_nothing_from_elsewhere(
    SpectacularRedocView.as_view(url_name="schema", template_name="api/redoc.html")
)
