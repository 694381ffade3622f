"""Appointments as the calendar shows them: rows of `bookings.queries.calendar` worded for one reader."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.actions.appointments import STEP_VERBS
from bookings.actions.undoing import may_be_undone
from bookings.admin.actors import may
from bookings.admin.calendar.wire import wall_time
from bookings.admin.calendar.words import STATUS_COLOURS, STATUS_ICONS
from bookings.admin.steps import can_be_cancelled, can_be_moved, steps_for
from bookings.models import Appointment, Source
from bookings.models.appointment import STATUS_NAMES
from bookings.models.naming import in_language
from bookings.queries.calendar import Row, calendar_row_for
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from tenants.context import current_hospital

Entry = dict[str, Any]
# Stands in an address for the id that comes there.
_SOME_ID = UUID(int=0)
_NO_UNDO: Entry = {"can_undo": False, "undo_label": ""}


class Entries:
    """Words rows for one actor. What depends on the status alone is worked out once for each."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._zone = current_hospital().timezone
        self._today = clock.today_in(self._zone).isoformat()
        self._url = reverse("admin:bookings_appointment_change", args=[_SOME_ID])
        self._names = {status.value: str(name) for status, name in STATUS_NAMES.items()}
        self._sources = {source.value: str(source.label) for source in Source}
        self._known: dict[tuple[str, bool, bool], Entry] = {}

    def entry(self, row: Row) -> Entry:
        """One appointment; without notes and what it is about, as a screen at a counter is seen by many."""
        start = wall_time(row["start"], self._zone)
        return {
            "id": str(row["id"]),
            "reference": row["reference"],
            "practitioner_id": str(row["practitioner_id"]),
            "practitioner": in_language(row["practitioner__name_th"], row["practitioner__name_en"]),
            "service_id": row["service_id"],
            "service": in_language(row["service__name_th"], row["service__name_en"]),
            "start": start,
            "end": wall_time(row["end"], self._zone),
            "status": row["status"],
            "name": row["guest_name"],
            "phone": row["guest_phone"],
            "hospital_number": row["patient__hospital_number"],
            "note": row["has_note"],
            "source": row["source"],
            "source_label": self._sources.get(row["source"], row["source"]),
            "queue_number": row["queue_number"],
            "overbooked": row["overbooked"],
            "overbook_reason": row["overbook_reason"],
            "url": self._url.replace(str(_SOME_ID), str(row["id"])),
            **self._by_status(row, is_to_come=start[:10] > self._today),
            **self._undo(row),
        }

    def _by_status(self, row: Row, *, is_to_come: bool) -> Entry:
        is_own = row["practitioner_id"] == self._actor.practitioner_id
        key = (row["status"], is_own, is_to_come)
        if key not in self._known:
            self._known[key] = self._facts(_like(row), is_to_come=is_to_come)
        return self._known[key]

    def _facts(self, like: Appointment, *, is_to_come: bool) -> Entry:
        status = Status(like.status)
        steps = [
            {"status": step.status.value, "label": str(step.label), "icon": step.icon}
            for step in steps_for(self._actor, like)
            # A slip of the hand on a coming day would check in somebody who is at home.
            if not is_to_come or step.status is Status.CONFIRMED
        ]
        return {
            "status_label": self._names[status],
            "icon": STATUS_ICONS[status],
            "colour": STATUS_COLOURS[status],
            "movable": can_be_moved(self._actor, like),
            "steps": steps,
            "can_cancel": can_be_cancelled(self._actor, like),
        }

    def _undo(self, row: Row) -> Entry:
        # Few rows have had a step, and a row as a model is dear.
        if not row["status_before"] or not self._may_undo(row):
            return _NO_UNDO
        return {"can_undo": True, "undo_label": _("Undo: %s") % self._names[row["status"]]}

    def _may_undo(self, row: Row) -> bool:
        like = _like(row)
        return may_be_undone(like) and may(self._actor, STEP_VERBS.get(Status(row["status"]), ""), like)


def entry_of(actor: Actor, appointment_id: UUID) -> Entry | None:
    """One appointment as it is now, or None where the actor may see none of that id."""
    row = calendar_row_for(actor, appointment_id)
    return None if row is None else Entries(actor).entry(row)


def _like(row: Row) -> Appointment:
    """What the rules about steps look at, and nothing else of the row."""
    return Appointment(
        status=row["status"],
        practitioner_id=row["practitioner_id"],
        status_before=row["status_before"],
        status_changed_at=row["status_changed_at"],
    )
