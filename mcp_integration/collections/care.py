"""Medical records and treatments: every read is written down, in the transaction that it happens in."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from core.actor import Actor
from mcp_integration.collections.doctors import the_doctor
from mcp_integration.collections.filters import by_choice, by_id, from_day, until_day
from mcp_integration.collections.platform import own_hospital
from mcp_integration.collections.row import Collection
from mcp_integration.collections.visits import the_patient
from records.actions.log import log_reads, log_summaries
from records.errors import RecordNotFound, TreatmentNotFound
from records.queries.records import records_for, treatments_for
from records.rules.treatments import TreatmentStatus
from records.serializers.records import MedicalRecordSerializer, MedicalRecordSummarySerializer
from records.serializers.treatments import TreatmentSerializer

_READ = "collection {}"
_summary: Any = MedicalRecordSummarySerializer()
_RECORD_TYPES = tuple(_summary.fields["record_type"].choices)


def _records(actor: Actor) -> QuerySet[Any]:
    return records_for(actor).prefetch_related("attachments")


def _treatments(actor: Actor) -> QuerySet[Any]:
    return treatments_for(actor).prefetch_related("medications")


def _record_read(actor: Actor, rows: Sequence[Any]) -> None:
    log_reads(actor, rows, purpose=_READ.format("medical_records"))


def _records_listed(actor: Actor, rows: Sequence[Any]) -> None:
    log_summaries(actor, rows, purpose=_READ.format("medical_records"))


def _treatments_read(actor: Actor, rows: Sequence[Any]) -> None:
    log_reads(actor, rows, purpose=_READ.format("treatments"))


MEDICAL_RECORDS = Collection(
    name="medical_records",
    title="Medical records",
    about="Medical records: in lists their titles, by id all that is in them. Every read is written down.",
    needs=("records.read", "records.read_own"),
    rows=_records,
    item=MedicalRecordSerializer,
    brief=MedicalRecordSummarySerializer,
    sorts={"recorded_at": "recorded_at", "created_at": "created_at", "record_type": "record_type"},
    usual_sort="-recorded_at",
    filters={
        "patient_id": by_id("patient", "Of which patient."),
        "doctor_id": by_id("practitioner", "Written by which doctor."),
        "record_type": by_choice("record_type", _RECORD_TYPES, "Of which type."),
        "date_from": from_day("recorded_at", "Of this date or after it."),
        "date_to": until_day("recorded_at", "Of this date or before it."),
    },
    expansions={"hospital": own_hospital, "patient": the_patient, "doctor": the_doctor},
    not_found=RecordNotFound,
    seen=_record_read,
    seen_in_list=_records_listed,
)
TREATMENTS = Collection(
    name="treatments",
    title="Treatments",
    about="Treatments with their medications. Every read is written down.",
    needs=("treatments.read", "treatments.read_own"),
    rows=_treatments,
    item=TreatmentSerializer,
    sorts={
        "created_at": "created_at", "started_on": "started_on", "follow_up_date": "follow_up_date",
        "status": "status",
    },
    usual_sort="-created_at",
    filters={
        "patient_id": by_id("patient", "Of which patient."),
        "doctor_id": by_id("practitioner", "Of which doctor."),
        "status": by_choice("status", [status.value for status in TreatmentStatus], "In which status."),
        "created_from": from_day("created_at", "Begun at this date or after it."),
        "created_until": until_day("created_at", "Begun at this date or before it."),
    },
    expansions={"hospital": own_hospital, "patient": the_patient, "doctor": the_doctor},
    not_found=TreatmentNotFound,
    seen=_treatments_read,
    seen_in_list=_treatments_read,
)  # fmt: skip
