"""Reading: what an actor may see, opened and handed out in the transaction that writes the read down."""

from typing import Any
from uuid import UUID

from django.db import transaction

from core.actor import Actor
from core.pages import USUAL, Page, Place, page_of
from records.actions.log import log_reads
from records.errors import RecordNotFound, TreatmentNotFound
from records.models import Extent, MedicalRecord, RecordRevision, Treatment
from records.models.fields import open_texts
from records.queries.care import patient_among, readable_patients, require_any
from records.queries.records import RecordFilter, TreatmentFilter, records_for, treatments_for

EVERYTHING, EVERY_TREATMENT = RecordFilter(), TreatmentFilter()


@transaction.atomic
def read_record(actor: Actor, *, record_id: UUID | str, purpose: str) -> MedicalRecord:
    """One medical record with its attachments, and an entry in the log. Raises `RecordNotFound`."""
    require_any(actor, "records", "read")
    row = records_for(actor).prefetch_related("attachments").filter(pk=record_id).first()
    if row is None:
        raise RecordNotFound
    open_texts([row, *row.attachments.all()])
    log_reads(actor, [row], purpose=purpose)
    return row


@transaction.atomic
def list_records(
    actor: Actor,
    *,
    patient_id: UUID | str,
    only: RecordFilter = EVERYTHING,
    after: Place | None = None,
    limit: int = USUAL,
    purpose: str,
) -> Page[MedicalRecord]:
    """A patient's medical records, the latest first; titles are meant to be shown and nothing else.

    `after` is the `next_after` of the page before. Raises `PatientNotFound`.
    """
    require_any(actor, "records", "read")
    patient = patient_among(readable_patients(actor, "records"), patient_id)
    rows = only.of(MedicalRecord.objects.select_related("practitioner").filter(patient=patient))
    page = page_of(rows, by="-recorded_at", after=after, limit=limit)
    open_texts(page.rows, "title")
    log_reads(actor, page.rows, purpose=purpose, extent=Extent.SUMMARY)
    return page


@transaction.atomic
def read_treatment(actor: Actor, *, treatment_id: UUID | str, purpose: str) -> Treatment:
    """One treatment with its medications, and an entry in the log. Raises `TreatmentNotFound`."""
    require_any(actor, "treatments", "read")
    row = treatments_for(actor).prefetch_related("medications").filter(pk=treatment_id).first()
    if row is None:
        raise TreatmentNotFound
    open_texts([row, *row.medications.all()])
    log_reads(actor, [row], purpose=purpose)
    return row


@transaction.atomic
def list_treatments(
    actor: Actor,
    *,
    patient_id: UUID | str,
    only: TreatmentFilter = EVERY_TREATMENT,
    after: Place | None = None,
    limit: int = USUAL,
    purpose: str,
) -> Page[Treatment]:
    """A patient's treatments with their medications, the latest first. Raises `PatientNotFound`."""
    require_any(actor, "treatments", "read")
    patient = patient_among(readable_patients(actor, "treatments"), patient_id)
    rows = only.of(Treatment.objects.select_related("practitioner").filter(patient=patient))
    page = page_of(rows.prefetch_related("medications"), by="-created_at", after=after, limit=limit)
    open_texts([*page.rows, *(each for row in page.rows for each in row.medications.all())])
    log_reads(actor, page.rows, purpose=purpose)
    return page


@transaction.atomic
def earlier_versions(actor: Actor, row: MedicalRecord | Treatment, *, purpose: str) -> list[RecordRevision]:
    """What stood in a record or treatment before each change, the oldest first; logged as a read of it.

    Raises `RecordNotFound`, `TreatmentNotFound` for a row that the actor may not read.
    """
    if isinstance(row, MedicalRecord):
        found: Any = read_record(actor, record_id=row.pk, purpose=purpose)
    else:
        found = read_treatment(actor, treatment_id=row.pk, purpose=purpose)
    return list(found.revisions.order_by("number"))
