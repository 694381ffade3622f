"""What a browser may load and run on our pages: the content-security policy of every answer.

Everything comes from the host itself. Inline scripts run with the nonce of their answer alone, styles stand
in files, nobody may frame us. What a page of somebody else's making needs besides is added where it is
served: the admin's (tenants/admin_sites/sites.py) and ReDoc's (api/views/docs.py).
"""

from typing import Any

from csp.constants import NONCE, NONE, SELF

__all__ = ["CONTENT_SECURITY_POLICY"]

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        # `onclick="…"` and its kind: never, whatever the others come to allow.
        "script-src-attr": [NONE],
        "style-src": [SELF],
        # Libraries' style sheets hold small pictures; the calendar beside a date too.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [NONE],
        "worker-src": [NONE],
        "media-src": [NONE],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
