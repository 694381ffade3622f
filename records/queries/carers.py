"""Which practitioners care for some patients: for those who tell many listeners at once."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

# As `cared_for_by`: with a visit that is neither held nor cancelled, or with something that they wrote.
_CARERS = """
SELECT patient_id, practitioner_id FROM bookings_appointment
WHERE patient_id = ANY(%(ids)s) AND status NOT IN ('HELD', 'CANCELLED')
UNION SELECT patient_id, practitioner_id FROM records_medicalrecord WHERE patient_id = ANY(%(ids)s)
UNION SELECT patient_id, practitioner_id FROM records_treatment WHERE patient_id = ANY(%(ids)s)
"""


def carers_of(patient_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The practitioners who may read each patient's records as their own. One statement, none for no ids."""
    if not patient_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_CARERS, {"ids": list(patient_ids)})
        rows = cursor.fetchall()
    found: dict[UUID, set[UUID]] = {}
    for patient, practitioner in rows:
        if practitioner is not None:
            found.setdefault(patient, set()).add(practitioner)
    return {patient: frozenset(carers) for patient, carers in found.items()}
