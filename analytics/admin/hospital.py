"""The front page of a hospital's admin: the day in numbers, and to those who may see them its figures."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.figures import Money, share
from analytics.queries.front_page import FrontPage, Totals, Use, front_page_for
from analytics.queries.today import Today, today_for
from bookings.admin.actors import actor_in
from bookings.admin.calendar.words import STATUS_ICONS
from bookings.models import Source
from bookings.models.appointment import STATUS_NAMES
from bookings.models.naming import in_language
from bookings.queries.calendar import DayCount, Row
from bookings.rules.statuses import Status
from core import clock
from tenants.admin_sites.dates import say_day
from tenants.admin_sites.granting import granted
from tenants.admin_sites.sites import hospital_site

TEMPLATE = "admin/hospital/dashboard.html"
_SEES = ("appointments.read", "appointments.read_own")
# Shades of the busiest hours, from none to most.
_SHADES = 5
_USUAL_HOURS = range(8, 18)
_FULL = 100

Part = dict[str, Any]


def front_page(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the site's front page shows: unfold's hook for it."""
    if not granted(request, *_SEES):
        return context
    return {**context, **dashboard(request), "dashboard": TEMPLATE}


def dashboard_page(request: HttpRequest) -> HttpResponse:
    """The part of the front page that updates by itself."""
    if not granted(request, *_SEES):
        raise PermissionDenied
    return TemplateResponse(request, TEMPLATE, dashboard(request))


def dashboard(request: HttpRequest) -> dict[str, Any]:
    """The day, and the figures that whoever looks may see."""
    actor = actor_in(request)
    today, figures = today_for(actor), front_page_for(actor)
    return {
        "updates": reverse("admin:hospital_dashboard"),
        "calendar_url": reverse("admin:bookings_appointment_calendar"),
        "is_own": not actor.can("appointments.read"),
        "today": _today(today),
        "figures": None if figures is None else _figures(figures),
        "start_here": _first_steps(request) if today.is_new else [],
    }


# ── the day ────────────────────────────────────────────────────────────────────


def _today(today: Today) -> Part:
    return {
        "day": say_day(today.day, weekday=True),
        "tiles": [_tile(_("Appointments"), "event", today.total, _listed()), *_statuses(today)],
        "late": today.late,
        "next": [_visit(row) for row in today.next],
        "waiting": [_visit(row) for row in today.waiting],
        "coming": _coming(today.coming),
    }


def _statuses(today: Today) -> list[Part]:
    return [
        _tile(name, STATUS_ICONS[status], today.by_status.get(status, 0), _listed(status))
        for status, name in STATUS_NAMES.items()
        if status is not Status.HELD
    ]


def _tile(word: str | Promise, icon: str, figure: object, url: str = "") -> Part:
    return {"word": word, "icon": icon, "figure": figure, "url": url}


def _listed(status: str = "") -> str:
    address = f"{reverse('admin:bookings_appointment_changelist')}?when=today"
    return f"{address}&status={status}" if status else address


def _visit(row: Row) -> Part:
    """One visit in a line; `minutes` tells how long ago its time was."""
    return {
        "time": f"{timezone.localtime(row['start']):%H:%M}",
        "name": row["guest_name"],
        "service": in_language(row["service__name_th"], row["service__name_en"]),
        "practitioner": in_language(row["practitioner__name_th"], row["practitioner__name_en"]),
        "number": row["queue_number"],
        "minutes": max(0, int((clock.now() - row["start"]).total_seconds() // 60)),
        "url": reverse("admin:bookings_appointment_change", args=[row["id"]]),
    }


def _coming(days: Sequence[DayCount]) -> list[Part]:
    """The days without their years: they are the next ones."""
    counts = [
        (format_date(day.day, "D j M"), sum(day.by_status.values()) - day.by_status.get(Status.CANCELLED, 0))
        for day in days
    ]
    return _bars(counts)


# ── the figures ────────────────────────────────────────────────────────────────


def _figures(found: FrontPage) -> Part:
    sources = {source.value: source.label for source in Source}
    channels = [(sources[name], count) for name, count in found.now.by_source.items()]
    return {
        "rate": _rate(found),
        "channels": _bars(channels, of=found.now.total),
        "heat": _heat(found.heat),
        "week": f"{say_day(found.week.first)} – {say_day(found.week.last)}",
        "use": [_use(each) for each in found.use],
        "tiles": _totals(found.totals),
    }


def _rate(found: FrontPage) -> Part:
    """The no-show rate beside that of the days before; `points` is the difference in percentage points."""
    now, before = found.now.no_show_rate, found.before.no_show_rate
    points = None if now is None or before is None else round((now - before) * _FULL, 1)
    return {
        "now": _percent(now),
        "before": _percent(before),
        "points": None if points is None else abs(points),
        "is_up": bool(points and points > 0),
        "is_down": bool(points and points < 0),
        "missed": found.now.by_status[Status.NO_SHOW],
    }


def _percent(value: float | None) -> float | None:
    return None if value is None else round(value * _FULL, 1)


def _bars(counts: Sequence[tuple[str | Promise, int]], *, of: int | None = None) -> list[Part]:
    """Bars as long as their share of the longest, with the share of a whole in words where one is given."""
    longest = max((count for _name, count in counts), default=0)
    return [
        {
            "name": name,
            "count": count,
            "length": round(count / longest * _FULL) if longest else 0,
            "share": None if of is None else _percent(share(count, of)),
        }
        for name, count in counts
    ]


def _use(use: Use) -> Part:
    return {
        "name": use.name,
        "length": min(_FULL, round((use.share or 0) * _FULL)),
        "share": _percent(use.share),
        "booked": round(use.booked / 60, 1),
        "offered": round(use.offered / 60, 1),
    }


def _heat(heat: Sequence[Sequence[int]]) -> Part:
    """The weekdays' rows and the hours in which anything starts, each with its shade and its number."""
    most = max(map(max, heat))
    busy = [hour for hour in range(24) if any(day[hour] for day in heat)]
    hours = range(min([*busy, _USUAL_HOURS[0]]), max([*busy, _USUAL_HOURS[-1]]) + 1)
    return {
        "is_empty": not most,
        "hours": [f"{hour:02}" for hour in hours],
        "days": [
            {"name": WEEKDAYS[number], "cells": [_cell(day[hour], most) for hour in hours]}
            for number, day in enumerate(heat)
        ],
        "busiest": _busiest(heat, most),
    }


def _cell(count: int, most: int) -> Part:
    return {"count": count, "shade": -(-count * _SHADES // most) if most else 0}


def _busiest(heat: Sequence[Sequence[int]], most: int) -> Part | None:
    """The busiest hour in words; the earliest of equals."""
    for number, day in enumerate(heat):
        for hour, count in enumerate(day):
            if most and count == most:
                return {"day": WEEKDAYS[number], "hour": f"{hour:02}:00", "count": count}
    return None


def _totals(totals: Totals | None) -> list[Part]:
    if totals is None:
        return []
    revenue = [_tile(_("Revenue of the month"), "payments", _money(money)) for money in totals.revenue]
    return [
        *(revenue or [_tile(_("Revenue of the month"), "payments", "–")]),
        _tile(
            _("Patients"), "personal_injury", totals.patients, reverse("admin:bookings_patient_changelist")
        ),
        _tile(
            _("Active doctors"),
            "stethoscope",
            totals.doctors,
            reverse("admin:bookings_practitioner_changelist"),
        ),
    ]


def _money(money: Money) -> str:
    return f"{money.amount:,.2f} {money.currency}"


# ── a hospital at which nothing was booked yet ─────────────────────────────────

_FIRST: tuple[tuple[str | Promise, str, str, str], ...] = (
    (_("Add practitioners and their hours"), "stethoscope", "bookings_practitioner", "practitioners.write"),
    (_("Say what can be booked"), "medical_services", "bookings_healthcareservice", "catalogue.write"),
    (_("Confirm the holidays"), "event_busy", "bookings_holiday", "holidays.write"),
    (_("Add the people who work here"), "group", "accounts_user", "users.write"),
    (_("Book the first appointment"), "add_circle", "bookings_appointment", "appointments.book"),
)


def _first_steps(request: HttpRequest) -> list[Part]:
    return [
        {"word": word, "icon": icon, "url": reverse(f"admin:{name}_changelist")}
        for word, icon, name, verb in _FIRST
        if granted(request, verb)
    ]


def _pages(site: Any) -> list[URLPattern]:
    return [path("dashboard/", site.admin_view(dashboard_page), name="hospital_dashboard")]


hospital_site.add_pages(_pages)
