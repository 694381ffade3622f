"""The hospital's own plan on its admin: what it is, what it allows, how much of that is used. To be read."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from subscriptions.admin.words import actor_in, say_limit, say_price, status_label
from subscriptions.limits import usage_of
from subscriptions.models import Subscription
from subscriptions.queries import present_subscription_for
from tenants.admin_sites.dates import say_day
from tenants.admin_sites.sites import GrantedAdmin, hospital_site
from tenants.context import current_hospital

_FULL = 100
_PAGE = "admin/subscriptions/your_plan.html"
_NAMES: dict[str, Promise] = {"doctors": _("Doctors"), "staff": _("Staff accounts")}


@dataclass(frozen=True, slots=True)
class _Used:
    """How much of something is used: `share` in percent of the limit, None where there is none."""

    name: str | Promise
    have: int
    limit: str
    share: int | None

    @property
    def is_full(self) -> bool:
        """Whether no more of them may be added."""
        return self.share is not None and self.share >= _FULL


@admin.register(Subscription, site=hospital_site)
class YourPlanAdmin(GrantedAdmin):
    """One page in place of a list: a hospital has one subscription."""

    view_verbs = ("subscriptions.read",)

    def changelist_view(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  -- Django's signature
    ) -> HttpResponse:
        """The plan, what it costs and until when, and its limits beside what is used of them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = present_subscription_for(actor_in(request))
        facts = _facts_of(row) if row is not None else []
        return self.page(
            request, _PAGE, title=_("Your plan"), subscription=row, facts=facts, usage=_usage(row)
        )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,  # noqa: ARG002  -- Django's signature
        form_url: str = "",  # noqa: ARG002  -- Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The same page."""
        return self.changelist_view(request, extra_context)


def _facts_of(row: Subscription) -> list[tuple[str | Promise, Any]]:
    ends = row.cancel_at_period_end or not row.auto_renew
    return [
        (_("Plan"), row.plan.name),
        (_("Status"), status_label(row)),
        (_("Billed"), row.get_billing_cycle_display()),
        (_("Price of the period"), say_price(row.price)),
        (_("Period from"), say_day(row.current_period_start)),
        (_("Ends on") if ends else _("Renews on"), say_day(row.current_period_end)),
        (_("Features"), ", ".join(row.plan.features) or "-"),
    ]


def _usage(row: Subscription | None) -> list[_Used]:
    limits = row.plan.limits if row is not None else {}
    used = usage_of(current_hospital())
    return [_used(name, used.get(what, 0), limits.get(what)) for what, name in _NAMES.items()]


def _used(name: str | Promise, have: int, limit: int | None) -> _Used:
    share = None if limit is None else min(_FULL, have * _FULL // limit) if limit else _FULL
    return _Used(name, have, say_limit(limit), share)
