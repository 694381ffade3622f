"""From visits to rows: appointments, and the events that tell how each came to stand as it does.

The events are worded as `bookings.actions` words them: a test compares the two.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.models import User
from accounts.permissions import Role
from bookings.demo.lives import DAY, Life, Step
from bookings.demo.people import Person
from bookings.demo.visits import Visit
from bookings.events import BookingEvent
from bookings.models import Appointment, Source
from bookings.references import new_reference
from bookings.rules.statuses import Status
from core import clock
from core.actor import Door

_JSON = DjangoJSONEncoder()
_RELAY_TAKES = timedelta(seconds=1)
# Machines as the history names them: a partner's program and an assistant.
_MACHINES = {Source.API: "partner-clinic", Source.MCP: "assistant"}
# Somebody without an appointment was registered at the counter within this time (seconds).
_REGISTERED_WITHIN = 300 * DAY


class Acting(NamedTuple):
    """Who did something, as an event names them."""

    door: Door
    role: str = ""
    user_id: UUID | None = None
    label: str = ""


class Happening(NamedTuple):
    """A row of `events.models.Event`; so many are made that instances of the model would take seconds."""

    type: BookingEvent
    subject_type: str
    subject_id: str
    door: Door
    actor_role: str
    actor_user_id: UUID | None
    actor_label: str
    occurred_at: datetime
    relayed_at: datetime
    changes: dict[str, list[Any]]
    data: dict[str, object]
    # What is made up happened before anybody listened: it is in no stream (`events.feed`).
    cluster: int = 0
    xid: int = 0


class Staff(NamedTuple):
    """Those who act in the hospital; `treating` finds a practitioner's own account, if there is one."""

    desk: Acting
    nurse: Acting
    treating: Mapping[str, Acting]

    def who(self, visit: Visit, step: Step) -> Acting:
        """Who brought an appointment to a status: whoever booked it, the treating one, or the front desk."""
        if step.status in {Status.SCHEDULED, Status.CONFIRMED, Status.CANCELLED}:
            return booker(visit.life, self.desk)
        if step.status in {Status.IN_PROGRESS, Status.COMPLETED}:
            return self.treating.get(visit.practitioner_id, self.nurse)
        return self.desk


def staff_of(users: Mapping[str, User], practitioners: Mapping[str, User]) -> Staff:
    """The staff among the users by role, and the users of practitioners by id."""
    return Staff(
        desk=_person(users[Role.FRONT_DESK]),
        nurse=_person(users[Role.NURSE]),
        treating={key: _person(user) for key, user in practitioners.items()},
    )


def booker(life: Life, desk: Acting) -> Acting:
    """Who booked, by the door that the booking came in by."""
    if life.source is Source.ADMIN:
        return desk
    if life.source in _MACHINES:
        return Acting(Door(life.source), label=_MACHINES[life.source])
    return Acting(Door(life.source), role=Role.PATIENT)


def appointments_of(visits: Iterable[Visit]) -> list[Appointment]:
    """A row for each visit, with a reference that no other has."""
    used: set[str] = set()
    return [_appointment(visit, _fresh(used)) for visit in visits]


def booking_events(visits: Iterable[Visit], rows: Iterable[Appointment], staff: Staff) -> list[Happening]:
    """Every step of every appointment's life, in no order."""
    return [
        event for visit, row in zip(visits, rows, strict=True) for event in _life_events(visit, row, staff)
    ]


def registrations(
    people: Iterable[Person], visits: Iterable[Visit], desk: Acting, now: int, rng: Random
) -> list[Happening]:
    """One event for each patient, and the time of their registration: that of their first booking, if any."""
    first: dict[UUID, tuple[int, Acting]] = {}
    for visit in visits:
        if not visit.is_registered:
            continue
        booked = visit.life.steps[0].at
        key = visit.person.patient.pk
        if key not in first or booked < first[key][0]:
            first[key] = booked, booker(visit.life, desk)
    events = []
    for person in people:
        patient = person.patient
        at, acting = first.get(patient.pk) or (now - rng.randrange(DAY, _REGISTERED_WITHIN), desk)
        patient.created_at = patient.updated_at = clock.from_epoch(at)
        events.append(
            happening(acting, BookingEvent.PATIENT_REGISTERED, "patient", patient.pk, at, changes={}, data={})
        )
    return events


def _person(user: User) -> Acting:
    return Acting(Door.ADMIN, user.role, user.pk, user.get_full_name())


def _fresh(used: set[str]) -> str:
    reference = new_reference()
    while reference in used:
        reference = new_reference()
    used.add(reference)
    return reference


def _appointment(visit: Visit, reference: str) -> Appointment:
    service, patient, life = visit.service, visit.person.patient, visit.life
    start = clock.from_epoch(visit.start)
    end = start + timedelta(minutes=service.duration)
    return Appointment(
        reference=reference,
        service_id=service.id,
        practitioner_id=visit.practitioner_id,
        patient_id=patient.pk if visit.is_registered else None,
        start=start,
        end=end,
        occupied=DateTimeTZRange(
            start - timedelta(minutes=service.buffer_before), end + timedelta(minutes=service.buffer_after)
        ),
        seat=visit.seat,
        status=life.status,
        guest_name=patient.name,
        guest_phone=patient.phone_number if visit.is_registered else "",
        guest_email=patient.email if visit.is_registered else "",
        notes=life.notes,
        source=life.source,
        cancel_reason=life.cancel_reason,
        created_at=clock.from_epoch(life.steps[0].at),
        updated_at=clock.from_epoch(life.steps[-1].at),
    )


def visit_facts(row: Appointment) -> dict[str, object]:
    """What every event tells of its appointment."""
    return {
        "reference": row.reference,
        "event_type_id": row.service_id,
        "provider_id": str(row.practitioner_id),
        "start": _JSON.default(row.start),
    }


def _life_events(visit: Visit, row: Appointment, staff: Staff) -> Iterator[Happening]:
    facts = visit_facts(row)
    before: Status | None = None
    for step in visit.life.steps:
        data = {**facts, "status": step.status}
        if before is not None:
            data["has_reason"] = step.status is Status.CANCELLED and bool(row.cancel_reason)
        yield happening(
            staff.who(visit, step), _kind(step.status), "appointment", row.pk, step.at,
            changes={"status": [before, step.status]}, data=data,
        )  # fmt: skip
        before = step.status


def _kind(status: Status) -> BookingEvent:
    if status is Status.SCHEDULED:
        return BookingEvent.CREATED
    return BookingEvent.CANCELLED if status is Status.CANCELLED else BookingEvent.STATUS_CHANGED


def happening(
    acting: Acting,
    kind: BookingEvent,
    subject_type: str,
    subject_id: UUID,
    at: int,
    *,
    changes: dict[str, list[Any]],
    data: dict[str, object],
) -> Happening:
    """An event of a time (epoch seconds) that is past, as it would have been recorded then."""
    occurred_at = clock.from_epoch(at)
    return Happening(
        type=kind,
        subject_type=subject_type,
        subject_id=str(subject_id),
        door=acting.door,
        actor_role=acting.role,
        actor_user_id=acting.user_id,
        actor_label=acting.label,
        occurred_at=occurred_at,
        # Told long ago: a relay must not send a year of history to anybody.
        relayed_at=occurred_at + _RELAY_TAKES,
        changes=changes,
        data=data,
    )
