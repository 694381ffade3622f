"""Appointments outside of the hours, as a table with what can become of each and of all."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.actions.timetable import Choice, Decisions, Fate
from bookings.models import Appointment
from bookings.queries.affected import Hit
from bookings.queries.catalogue import Catalogue, catalogue
from bookings.rules.policy import Refusal
from tenants.admin_sites.dates import say_moment

# So many are shown one by one; for those after them holds what is chosen for all.
SHOWN = 200

WHY: dict[Refusal, tuple[str, str | Promise]] = {
    Refusal.HOLIDAY: ("celebration", gettext_lazy("holiday")),
    Refusal.TIME_OFF: ("event_busy", gettext_lazy("away")),
    Refusal.OUTSIDE_HOURS: ("schedule", gettext_lazy("outside working hours")),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can become of an appointment."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One appointment that is hit."""

    row: Appointment
    when: str
    why: str | Promise
    icon: str
    is_new: bool
    options: list[Option]
    error: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The whole table: its lines, what can be chosen for all, and what has been typed so far."""

    lines: list[Line]
    count: int
    for_all: list[Option]
    reason: str
    seen_ids: str

    @property
    def more(self) -> int:
        """How many are not shown one by one."""
        return self.count - len(self.lines)


def ask(hits: Sequence[Hit], *, stay_possible: bool = True, decided: Decisions | None = None) -> Asked:
    """The table for some appointments. `stay_possible` is whether the same practitioner can be booked.

    With `decided`, what was chosen before is chosen still, and what is not among its seen ones is marked new.
    """
    present = catalogue()
    lines = [_line(present, hit, decided, stay_possible=stay_possible) for hit in hits[:SHOWN]]
    others = _others_of_all(present, [hit.appointment for hit in hits])
    chosen = decided.for_all if decided is not None else None
    return Asked(
        lines=lines,
        count=len(hits),
        for_all=_options(others, chosen, stay_possible=stay_possible),
        reason=decided.reason if decided is not None else "",
        seen_ids=json.dumps([str(hit.appointment.pk) for hit in hits]),
    )


def _line(present: Catalogue, hit: Hit, decided: Decisions | None, *, stay_possible: bool) -> Line:
    row = hit.appointment
    icon, why = WHY[hit.why]
    others = {key: present.practitioners[key].name for key in _others(present, row)}
    known = _offering(present, row)
    chosen = decided.each.get(row.pk) if decided is not None else None
    options = _options(others, chosen, stay_possible=stay_possible and bool(known))
    return Line(
        row=row,
        when=say_moment(row.start, weekday=True),
        why=why,
        icon=icon,
        is_new=decided is not None and row.pk not in decided.seen,
        options=[Option("", _("as chosen for all"), chosen is None), *options],
    )


def _options(others: dict[str, str], chosen: Choice | None, *, stay_possible: bool) -> list[Option]:
    found = [(Choice(Fate.LEAVE), _("Leave as it is")), (Choice(Fate.TELL), _("Ask to choose another time"))]
    if stay_possible:
        found.append((Choice(Fate.MOVE), _("Move to the nearest free time")))
    found += [(Choice(Fate.MOVE, key), _("Move to %s") % name) for key, name in others.items()]
    found.append((Choice(Fate.CANCEL), _("Cancel")))
    return [Option(_value(choice), label, choice == chosen) for choice, label in found]


def _value(choice: Choice) -> str:
    return f"{choice.fate}:{choice.practitioner_id}" if choice.practitioner_id else str(choice.fate)


def _offering(present: Catalogue, row: Appointment) -> tuple[str, ...]:
    service = present.book.services.get(row.service_id)
    return service.practitioner_ids if service is not None else ()


def _others(present: Catalogue, row: Appointment) -> list[str]:
    return [key for key in _offering(present, row) if key != str(row.practitioner_id)]


def _others_of_all(present: Catalogue, rows: Iterable[Appointment]) -> dict[str, str]:
    """Whoever else offers any of the event types, by name."""
    found: dict[str, str] = {}
    seen: set[tuple[int, UUID]] = set()
    for row in rows:
        if (kind := (row.service_id, row.practitioner_id)) not in seen:
            seen.add(kind)
            found |= {key: present.practitioners[key].name for key in _others(present, row)}
    return found
