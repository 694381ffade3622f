"""How the two admin sites look: the hospital's own and the platform's."""

from typing import Any

from django.utils.translation import gettext_lazy as _

# Teal with enough contrast for text on white (5.5:1 at 700; WCAG 2.2 AA asks for 4.5:1).
_COLOURS: dict[str, Any] = {
    "primary": {
        "50": "240 253 250",
        "100": "204 251 241",
        "200": "153 246 228",
        "300": "94 234 212",
        "400": "45 212 191",
        "500": "20 184 166",
        "600": "15 118 110",
        "700": "15 118 110",
        "800": "17 94 89",
        "900": "19 78 74",
        "950": "4 47 46",
    },
}

HOSPITAL_ADMIN: dict[str, Any] = {
    "SITE_TITLE": "NadMor",
    "SITE_HEADER": "NadMor",
    "SITE_SYMBOL": "event_available",
    "SITE_URL": "/",
    "COLORS": _COLOURS,
    "SHOW_LANGUAGES": True,
    # The browser would keep opened patients' names in its local storage.
    "COMMAND": {"search_models": False, "show_history": False},
}

PLATFORM_ADMIN: dict[str, Any] = {
    **HOSPITAL_ADMIN,
    "SITE_HEADER": _("NadMor platform"),
    "SITE_SYMBOL": "domain",
}
