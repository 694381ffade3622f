"""Booking by the calendar: a click on a free time, or somebody who has walked in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from bookings.actions.appointments import book_appointment
from bookings.actions.patients import Guest
from bookings.actions.walk_ins import walk_in
from bookings.admin.calendar.changing import may_overbook
from bookings.admin.calendar.entries import entry_of
from bookings.admin.calendar.fields import Fields
from bookings.admin.calendar.wire import Refused, Reply
from bookings.admin.once import book_once
from bookings.models import Appointment
from bookings.models.appointment import LONGEST_NOTES, LONGEST_REASON
from bookings.queries.patients import patient_for
from core.actor import Actor
from core.errors import DomainError

_LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a dialog says of a visit. `start` is on the hospital's clocks, None for a walk-in."""

    token: str
    service_id: int
    practitioner_id: UUID | None
    start: datetime | None
    patient_id: UUID | None
    name: str
    phone: str
    email: str
    notes: str
    reason: str
    overbook_reason: str

    @classmethod
    def read(cls, fields: Fields, *, has_start: bool) -> Self:
        """Read it. Raises `InvalidInput` with every field that is wrong."""
        patient_id = fields.id("patient_id", needed=False)
        asked = cls(
            token=fields.text("token", longest=_LONGEST_TOKEN, needed=True),
            service_id=fields.number("service_id"),
            practitioner_id=fields.id("practitioner_id", needed=False),
            start=fields.wall("start") if has_start else None,
            patient_id=patient_id,
            name=fields.text("guest_name", needed=patient_id is None),
            phone=fields.text("guest_phone", longest=40),
            email=fields.text("guest_email", longest=254),
            notes=fields.text("notes", longest=LONGEST_NOTES),
            reason=fields.text("reason", longest=LONGEST_REASON),
            overbook_reason=fields.text("overbook_reason", longest=LONGEST_REASON),
        )
        fields.check()
        return asked

    def guest(self, actor: Actor) -> Guest:
        """Whom it is for. Raises `PatientNotFound`, `InvalidInput`."""
        if self.patient_id is not None:
            return Guest.known(patient_for(actor, patient_id=self.patient_id))
        return Guest.of(name=self.name, phone=self.phone, email=self.email)

    @property
    def whose(self) -> str | None:
        """The practitioner's id; None is anybody."""
        return None if self.practitioner_id is None else str(self.practitioner_id)

    def sent(self) -> dict[str, str]:
        """All that was said, to tell two dialogs of one token apart."""
        return {name: str(getattr(self, name)) for name in self.__slots__ if name != "token"}


def book(actor: Actor, fields: Fields) -> Reply:
    """Book at a time."""
    asked = Asked.read(fields, has_start=True)
    guest, start = asked.guest(actor), asked.start
    if start is None:
        raise AssertionError("read with its start")

    def work() -> Appointment:
        return book_appointment(
            actor,
            service_id=asked.service_id,
            start=start,
            guest=guest,
            practitioner_id=asked.whose,
            notes=asked.notes,
            reason=asked.reason,
            waive=actor.can("appointments.waive"),
            overbook_reason=asked.overbook_reason,
        )

    return _booked(actor, asked, work)


def walk_in_now(actor: Actor, fields: Fields) -> Reply:
    """Book the first free time from now on for somebody who stands at the desk."""
    asked = Asked.read(fields, has_start=False)
    guest = asked.guest(actor)

    def work() -> Appointment:
        return walk_in(
            actor,
            service_id=asked.service_id,
            guest=guest,
            practitioner_id=asked.whose,
            notes=asked.notes,
            reason=asked.reason,
            overbook_reason=asked.overbook_reason,
        )

    return _booked(actor, asked, work)


def _booked(actor: Actor, asked: Asked, work: Callable[[], Appointment]) -> Reply:
    try:
        row = book_once(actor, token=asked.token, sent=asked.sent(), book=work)
    except DomainError as refusal:
        raise Refused(refusal, may_overbook=may_overbook(actor, refusal)) from refusal
    return Reply(201, {"event": entry_of(actor, row.pk)})
