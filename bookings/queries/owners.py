"""Whose appointments, waiting-list entries and patients they are, for those who tell many at once."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

_APPOINTMENTS = "SELECT id, patient_id, practitioner_id FROM bookings_appointment WHERE id = ANY(%s)"
_ENTRIES = "SELECT id, patient_id, practitioner_id FROM bookings_waitinglistentry WHERE id = ANY(%s)"
# As `patients_for`: a doctor's own patients are those of their appointments, which holds are not.
_DOCTORS = """
SELECT DISTINCT patient_id, patient_id, practitioner_id FROM bookings_appointment
WHERE patient_id = ANY(%s) AND status <> 'HELD'
"""


@dataclass(frozen=True, slots=True)
class Owners:
    """The patients and the practitioners whose own something is."""

    patients: frozenset[UUID] = frozenset()
    practitioners: frozenset[UUID] = frozenset()


NOBODY = Owners()


def owners_of_appointments(ids: Collection[UUID]) -> dict[UUID, Owners]:
    """Patient and practitioner of each appointment there is. One statement, none for no ids."""
    return _owners(_APPOINTMENTS, ids)


def owners_of_waiting(ids: Collection[UUID]) -> dict[UUID, Owners]:
    """Patient and wished practitioner of each entry of the waiting list. One statement at most."""
    return _owners(_ENTRIES, ids)


def doctors_of_patients(ids: Collection[UUID]) -> dict[UUID, Owners]:
    """Each patient with the practitioners who have an appointment with them. One statement at most."""
    return _owners(_DOCTORS, ids)


def _owners(statement: str, ids: Collection[UUID]) -> dict[UUID, Owners]:
    rows: list[tuple[Any, ...]] = []
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(statement, [list(ids)])
            rows = cursor.fetchall()
    found: dict[UUID, Owners] = {}
    for key, patient, practitioner in rows:
        before = found.get(key, NOBODY)
        found[key] = Owners(
            before.patients | ({patient} if patient else set()),
            before.practitioners | ({practitioner} if practitioner else set()),
        )
    return found
