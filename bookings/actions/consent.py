"""What a patient agrees to: given, withdrawn, never forgotten."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.events import BookingEvent
from bookings.models import ConsentKind, Patient, PatientConsent
from bookings.queries.patients import patient_for
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record


@transaction.atomic
def give_consent(actor: Actor, *, patient_id: UUID, kind: ConsentKind, version: str) -> PatientConsent:
    """Note that a patient agrees to a version of a text; return the consent that is live now.

    Once more to the same version changes nothing. Another version ends the consent to the one before.
    Raises `PatientNotFound`, `InvalidInput`.
    """
    actor.require("patients.write")
    if not version.strip():
        raise InvalidInput(version=_("Name the version of the text."))
    live = _live_consent(actor, patient_id, kind)
    if live is not None:
        if live.version == version.strip():
            return live
        _end(actor, live)
    row = PatientConsent.objects.create(
        patient_id=patient_id,
        kind=kind,
        version=version.strip(),
        given_at=clock.now(),
        given_door=actor.door,
    )
    _record(actor, BookingEvent.CONSENT_GIVEN, row)
    return row


@transaction.atomic
def withdraw_consent(actor: Actor, *, patient_id: UUID, kind: ConsentKind) -> PatientConsent | None:
    """Note that a patient does not agree any more; the row stays. None if there was no live consent.

    Raises `PatientNotFound`.
    """
    actor.require("patients.write")
    live = _live_consent(actor, patient_id, kind)
    if live is not None:
        _end(actor, live)
    return live


def _live_consent(actor: Actor, patient_id: UUID, kind: ConsentKind) -> PatientConsent | None:
    patient_for(actor, patient_id=patient_id)
    # One at a time: of two who give the same consent at once, the second finds the first one's.
    Patient.objects.select_for_update().get(pk=patient_id)
    return PatientConsent.objects.filter(patient_id=patient_id, kind=kind, withdrawn_at=None).first()


def _end(actor: Actor, row: PatientConsent) -> None:
    row.withdrawn_at, row.withdrawn_door = clock.now(), actor.door
    row.save(update_fields=["withdrawn_at", "withdrawn_door", "updated_at"])
    _record(actor, BookingEvent.CONSENT_WITHDRAWN, row)


def _record(actor: Actor, kind: BookingEvent, row: PatientConsent) -> None:
    record(actor, kind, subject_type="patient", subject_id=row.patient_id, data={"consent_id": str(row.pk)})
