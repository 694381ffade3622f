"""Looking a patient up at the desk: by a part of the name, the phone or the hospital number."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from bookings.models import Patient
from bookings.queries.appointments import appointments_for
from bookings.queries.patients import patients_for
from bookings.rules.statuses import Status
from core.actor import Actor
from core.thai_order import in_thai_order

MOST_FOUND = 20
# A single letter would find half of everybody.
_SHORTEST = 2
_NOT_SEEN = (Status.CANCELLED, Status.NO_SHOW)


class Found(NamedTuple):
    """A patient, and when they were here last, if the actor may know it."""

    patient: Patient
    last_visit: datetime | None


def find_patients_for(actor: Actor, *, text: str, digits: str = "") -> list[Found]:
    """Up to 20 patients whom the actor may see, those in use alone, by name. One statement.

    Every word of `text` is in the name, or it is a part of the hospital number; `digits` are those of a phone
    number as they are stored, where the text is one.
    """
    text = text.strip()
    if len(text) < _SHORTEST:
        return []
    wanted = Q(hospital_number__icontains=text)
    wanted |= Q(phone_number__contains=digits) if digits else _named(text)
    rows = patients_for(actor).filter(wanted, is_active=True).order_by(in_thai_order("name"), "pk")
    return with_last_visit(actor, rows[:MOST_FOUND])


def with_last_visit(actor: Actor, patients: QuerySet[Patient]) -> list[Found]:
    """The same patients, each with the last visit that the actor may know of. One statement."""
    visits = (
        appointments_for(actor)
        .filter(patient=OuterRef("pk"), start__lt=Now())
        .exclude(status__in=_NOT_SEEN)
        .order_by("-start")
    )
    rows = patients.annotate(last_visit=Subquery(visits.values("start")[:1]))
    return [Found(row, row.last_visit) for row in rows]


def found_patient(actor: Actor, patient_id: UUID) -> Found:
    """One patient whom the actor has just registered, and so may see."""
    return with_last_visit(actor, Patient.objects.filter(pk=patient_id))[0]


def _named(text: str) -> Q:
    wanted = Q()
    for word in text.split():
        wanted &= Q(name__icontains=word)
    return wanted
