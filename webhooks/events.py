"""Which events leave the house, and what is said of each: ids and public facts, nothing personal."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import clock
from events.models import Event
from tenants.models import Hospital

# Types that an endpoint may ask for.
PUBLIC_EVENTS: dict[str, str | Promise] = {
    "booking.created": _("Booked"),
    "booking.cancelled": _("Cancelled"),
    "booking.rescheduled": _("Moved"),
    "booking.status_changed": _("Status changed"),
    "booking.reminder_sent": _("Reminder sent"),
    "patient.registered": _("Patient registered"),
}
# All of them, also those to come.
EVERYTHING = "*"
# Sent on demand, to one endpoint alone.
TEST = "webhook.test"

# What may be said of a booking; whatever else an event knows stays here.
_FACTS = ("reference", "status", "event_type_id", "provider_id", "start")
# A change in the history → its name on the wire.
_CHANGES = {"status": "status", "start": "start", "practitioner": "provider_id"}


class WebhookEvent(StrEnum):
    """What can happen to an endpoint, in the hospital's history."""

    REGISTERED = "webhook.registered"
    CHANGED = "webhook.changed"
    REMOVED = "webhook.removed"
    SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105  -- an event's name
    DISABLED = "webhook.disabled"
    REACTIVATED = "webhook.reactivated"
    TESTED = "webhook.test"
    RESENT = "webhook.resent"
    RECOVERED = "webhook.recovered"


def payload_of(event: Event, hospital: Hospital) -> str:
    """The JSON of a message without its id: ``{"event", "type", "timestamp", "data"}``.

    `event` is as it was read from the database. `event` and `type` say the same: the first is this
    platform's word, the second that of the Standard Webhooks specification. `data.sequence` grows with each
    event of a hospital, so that a receiver can drop what is older than what it knows.
    """
    said = {
        "event": event.type,
        "type": event.type,
        "timestamp": event.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {"subdomain": hospital.subdomain, "sequence": event.pk, **_about(event, hospital)},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def message(delivery_id: object, payload: str) -> bytes:
    """The body as it is sent: the payload with the message's id, the same bytes each time."""
    return f'{{"id":"{delivery_id}",{payload[1:]}'.encode()


def _about(event: Event, hospital: Hospital) -> dict[str, Any]:
    if event.subject_type == "appointment":
        return {"booking_id": event.subject_id, **_facts(event, hospital)}
    return {f"{event.subject_type}_id": event.subject_id}


def _facts(event: Event, hospital: Hospital) -> dict[str, Any]:
    facts = {name: _said(name, event.data[name], hospital) for name in _FACTS if name in event.data}
    changes = {
        name: [_said(name, value, hospital) for value in event.changes[stored]]
        for stored, name in _CHANGES.items()
        if stored in event.changes
    }
    return {**facts, "changes": changes} if changes else facts


def _said(name: str, value: Any, hospital: Hospital) -> Any:
    """A time as the hospital's clocks show it, and no status that the wire does not know."""
    if name == "status" and value == "HELD":
        return None
    if name != "start" or not isinstance(value, str):
        return value
    return clock.local_iso(clock.to_epoch(datetime.fromisoformat(value)), hospital.timezone)
