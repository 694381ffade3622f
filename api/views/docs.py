"""The OpenAPI document and two ways to read it, all served by ourselves."""

from functools import cache
from pathlib import Path

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerSplitView

_REDOC_BUNDLE = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"
# All that ReDoc's bundle fetches from another site is its maker's logo. An empty picture hides itself.
_LOGO, _NOTHING = b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"data:,"

# ReDoc draws its styles by rules in empty style sheets (those of its scroll bars stand in one that is
# not empty), and searches in a worker that it makes itself.
_EMPTY = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
_SCROLL_BARS = "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
_drawn_by_redoc = csp_replace(
    {
        "style-src": [SELF, _EMPTY, _SCROLL_BARS],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF, "data:"],
        "worker-src": [SELF, "blob:"],
    }
)


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
# Its script comes by an address of its own: browsers refuse it inside of the page.
swagger = SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/swagger.html")
redoc = _drawn_by_redoc(SpectacularRedocView.as_view(url_name="schema", template_name="api/redoc.html"))
