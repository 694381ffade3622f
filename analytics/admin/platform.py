"""The front page of the platform's admin: hospitals, their health and use, and how the platform itself is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.caller import actor_of
from accounts.models import User
from analytics.platform import parts
from analytics.queries.platform import HospitalFigures, platform_figures_for
from core.actor import Actor, Door
from tenants.admin_sites.dates import say_moment
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import platform_site

TEMPLATE = "admin/platform/dashboard.html"
HOSPITALS_A_PAGE = 25

_NEVER = datetime.min.replace(tzinfo=UTC)
_Key = Callable[[HospitalFigures], Any]
# Column → its heading and what it is sorted by.
COLUMNS: dict[str, tuple[str | Promise, _Key]] = {
    "name": (_("Hospital"), lambda one: one.name.casefold()),
    "state": (_("State"), lambda one: (one.is_active, one.is_ready)),
    "plan": (_("Plan"), lambda one: one.plan),
    "today": (_("Today"), lambda one: one.today),
    "week": (_("This week"), lambda one: one.week),
    "no_shows": (_("No-shows, 7 days"), lambda one: one.no_shows),
    "users": (_("Staff accounts"), lambda one: one.users),
    "notices_failed": (_("Notices failed, 7 days"), lambda one: one.notices_failed),
    "jobs_overdue": (_("Work overdue"), lambda one: one.jobs_overdue),
    "webhooks_off": (_("Webhooks switched off"), lambda one: one.more.get("webhooks_off", 0)),
    "telegram": (_("Telegram"), lambda one: one.more.get("telegram", 0)),
    "last_activity": (_("Last activity"), lambda one: one.last_activity or _NEVER),
}
USUAL_ORDER = "name"
# The columns of numbers, and those in which any number but none is trouble.
_NUMBERS = tuple(COLUMNS)[3:-1]
_TROUBLES = frozenset({"notices_failed", "jobs_overdue", "webhooks_off"})

PART_NAMES: dict[str, str | Promise] = {
    "database": _("Database"), "redis": "Redis", "workers": _("Workers"), "queue": _("Background work"),
    "limits": _("Rate limits"), "bot": _("Telegram bot"),
}  # fmt: skip
# State of a part → its words, its symbol, and the colour of unfold's label: never the colour alone.
PART_STATES: dict[str, tuple[str | Promise, str, str]] = {
    "ok": (_("In order"), "check_circle", "success"),
    "late": (_("Late"), "schedule", "warning"),
    "never": (_("Never seen"), "help", "warning"),
    "degraded": (_("Degraded"), "warning", "warning"),
    "unavailable": (_("Away"), "error", "danger"),
    "unknown": (_("Unknown"), "help", "default"),
}


def front_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the site's front page shows: unfold's hook for it."""
    return {**context, **dashboard(request), "dashboard": TEMPLATE}


def dashboard_page(request: HttpRequest) -> HttpResponse:
    """The part of the front page that updates by itself."""
    if not granted(request, "hospitals.read"):
        raise PermissionDenied
    return TemplateResponse(request, TEMPLATE, dashboard(request))


def dashboard(request: HttpRequest) -> dict[str, Any]:
    """Totals, the parts of the platform, and a page of hospitals in the order that is asked for."""
    figures = platform_figures_for(_actor(request))
    order = request.GET.get("o", USUAL_ORDER)
    shown = Paginator(_sorted(figures, order), HOSPITALS_A_PAGE).get_page(request.GET.get("p"))
    return {
        "totals": _totals(figures),
        "parts": [_part(part.name, part.state, part.seconds) for part in parts()],
        "columns": [_heading(name, title, order) for name, (title, _key) in COLUMNS.items()],
        "hospitals": [_row(one) for one in shown],
        "shown": shown,
        "order": order if order.removeprefix("-") in COLUMNS else USUAL_ORDER,
        "updates": reverse("admin:platform_dashboard"),
    }


def _actor(request: HttpRequest) -> Actor:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return actor_of(request.user, Door.ADMIN)


def _sorted(figures: list[HospitalFigures], order: str) -> list[HospitalFigures]:
    """By a column, downwards with a hyphen before it; those that are alike by name."""
    _title, key = COLUMNS.get(order.removeprefix("-"), COLUMNS[USUAL_ORDER])
    by_name = sorted(figures, key=COLUMNS["name"][1])
    return sorted(by_name, key=key, reverse=order.startswith("-"))


def _heading(name: str, title: str | Promise, order: str) -> dict[str, Any]:
    """A heading with the order that a click on it asks for: numbers from the largest on first."""
    is_first_down = name not in ("name", "state", "plan")
    usual, other = (f"-{name}", name) if is_first_down else (name, f"-{name}")
    sorted_by = {name: "ascending", f"-{name}": "descending"}.get(order, "none")
    return {
        "title": title,
        "order": other if order == usual else usual,
        "sorted": sorted_by,
        "is_number": name in _NUMBERS,
    }


def _totals(figures: list[HospitalFigures]) -> list[dict[str, Any]]:
    active = [one for one in figures if one.is_active]
    return [
        {"icon": "local_hospital", "word": _("Active hospitals"), "figure": len(active)},
        {"icon": "today", "word": _("Appointments today"), "figure": sum(one.today for one in figures)},
        {
            "icon": "date_range",
            "word": _("Appointments this week"),
            "figure": sum(one.week for one in figures),
        },
        {
            "icon": "person_off",
            "word": _("No-shows in 7 days"),
            "figure": sum(one.no_shows for one in figures),
        },
        {"icon": "group", "word": _("Staff accounts"), "figure": sum(one.users for one in figures)},
        {
            "icon": "report",
            "word": _("Hospitals with something to look at"),
            "figure": sum(one.troubles > 0 for one in active),
        },
    ]


def _part(name: str, state: str, seconds: int | None) -> dict[str, Any]:
    word, icon, colour = PART_STATES.get(state, PART_STATES["unknown"])
    return {
        "name": PART_NAMES.get(name, name), "word": word, "icon": icon, "colour": colour,
        "seconds": seconds if state != "ok" else None,
    }  # fmt: skip


def _row(one: HospitalFigures) -> dict[str, Any]:
    """A hospital as the page shows it; a dash for what cannot be known yet."""
    if not one.is_active:
        state = (_("Switched off"), "danger")
    else:
        state = (_("Active"), "success") if one.is_ready else (_("Being set up"), "warning")
    return {
        "url": reverse("admin:tenants_hospital_change", args=[one.hospital_id]),
        "one": one,
        "state": state,
        "figures": [_figure(one, name) for name in _NUMBERS],
        "last_activity": say_moment(one.last_activity),
    }


def _figure(one: HospitalFigures, name: str) -> dict[str, Any]:
    """A number, its column's heading, and whether to look at it; a dash where nothing can be counted yet."""
    title, number = COLUMNS[name]
    return {
        "title": title,
        "number": number(one) if one.is_ready else "–",
        "is_trouble": name in _TROUBLES and number(one) > 0,
    }


def _pages(site: Any) -> list[URLPattern]:
    return [path("dashboard/", site.admin_view(dashboard_page), name="platform_dashboard")]


platform_site.add_pages(_pages)
