"""How often what may be asked, unless a hospital or a key has a limit of its own: one table."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_lazy as _

MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` in any stretch of `seconds`."""

    amount: int
    seconds: int


# `availability` and `booking` are the specification's; the others leave room for a busy front desk.
POLICIES: dict[str, Rate] = {
    "availability": Rate(100, HOUR),
    "booking": Rate(10, MINUTE),
    # Counted by itself: a booking that was held before needs one of each.
    "holding": Rate(10, MINUTE),
    "reading": Rate(300, MINUTE),
    "writing": Rate(60, MINUTE),
    "webhooks": Rate(60, MINUTE),
    # Each call of an assistant's tool; checking free times and booking take from their own besides.
    "tools": Rate(settings.MCP_RATE_LIMIT, MINUTE),
    # By address: there is no key yet, or none that is good.
    "login": Rate(10, MINUTE),
    "anonymous": Rate(30, MINUTE),
    # All keys and users of one hospital together, so that it cannot starve the others.
    "hospital": Rate(3000, MINUTE),
}

# What a hospital or a key may have a limit of its own for. Whoever has no key belongs to no hospital.
NAMES = {
    "availability": _("Reading free times"),
    "booking": _("Making bookings"),
    "holding": _("Holding slots"),
    "reading": _("Other reading"),
    "writing": _("Other changes"),
    "webhooks": _("Managing webhooks"),
    "tools": _("Calling tools as an AI assistant"),
    "login": _("Signing in, by address"),
    "hospital": _("All requests of one hospital"),
}

# What is counted by key or user. The rest is counted by address, or by hospital as a whole.
BY_KEY = ("availability", "booking", "holding", "reading", "writing", "webhooks", "tools")
BY_ADDRESS = ("login", "anonymous")
