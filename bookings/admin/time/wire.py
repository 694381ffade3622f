"""A change as plain JSON, to travel with a form or to wait in a session until somebody takes it back."""

import json
from collections.abc import Callable
from datetime import date, time
from typing import Any
from uuid import UUID

from django.core.exceptions import SuspiciousOperation

from bookings.actions.timetable_changes import (
    Change,
    Dated,
    DatedChange,
    HolidaysChange,
    PresenceChange,
    WeekChange,
)
from bookings.models.schedule import ExceptionKind
from bookings.rules.intervals import Interval

Facts = dict[str, Any]


def write_change(change: Change) -> str:
    """The change as JSON."""
    return json.dumps({"kind": _KINDS[type(change)], "seen": change.seen, **_facts(change)})


def read_change(text: str) -> Change:
    """The change that `write_change` wrote. Raises `SuspiciousOperation` for anything else."""
    try:
        facts = json.loads(text)
        read: Callable[[Facts], Change] = _READERS[facts["kind"]]
        return read(facts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SuspiciousOperation("no change of hours") from error


def _facts(change: Change) -> Facts:
    if isinstance(change, WeekChange):
        rows = [
            [one.weekday, one.start, one.end, one.valid_from, one.valid_until] for one in change.intervals
        ]
        return {"of": change.practitioner_id, "rows": [[_text(value) for value in row] for row in rows]}
    if isinstance(change, DatedChange):
        row = change.row
        told = None
        if row is not None:
            told = [_text(value) for value in (row.kind, row.date_from, row.date_until, row.start, row.end)]
            told.append(row.note)
        return {"of": change.practitioner_id, "id": change.row_id, "row": told}
    if isinstance(change, PresenceChange):
        return {
            "of": change.practitioner_id,
            "flags": [change.is_active, change.is_bookable],
            "zone": change.timezone,
        }
    return {"ids": list(change.ids), "is_confirmed": change.is_confirmed}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value


def _week(facts: Facts) -> WeekChange:
    rows = tuple(
        Interval(
            weekday=int(weekday),
            start=time.fromisoformat(start),
            end=time.fromisoformat(end),
            valid_from=_day(first),
            valid_until=_day(last),
        )
        for weekday, start, end, first, last in facts["rows"]
    )
    return WeekChange(practitioner_id=_id(facts["of"]), seen=str(facts["seen"]), intervals=rows)


def _dated(facts: Facts) -> DatedChange:
    row = None
    if facts["row"] is not None:
        kind, first, last, start, end, note = facts["row"]
        row = Dated(
            kind=ExceptionKind(kind),
            date_from=date.fromisoformat(first),
            date_until=date.fromisoformat(last),
            start=_time(start),
            end=_time(end),
            note=str(note)[:200],
        )
    return DatedChange(
        practitioner_id=_id(facts["of"]), seen=str(facts["seen"]), row_id=_id(facts["id"]), row=row
    )


def _presence(facts: Facts) -> PresenceChange:
    is_active, is_bookable = (bool(flag) for flag in facts["flags"])
    return PresenceChange(
        practitioner_id=_id(facts["of"]),
        seen=str(facts["seen"]),
        is_active=is_active,
        is_bookable=is_bookable,
        timezone=str(facts["zone"]),
    )


def _holidays(facts: Facts) -> HolidaysChange:
    ids = tuple(_id(key) for key in facts["ids"])
    return HolidaysChange(ids=ids, is_confirmed=bool(facts["is_confirmed"]), seen=str(facts["seen"]))


def _id(text: str) -> str:
    return str(UUID(text))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


_KINDS = {WeekChange: "week", DatedChange: "dated", PresenceChange: "presence", HolidaysChange: "holidays"}
_READERS: dict[str, Callable[[Facts], Change]] = {
    "week": _week,
    "dated": _dated,
    "presence": _presence,
    "holidays": _holidays,
}
