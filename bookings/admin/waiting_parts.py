"""Parts of the waiting list's pages: the filter by status, and the table of what was offered."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display
from unfold.utils import display_for_label

from bookings.models import WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import LIVE, Outcome, WaitingStatus
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.sites import GrantedInline

COLOURS: dict[str, str] = {
    WaitingStatus.WAITING: "info",
    WaitingStatus.OFFERED: "warning",
    WaitingStatus.ACCEPTED: "success",
    WaitingStatus.EXPIRED: "danger",
    WaitingStatus.LEFT: "default",
    WaitingStatus.CLOSED: "default",
}
_OUTCOME_COLOURS: dict[str, str] = {
    Outcome.OPEN: "warning",
    Outcome.ACCEPTED: "success",
    Outcome.DECLINED: "default",
    Outcome.MISSED: "danger",
    Outcome.WITHDRAWN: "default",
}


class StandingFilter(RadioFilter):
    """Where somebody stands; who is in line, unless something else is asked for."""

    title = _("status")
    parameter_name = "standing"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """What can be chosen."""
        return [("live", _("In line")), *WaitingStatus.choices, ("all", _("All"))]

    def value(self) -> str:
        """What holds: who is in line, unless something else is asked for."""
        return super().value() or "live"

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002  -- Django's signature
        queryset: QuerySet[WaitingListEntry],
    ) -> QuerySet[WaitingListEntry]:
        """The entries that stand there."""
        if self.value() == "live":
            return queryset.filter(status__in=LIVE)
        return queryset if self.value() == "all" else queryset.filter(status=self.value())


class OfferInline(GrantedInline):
    """Every slot that was offered, the latest first."""

    model = WaitingListOffer
    view_verbs = ("appointments.read", "appointments.read_own")
    fields = readonly_fields = ("when", "practitioner", "made", "until", "outcome_shown", "ended")
    hide_title = True

    @display(description=_("start"))
    def when(self, offer: WaitingListOffer) -> str:
        """Which slot."""
        return say_moment(offer.start, weekday=True)

    @display(description=_("offered at"))
    def made(self, offer: WaitingListOffer) -> str:
        """Since when."""
        return say_moment(offer.created_at)

    @display(description=_("held until"))
    def until(self, offer: WaitingListOffer) -> str:
        """Until when it could be accepted."""
        return say_moment(offer.expires_at)

    @display(description=_("outcome"))
    def outcome_shown(self, offer: WaitingListOffer) -> str:
        """What became of it."""
        label = offer.outcome, offer.get_outcome_display()
        return display_for_label(label, "-", _OUTCOME_COLOURS)  # type: ignore[no-any-return]

    @display(description=_("answered at"))
    def ended(self, offer: WaitingListOffer) -> str:
        """When it was answered, or ended."""
        return "-" if offer.outcome == Outcome.OPEN else say_moment(offer.updated_at)
