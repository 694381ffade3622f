"""Writing medical records."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import AppointmentNotFound
from bookings.models import Appointment, Patient
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from records.actions.log import log_reads
from records.actions.texts import AttachmentPlan, attachments_of, checked_texts, keep_version, plan_of
from records.errors import RecordNotFound
from records.events import RecordEvent
from records.models import Attachment, MedicalRecord, RecordType
from records.models.fields import sealed_fields
from records.models.keyring import sealing
from records.queries.care import patient_among, require_any, writable_patients


def create_record(
    actor: Actor,
    *,
    patient_id: UUID | str,
    record_type: str,
    texts: Mapping[str, str],
    attachments: Sequence[AttachmentPlan] = (),
    appointment_id: UUID | str | None = None,
    recorded_at: datetime | None = None,
) -> MedicalRecord:
    """Write a medical record about a patient; the author is the practitioner who acts, if one does.

    `texts` are title (needed), description, diagnosis, symptoms, treatment_plan and notes. Raises
    `PatientNotFound`, `AppointmentNotFound`, `InvalidInput`, `NotAllowed`.
    """
    require_any(actor, "records", "write")
    patient = patient_among(writable_patients(actor, "records"), patient_id)
    row = MedicalRecord(
        patient=patient,
        practitioner_id=actor.practitioner_id,
        appointment=_visit_of(patient, appointment_id),
        record_type=_checked_type(record_type),
        recorded_at=_checked_moment(recorded_at),
        **checked_texts(MedicalRecord, {"title": "", **texts}),
    )
    documents = attachments_of(row, attachments)
    with sealing():
        row.save(force_insert=True)
        Attachment.objects.bulk_create(documents)
        _tell(actor, RecordEvent.RECORD_CREATED, row)
    return row


def update_record(
    actor: Actor,
    *,
    record_id: UUID | str,
    record_type: str | None = None,
    texts: Mapping[str, str] | None = None,
    attachments: Sequence[AttachmentPlan] | None = None,
    purpose: str,
) -> MedicalRecord:
    """Change what is given; attachments, where they are, replace those that were there.

    What stood there is kept as an earlier version. The answer is the whole record, so it is logged as a
    read. Raises `RecordNotFound`, `InvalidInput`, `NotAllowed`.
    """
    require_any(actor, "records", "write")
    given: dict[str, Any] = checked_texts(MedicalRecord, texts or {})
    if record_type is not None:
        given["record_type"] = _checked_type(record_type)
    with sealing():
        row = _locked(actor, record_id)
        before = content_of(row)
        changed = sorted(name for name in given if before[name] != given[name])
        documents = None
        if attachments is not None:
            documents = attachments_of(row, attachments)
            if [plan_of(each) for each in documents] == before["attachments"]:
                documents = None
            else:
                changed.append("attachments")
        if changed:
            keep_version(actor, row, before)
            _write(row, given, documents)
            _tell(actor, RecordEvent.RECORD_CHANGED, row, fields=changed)
        log_reads(actor, [row], purpose=purpose)
    return row


def content_of(row: MedicalRecord) -> dict[str, Any]:
    """Everything of a record that can change, as an earlier version keeps it."""
    texts = {field.name: getattr(row, field.name) for field in sealed_fields(MedicalRecord)}
    return {
        "record_type": row.record_type,
        **texts,
        "attachments": [plan_of(each) for each in row.attachments.order_by("position")],
    }


def _locked(actor: Actor, record_id: UUID | str) -> MedicalRecord:
    rows = MedicalRecord.objects.filter(patient__in=writable_patients(actor, "records"))
    row: MedicalRecord | None = rows.select_for_update(of=("self",), no_key=True).filter(pk=record_id).first()
    if row is None:
        raise RecordNotFound
    return row


def _write(row: MedicalRecord, given: Mapping[str, Any], documents: list[Attachment] | None) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    row.save()
    if documents is not None:
        row.attachments.all().delete()
        Attachment.objects.bulk_create(documents)


def _visit_of(patient: Patient, appointment_id: UUID | str | None) -> Appointment | None:
    """The patient's appointment of that id. Raises `AppointmentNotFound`."""
    if appointment_id is None:
        return None
    visit = Appointment.objects.filter(patient=patient, pk=appointment_id).first()
    if visit is None:
        raise AppointmentNotFound
    return visit


def _checked_type(record_type: str) -> str:
    if record_type not in RecordType.values:
        raise InvalidInput(record_type=_("There is no such type of record."))
    return record_type


def _checked_moment(recorded_at: datetime | None) -> datetime:
    now = clock.now()
    if recorded_at is not None and recorded_at > now:
        raise InvalidInput(recorded_at=_("This lies in the future."))
    return recorded_at or now


def _tell(actor: Actor, event: RecordEvent, row: MedicalRecord, **data: Any) -> None:
    facts = {"patient_id": str(row.patient_id), "record_type": str(row.record_type), **data}
    record(actor, event, subject_type="medical_record", subject_id=row.pk, data=facts)
