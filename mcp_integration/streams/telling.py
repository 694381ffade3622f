"""What is told of an event, and to whom: ids and public facts, to who may read the thing itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from bookings.queries.owners import NOBODY, Owners
from core import clock
from core.actor import Actor
from events.feed import Told
from mcp_integration.streams.messages import Message, message


@dataclass(frozen=True, slots=True)
class Family:
    """The events of one word before the dot: which resource they are about, and who may read that.

    `verbs` open all of it, `own` what is one's own. `facts` may be said besides ids. `home` are the verbs by
    which a hospital hears of what happens to it on the platform.
    """

    resource: str
    verbs: tuple[str, ...]
    own: str = ""
    facts: tuple[str, ...] = ()
    home: tuple[str, ...] = ()


_APPOINTMENT = ("reference", "status", "event_type_id", "provider_id", "start")
# What happens in a hospital. What stands in no family is told to nobody.
HOSPITAL_FAMILIES: Mapping[str, Family] = {
    "booking": Family("appointments", ("appointments.read",), "appointments.read_own", _APPOINTMENT),
    "waiting_list": Family("waiting_list", ("appointments.read",), "appointments.read_own"),
    "patient": Family("patients", ("patients.read",), "patients.read_own"),
    "record": Family("medical_records", ("records.read",), "records.read_own"),
    "treatment": Family("treatments", ("treatments.read",), "treatments.read_own"),
    "user": Family("users", ("users.read",)),
    "provider": Family("doctors", ("practitioners.read",)),
    "catalogue": Family("specialties", ("catalogue.read",)),
    "schedule": Family("schedules", ("schedules.read",)),
    "holidays": Family("holidays", ("schedules.read",)),
    "reminders": Family("reminders", ("notices.read",)),
    "notice": Family("notices", ("notices.read",)),
    "webhook": Family("webhooks", ("webhooks.read",)),
}
# What happens on the platform. Hospitals hear of themselves and of the plans, by the verbs under `home`.
PLATFORM_FAMILIES: Mapping[str, Family] = {
    "hospital": Family("hospitals", ("hospitals.read",), home=("hospitals.read", "hospital.read")),
    "subscription": Family(
        "subscriptions", ("subscriptions.read",), facts=("status",), home=("subscriptions.read",)
    ),
    "plan": Family("subscription_plans", ("plans.read",), home=("plans.read",)),
    "key": Family("api_keys", ("keys.read",)),
    "user": Family("users", ("users.read",)),
    "webhook": Family("webhooks", ("webhooks.read",)),
}
# A held slot is no appointment to anybody; an uttered test of a webhook changes nothing; which bot speaks for
# a hospital is no resource; nor is a file that somebody took out.
UNTOLD = frozenset(
    {
        "booking.held",
        "booking.released",
        "booking.hold_expired",
        "webhook.test",
        "patients.exported",
        "appointments.exported",
        "telegram.bot_connected",
        "telegram.bot_switched",
        "telegram.unblocked",
    }
)
# A message of its own besides `resource_update`, and then first.
_NAMED = {"booking.created": "appointment_created", "patient.registered": "patient_registered"}
_CREATED = frozenset({"created", "registered", "joined"})
_DELETED = frozenset({"removed"})
# A change in the history → its name on the wire, as webhooks say it.
_CHANGES = {"status": "status", "start": "start", "practitioner": "provider_id"}


@dataclass(frozen=True, slots=True)
class Heard:
    """An event as it is told, and what decides who may hear it. There are two `messages` at most."""

    told: Told
    messages: tuple[Message, ...]
    family: Family | None = None
    owners: Owners = NOBODY

    def may_be_heard_by(self, actor: Actor) -> bool:
        """Whether the actor may read what it is about: all of its kind, or this one as their own."""
        if self.family is None:
            return False
        if any(actor.can(verb) for verb in self.family.verbs):
            return True
        if not self.family.own or not actor.can(self.family.own):
            return False
        if actor.practitioner_id is not None:
            return actor.practitioner_id in self.owners.practitioners
        return actor.patient_id is not None and actor.patient_id in self.owners.patients

    def may_be_heard_at(self, hospital_id: UUID, actor: Actor) -> bool:
        """Whether the actor may hear at a hospital what happened on the platform: if it is about no other."""
        if self.family is None or self.told.data.get("hospital_id") not in (None, str(hospital_id)):
            return False
        return any(actor.can(verb) for verb in self.family.home)


def family_of(event_type: str, families: Mapping[str, Family]) -> Family | None:
    """The family of a type of event; None where nobody is told."""
    return None if event_type in UNTOLD else families.get(event_type.partition(".")[0])


def hear(
    told: Told, families: Mapping[str, Family], *, timezone: str | None, owners: Owners = NOBODY
) -> Heard:
    """What is told of an event. `timezone` is the hospital's: times are said as its clocks show them."""
    family = family_of(told.type, families)
    if family is None:
        return Heard(told, ())
    facts = _facts(told, family, timezone)
    update = {"resource": family.resource, "action": _action(told.type), "data": facts}
    messages: tuple[Message, ...] = (message("resource_update", update),)
    if told.type in _NAMED:
        messages = (message(_NAMED[told.type], facts), *messages)
    return Heard(told, messages, family, owners)


def ids_of(events: Iterable[Told], *subject_types: str) -> set[UUID]:
    """The ids of what some events are about, of these kinds."""
    found = (uuid_of(told.subject_id) for told in events if told.subject_type in subject_types)
    return {key for key in found if key is not None}


def uuid_of(value: Any) -> UUID | None:
    """A UUID out of an event, None for anything else."""
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _action(event_type: str) -> str:
    _family, _dot, what = event_type.partition(".")
    return "created" if what in _CREATED else "deleted" if what in _DELETED else "updated"


def _facts(told: Told, family: Family, timezone: str | None) -> dict[str, Any]:
    """``{id, event, occurred_at}``, with other ids and with the facts that the family may say."""
    said = {
        name: _said(name, value, timezone)
        for name, value in told.data.items()
        if name in family.facts or _is_id(name, value)
    }
    changes = {
        name: [_said(name, value, timezone) for value in told.changes[stored]]
        for stored, name in _CHANGES.items()
        if stored in told.changes and name in family.facts
    }
    moment = told.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    facts = {"id": told.subject_id, "event": told.type, "occurred_at": moment, **said}
    return {**facts, "changes": changes} if changes else facts


def _is_id(name: str, value: Any) -> bool:
    return name.endswith("_id") and (isinstance(value, int) or uuid_of(value) is not None)


def _said(name: str, value: Any, timezone: str | None) -> Any:
    """A time as the hospital's clocks show it, and no status that the wire does not know."""
    if name == "status" and value == "HELD":
        return None
    if name != "start" or timezone is None or not isinstance(value, str):
        return value
    return clock.local_iso(clock.to_epoch(datetime.fromisoformat(value)), timezone)
