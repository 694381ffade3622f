"""The demonstration's records: enough to look at, in both languages, sealed, and made in no time."""

import time

import pytest

from bookings.demo.loader import FULL, load_demo
from bookings.demo.more import Size
from bookings.demo.plans import all_hospitals
from bookings.models import Patient
from core import clock
from records.demo.cases import cases_of
from records.demo.loader import VISITS, VISITS_OF_EACH, fill_records
from records.models import Attachment, MedicalRecord, Medication, RecordAccess, RecordRevision, Treatment
from tenants.context import inside
from tenants.models import Hospital

SMALL = Size(days_back=30, days_ahead=1, patients=0.3)


def test_both_hospitals_have_records_to_look_at(db):
    load_demo(lambda _: None, SMALL)

    for plan in all_hospitals(clock.today_in("Asia/Bangkok")):
        with inside(Hospital.objects.get(subdomain=plan.subdomain)):
            _has_records_in_both_languages()
            _nobody_is_said_to_have_read_or_changed_any()
            assert MedicalRecord.objects.filter(patient=Patient.objects.get(user__isnull=False)).exists()
            _is_made_in_no_time(plan)


def _has_records_in_both_languages():
    rows = list(MedicalRecord.objects.select_related("patient", "appointment"))
    people = [row.patient_id for row in rows]
    assert 10 < len(set(people)) <= len(people) <= VISITS
    assert max(people.count(one) for one in people) <= VISITS_OF_EACH
    assert {row.patient.language for row in rows} == {"th", "en"}
    assert {row.title.isascii() for row in rows} == {True, False}
    assert all(row.recorded_at == row.appointment.end == row.created_at for row in rows)
    treatments = list(Treatment.objects.select_related("record"))
    assert {row.status for row in treatments} > {"ACTIVE"}
    assert all(row.created_at == row.record.recorded_at and row.instructions for row in treatments)
    assert Medication.objects.exists()


def _nobody_is_said_to_have_read_or_changed_any():
    for model in (RecordAccess, RecordRevision, Attachment):
        assert not model.objects.exists()


def _is_made_in_no_time(plan):
    for model in (Medication, Treatment, MedicalRecord):
        model.objects.all().delete()
    begun = time.monotonic()
    fill_records(plan, FULL)
    # On a machine of its own it is a fifth of a second.
    assert time.monotonic() - begun < 5
    assert MedicalRecord.objects.count() > VISITS // 8


@pytest.mark.parametrize("service", ["vaccination", "something else"])
def test_every_case_is_told_in_both_languages(service):
    for case in cases_of(service):
        assert not case.th.title.isascii()
        assert case.en.title.isascii()
