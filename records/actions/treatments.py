"""Writing treatments."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from bookings.errors import DoctorNotFound
from bookings.models import Practitioner, PractitionerKind
from core import clock
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed
from events.outbox import record
from records.actions.log import log_reads
from records.actions.texts import MedicationPlan, checked_texts, keep_version, medications_of, plan_of
from records.errors import IllegalTreatmentStatus, RecordNotFound, TreatmentNotFound
from records.events import RecordEvent
from records.models import MedicalRecord, Medication, Treatment
from records.models.fields import sealed_fields
from records.models.keyring import sealing
from records.queries.care import patient_among, require_any, writable_patients
from records.rules.treatments import TreatmentStatus, may_move
from tenants.context import current_hospital

_PLAIN = ("status", "started_on", "ended_on", "follow_up_date")


def create_treatment(
    actor: Actor,
    *,
    patient_id: UUID | str,
    texts: Mapping[str, str],
    medications: Sequence[MedicationPlan] = (),
    follow_up_date: date | None = None,
    practitioner_id: UUID | str | None = None,
    record_id: UUID | str | None = None,
) -> Treatment:
    """Begin a treatment of a patient, today on the hospital's clocks.

    `texts` are name (needed), description, instructions and notes. Without `practitioner_id` it is the
    practitioner who acts, if one does; a doctor names nobody else. Raises `PatientNotFound`,
    `DoctorNotFound`, `RecordNotFound`, `InvalidInput`, `NotAllowed`.
    """
    require_any(actor, "treatments", "write")
    patient = patient_among(writable_patients(actor, "treatments"), patient_id)
    row = Treatment(
        patient=patient,
        practitioner_id=_treating(actor, practitioner_id),
        record=_record_of(patient.pk, record_id),
        started_on=_today(),
        follow_up_date=follow_up_date,
        **checked_texts(Treatment, {"name": "", **texts}),
    )
    _check_follow_up(row)
    medicines = medications_of(row, medications)
    with sealing():
        row.save(force_insert=True)
        Medication.objects.bulk_create(medicines)
        _tell(actor, RecordEvent.TREATMENT_CREATED, row)
    return row


def update_treatment(
    actor: Actor,
    *,
    treatment_id: UUID | str,
    status: str | None = None,
    plain: Mapping[str, date | None] | None = None,
    texts: Mapping[str, str] | None = None,
    medications: Sequence[MedicationPlan] | None = None,
    purpose: str,
) -> Treatment:
    """Change what is given; medications, where they are, replace those that were there.

    `plain` may hold follow_up_date. A treatment that ends gets today as its end, one that is taken up
    again has none any more. What stood there is kept as an earlier version; the answer is logged as a read.
    Raises `TreatmentNotFound`, `IllegalTreatmentStatus`, `InvalidInput`, `NotAllowed`.
    """
    require_any(actor, "treatments", "write")
    given: dict[str, Any] = {**checked_texts(Treatment, texts or {}), **_checked_dates(plain or {})}
    with sealing():
        row = _locked(actor, treatment_id)
        before = content_of(row)
        given |= _move(row, status)
        changed = sorted(name for name in given if getattr(row, name) != given[name])
        medicines = None
        if medications is not None:
            medicines = medications_of(row, medications)
            if [plan_of(each) for each in medicines] == before["medications"]:
                medicines = None
            else:
                changed.append("medications")
        if changed:
            keep_version(actor, row, before)
            _write(row, given, medicines)
            _tell(actor, RecordEvent.TREATMENT_CHANGED, row, before["status"], fields=changed)
        log_reads(actor, [row], purpose=purpose)
    return row


def content_of(row: Treatment) -> dict[str, Any]:
    """Everything of a treatment that can change, as an earlier version keeps it."""
    texts = {field.name: getattr(row, field.name) for field in sealed_fields(Treatment)}
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        **texts,
        "medications": [plan_of(each) for each in row.medications.order_by("position")],
    }


def _locked(actor: Actor, treatment_id: UUID | str) -> Treatment:
    rows = Treatment.objects.filter(patient__in=writable_patients(actor, "treatments"))
    row: Treatment | None = rows.select_for_update(of=("self",), no_key=True).filter(pk=treatment_id).first()
    if row is None:
        raise TreatmentNotFound
    return row


def _move(row: Treatment, status: str | None) -> dict[str, Any]:
    """What changes with a status. Raises `InvalidInput`, `IllegalTreatmentStatus`."""
    if status is None or status == row.status:
        return {}
    if status not in list(TreatmentStatus):
        raise InvalidInput(status=_("There is no such status."))
    current, target = TreatmentStatus(row.status), TreatmentStatus(status)
    if not may_move(current, target):
        raise IllegalTreatmentStatus(current)
    ended_on = None if target is TreatmentStatus.ACTIVE else max(_today(), row.started_on)
    return {"status": target.value, "ended_on": ended_on}


def _write(row: Treatment, given: Mapping[str, Any], medicines: list[Medication] | None) -> None:
    for name, value in given.items():
        setattr(row, name, value)
    _check_follow_up(row)
    row.save()
    if medicines is not None:
        row.medications.all().delete()
        Medication.objects.bulk_create(medicines)


def _treating(actor: Actor, practitioner_id: UUID | str | None) -> UUID | None:
    if practitioner_id is None or str(practitioner_id) == str(actor.practitioner_id):
        return actor.practitioner_id
    if not actor.can("treatments.write"):
        raise NotAllowed(needs="treatments.write")
    people = Practitioner.objects.exclude(kind=PractitionerKind.ROOM)
    if not people.filter(pk=practitioner_id, is_active=True).exists():
        raise DoctorNotFound
    return UUID(str(practitioner_id))


def _record_of(patient_id: UUID, record_id: UUID | str | None) -> MedicalRecord | None:
    if record_id is None:
        return None
    row: MedicalRecord | None = MedicalRecord.objects.filter(patient=patient_id, pk=record_id).first()
    if row is None:
        raise RecordNotFound
    return row


def _checked_dates(plain: Mapping[str, date | None]) -> dict[str, date | None]:
    if strangers := set(plain) - {"follow_up_date"}:
        raise TypeError(f"A treatment's {', '.join(sorted(strangers))} cannot be set.")
    return dict(plain)


def _check_follow_up(row: Treatment) -> None:
    if row.follow_up_date is not None and row.follow_up_date < row.started_on:
        raise InvalidInput(follow_up_date=_("The follow-up cannot be before the treatment began."))


def _today() -> date:
    return clock.today_in(current_hospital().timezone)


def _tell(actor: Actor, event: RecordEvent, row: Treatment, was: str | None = None, **data: Any) -> None:
    changes = {} if was in (None, row.status) else {"status": [was, row.status]}
    facts = {"patient_id": str(row.patient_id), "status": str(row.status), **data}
    record(actor, event, subject_type="treatment", subject_id=row.pk, changes=changes, data=facts)
