"""The day's list on paper: a page for each practitioner, black on white."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings.admin.actors import actor_in
from bookings.admin.calendar.fields import Fields
from bookings.models import Appointment, Practitioner
from bookings.queries.appointments import appointments_for
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from core.thai_order import thai_key
from tenants.admin_sites.dates import say_day, say_moment, start_of
from tenants.context import current_hospital

TEMPLATE = "admin/calendar/print.html"
_A_DAY = 1


@dataclass(frozen=True, slots=True)
class Sheet:
    """One practitioner's day."""

    practitioner: str
    rows: list[Appointment]


def day_list(request: HttpRequest) -> HttpResponse:
    """The list of a day (today's unless `day` says another), of one practitioner or of all who are booked."""
    actor = actor_in(request)
    day, whose = _asked(Fields.of(request), request)
    context: dict[str, Any] = {
        "hospital": current_hospital(),
        "day": say_day(day, weekday=True),
        "printed_at": say_moment(clock.now()),
        "sheets": _sheets(actor, day, whose),
    }
    return render(request, TEMPLATE, context)


def _asked(fields: Fields, request: HttpRequest) -> tuple[date, UUID | None]:
    day = fields.day("day") if request.GET.get("day") else timezone.localdate()
    whose = fields.id("practitioner", needed=False)
    try:
        fields.check()
    except InvalidInput as wrong:
        raise Http404 from wrong
    return day, whose


def _sheets(actor: Actor, day: date, whose: UUID | None) -> list[Sheet]:
    """What takes place, by practitioner: cancelled appointments are on no list. Two statements at most."""
    begin, until = start_of(day), start_of(date.fromordinal(day.toordinal() + _A_DAY))
    found = appointments_for(actor).filter(start__gte=begin, start__lt=until)
    found = found.exclude(status=Status.CANCELLED).select_related("service", "practitioner", "patient")
    if whose is not None:
        found = found.filter(practitioner_id=whose)
    rows = sorted(
        found, key=lambda row: (thai_key(row.practitioner.name), str(row.practitioner_id), row.start, row.pk)
    )
    grouped = groupby(rows, key=lambda row: row.practitioner_id)
    sheets = [Sheet(each[0].practitioner.name, each) for each in (list(group) for _, group in grouped)]
    return sheets or _nobody(actor, whose)


def _nobody(actor: Actor, whose: UUID | None) -> list[Sheet]:
    """The empty sheet of the practitioner who was asked for."""
    if whose is None:
        return []
    is_own = actor.practitioner_id == whose
    row = Practitioner.objects.filter(pk=whose).first()
    if row is None or not (is_own or actor.can("appointments.read")):
        raise Http404
    return [Sheet(row.name, [])]
