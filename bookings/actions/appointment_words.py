"""Notices about an appointment: whom they reach, and what they say of it."""

from typing import Any

from bookings.actions.wording import place_in_words
from bookings.channels import Recipient
from bookings.models import Notice
from tenants.context import current_hospital


def whom_to_tell(notice: Notice) -> Recipient:
    """Whoever the appointment is for, by what was given with the booking or is known of the patient."""
    row, patient = notice.appointment, notice.patient
    if row is None:
        return Recipient()
    return Recipient(
        patient_id=row.patient_id,
        name=row.guest_name,
        # What was given with this booking comes first: somebody may book for their mother.
        email=row.guest_email or (patient.email if patient else ""),
        phone=row.guest_phone or (patient.phone_number if patient else ""),
        language=patient.language if patient else "",
    )


def facts_of_visit(notice: Notice) -> dict[str, Any]:
    """Time, place and reference. No name of the service or the practitioner: they may tell an illness."""
    return {
        "name": notice.appointment.guest_name if notice.appointment else "",
        "reference": notice.appointment.reference if notice.appointment else "",
        "start": notice.for_time,
        "place": place_in_words(current_hospital()),
    }
