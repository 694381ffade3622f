"""One-time codes, for operators: when, by which gateway, what became of them. No numbers, no codes."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display
from unfold.utils import display_for_label

from core import clock
from tenants.admin_sites.dates import DayRangeFilter, say_moment
from tenants.admin_sites.sites import GrantedAdmin, platform_site
from verification.gateways import GATEWAYS
from verification.models import MOST_TRIES, PhoneChallenge

_STATES: dict[str, Any] = {
    "used": _("Used"),
    "burnt": _("Guessed at too often"),
    "failed": _("Not sent"),
    "under_way": _("Being sent"),
    "lost": _("No answer from the gateway"),
    "over": _("Ran out"),
    "live": _("Valid"),
}
_COLOURS = {
    "used": "success", "burnt": "danger", "failed": "danger", "lost": "warning", "under_way": "info",
    "over": "default", "live": "info",
}  # fmt: skip
_FACTS = ("made", "purpose", "gateway", "state_shown", "attempts", "sent", "runs_out")


class _GatewayFilter(DropdownFilter):
    title = _("gateway")
    parameter_name = "gateway"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        return [(name, name) for name in GATEWAYS]

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  -- Django's signature
        queryset: QuerySet[PhoneChallenge],
    ) -> QuerySet[PhoneChallenge]:
        return queryset.filter(gateway=self.value()) if self.value() else queryset


@admin.register(PhoneChallenge, site=platform_site)
class PhoneChallengeAdmin(GrantedAdmin):
    """The codes of the last two days, the newest first. To be read."""

    view_verbs = ("telegram.read",)
    list_display = ("made", "purpose", "gateway", "state", "attempts")
    list_filter = (_GatewayFilter, ("created_at", DayRangeFilter))
    ordering = ("-created_at", "pk")
    fields = readonly_fields = _FACTS

    @display(description=_("asked for at"), ordering="created_at")
    def made(self, row: PhoneChallenge) -> str:
        """When somebody asked for it."""
        return say_moment(row.created_at)

    @display(description=_("sent at"), ordering="sent_at")
    def sent(self, row: PhoneChallenge) -> str:
        """When a gateway took it."""
        return say_moment(row.sent_at) if row.sent_at else "–"

    @display(description=_("expires at"), ordering="expires_at")
    def runs_out(self, row: PhoneChallenge) -> str:
        """Until when it is good."""
        return say_moment(row.expires_at)

    @display(description=_("state"), label=_COLOURS)
    def state(self, row: PhoneChallenge) -> tuple[str, Any]:
        """What became of it."""
        word = state_of(row)
        return word, _STATES[word]

    @display(description=_("state"))
    def state_shown(self, row: PhoneChallenge) -> str:
        """The same label on the page of one code, where unfold draws none by itself."""
        return display_for_label(self.state(row), "-", _COLOURS)  # type: ignore[no-any-return]


def state_of(row: PhoneChallenge) -> str:
    """What became of a code, in a word of ours."""
    is_over = row.ended_at is not None or row.expires_at <= clock.now()
    states = [
        ("used", row.used_at is not None),
        ("burnt", row.attempts >= MOST_TRIES),
        ("failed", row.failed_at is not None),
        ("lost", row.sent_at is None and is_over),
        ("under_way", row.sent_at is None),
        ("over", is_over),
    ]
    return next((word for word, holds in states if holds), "live")
