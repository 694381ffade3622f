"""Whose rows are a user's own: the practitioner and the patient that stand behind an account."""

from typing import TypedDict
from uuid import UUID

from django.db import connection

_OWN = """
SELECT (SELECT id FROM bookings_practitioner WHERE user_id = %(user)s),
       (SELECT id FROM bookings_patient WHERE user_id = %(user)s)
"""


class OwnRecords(TypedDict):
    """Ids as `accounts.caller.actor_of` takes them."""

    practitioner_id: UUID | None
    patient_id: UUID | None


# Outside of a hospital nobody has any.
NO_RECORDS = OwnRecords(practitioner_id=None, patient_id=None)


def own_records_of(user_id: UUID) -> OwnRecords:
    """The practitioner and the patient of a user, if there are any. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"user": user_id})
        practitioner_id, patient_id = cursor.fetchone()
    return OwnRecords(practitioner_id=practitioner_id, patient_id=patient_id)
