"""Medical records and treatments, as far as the actor may see them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import QuerySet

from core import clock
from core.actor import Actor
from records.models import MedicalRecord, Treatment
from records.queries.care import readable_patients
from tenants.context import current_hospital


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which medical records: of a type, and of hospital-local dates, both inclusive."""

    record_type: str = ""
    date_from: date | None = None
    date_to: date | None = None

    def of(self, rows: QuerySet[MedicalRecord]) -> QuerySet[MedicalRecord]:
        """Those of the rows that are meant."""
        if self.record_type:
            rows = rows.filter(record_type=self.record_type)
        if self.date_from is not None:
            rows = rows.filter(recorded_at__gte=_begins(self.date_from))
        if self.date_to is not None:
            rows = rows.filter(recorded_at__lt=_begins(self.date_to + timedelta(days=1)))
        return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentFilter:
    """Which treatments: of a practitioner, and of a status."""

    practitioner_id: UUID | None = None
    status: str = ""

    def of(self, rows: QuerySet[Treatment]) -> QuerySet[Treatment]:
        """Those of the rows that are meant."""
        if self.practitioner_id is not None:
            rows = rows.filter(practitioner=self.practitioner_id)
        return rows.filter(status=self.status) if self.status else rows


def records_for(actor: Actor) -> QuerySet[MedicalRecord]:
    """The medical records that the actor may read. Whoever hands them out logs it: `log_reads`."""
    rows: QuerySet[MedicalRecord] = MedicalRecord.objects.select_related("practitioner")
    if actor.can("records.read"):
        return rows
    return rows.filter(patient__in=readable_patients(actor, "records"))


def treatments_for(actor: Actor) -> QuerySet[Treatment]:
    """The treatments that the actor may read. Whoever hands them out logs it: `log_reads`."""
    rows: QuerySet[Treatment] = Treatment.objects.select_related("practitioner")
    if actor.can("treatments.read"):
        return rows
    return rows.filter(patient__in=readable_patients(actor, "treatments"))


def _begins(day: date) -> datetime:
    """The instant at which a date begins on the hospital's clocks."""
    return datetime.combine(day, time(), clock.zone(current_hospital().timezone))
