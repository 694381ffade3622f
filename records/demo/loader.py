"""Records and treatments for some of a demonstration's patients, out of visits that are over."""

from datetime import timedelta
from random import Random

from django.db.models import F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from bookings.demo.more import Size
from bookings.demo.plan import HospitalPlan
from bookings.models import Appointment, PractitionerKind
from bookings.rules.statuses import Status
from core import clock
from records.demo.cases import Case, cases_of
from records.models import MedicalRecord, Medication, Treatment
from records.models.keyring import sealing
from records.rules.treatments import TreatmentStatus
from tenants.models import Language

VISITS, VISITS_OF_EACH = 400, 3
# Of the courses that are not over.
_BROKEN_OFF = 0.1


def fill_records(plan: HospitalPlan, size: Size) -> None:
    """Write about the last visits of some patients, the one with an account among them.

    Written past the verbs, without events: nobody needs to hear of it, and it is to take no time.
    """
    rng = Random(f"records {plan.subdomain}")  # noqa: S311  -- made-up illnesses, the same ones each time
    records: list[MedicalRecord] = []
    treatments: list[Treatment] = []
    medications: list[Medication] = []
    for visit in _visits(int(VISITS * size.patients)):
        case = rng.choice(cases_of(visit.service.slug))
        record = _record(visit, case)
        records.append(record)
        if (treatment := _treatment(record, case, plan.zone, rng)) is not None:
            treatments.append(treatment)
            medications += _medications(treatment, case)
    with sealing():
        MedicalRecord.objects.bulk_create(records)
        Treatment.objects.bulk_create(treatments)
        Medication.objects.bulk_create(medications)
    _set_times()


def _visits(most: int) -> QuerySet[Appointment]:
    """So many visits that are over, the latest first, no more than three of a patient."""
    nth = Window(RowNumber(), partition_by=F("patient"), order_by=[F("start").desc(), F("pk")])
    done = Appointment.objects.filter(status=Status.COMPLETED, patient__isnull=False).exclude(
        practitioner__kind=PractitionerKind.ROOM
    )
    some = done.annotate(nth=nth).filter(nth__lte=VISITS_OF_EACH)
    # Who can sign in first: they shall find something.
    latest = some.order_by(F("patient__user").asc(nulls_last=True), "-start", "pk")
    return latest.select_related("service", "patient")[:most]


def _record(visit: Appointment, case: Case) -> MedicalRecord:
    told = case.th if _is_thai(visit) else case.en
    return MedicalRecord(
        patient=visit.patient,
        practitioner_id=visit.practitioner_id,
        appointment=visit,
        record_type=case.record_type,
        recorded_at=visit.end,
        title=told.title,
        symptoms=told.symptoms,
        description=told.description,
        diagnosis=told.diagnosis,
        treatment_plan=told.plan,
    )


def _treatment(record: MedicalRecord, case: Case, zone: str, rng: Random) -> Treatment | None:
    course, visit = case.course, record.appointment
    if course is None or visit is None:
        return None
    name, instructions = course.th if _is_thai(visit) else course.en
    began = visit.start.astimezone(clock.zone(zone)).date()
    last, today = began + timedelta(days=course.days), clock.today_in(zone)
    status, ended_on = TreatmentStatus.ACTIVE, None
    if last < today:
        status, ended_on = TreatmentStatus.COMPLETED, last
    elif began < today and rng.random() < _BROKEN_OFF:
        status, ended_on = TreatmentStatus.DISCONTINUED, today
    return Treatment(
        patient=record.patient,
        practitioner_id=record.practitioner_id,
        record=record,
        status=status.value,
        started_on=began,
        ended_on=ended_on,
        follow_up_date=last,
        name=name,
        description=record.diagnosis,
        instructions=instructions,
    )


def _medications(treatment: Treatment, case: Case) -> list[Medication]:
    plans = case.course.medications if case.course is not None else ()
    return [
        Medication(treatment=treatment, position=place, **plan) for place, plan in enumerate(plans, start=1)
    ]


def _set_times() -> None:
    """Let rows have come about when they tell of; saving them has set the present."""
    MedicalRecord.objects.update(created_at=F("recorded_at"), updated_at=F("recorded_at"))
    moment = Subquery(MedicalRecord.objects.filter(pk=OuterRef("record")).values("recorded_at"))
    Treatment.objects.update(created_at=moment, updated_at=moment)


def _is_thai(visit: Appointment) -> bool:
    return visit.patient is not None and visit.patient.language == Language.THAI
