"""Two at once about one patient: the constraints hold, and nobody is met with a fault."""

from functools import partial

import pytest

from bookings.actions.consent import give_consent
from bookings.actions.insurance import save_insurance
from bookings.actions.patients import name_key
from bookings.actions.ratings import rate_appointment
from bookings.models import ConsentKind, Patient, PatientConsent, PatientInsurance, Rating, Scheme
from core.actor import Actor
from tests.support.booking import book, set_status
from tests.support.catalogue import at, make_practitioner, make_service
from tests.support.threads import together, winners

DESK = Actor.system(
    "races", "patients.read", "patients.write", "appointments.read", "appointments.book", "appointments.rate"
)
EIGHT = range(8)


@pytest.fixture
def patient(fresh_hospital) -> Patient:
    return Patient.objects.create(name="Malee", name_key=name_key("Malee"), phone_number="+66898765432")


def test_of_eight_who_note_one_consent_one_writes_it(fresh_hospital, patient):
    give = partial(give_consent, DESK, patient_id=patient.pk, kind=ConsentKind.TREATMENT, version="2026-1")

    outcomes = together(fresh_hospital, [give for _ in EIGHT])

    assert len(winners(outcomes)) == 8, outcomes
    assert PatientConsent.objects.count() == 1


def test_of_eight_insurances_that_become_primary_at_once_one_is(fresh_hospital, patient):
    rows = [PatientInsurance(patient=patient, scheme=Scheme.SSS, is_primary=True) for _ in EIGHT]

    outcomes = together(fresh_hospital, [partial(save_insurance, DESK, row) for row in rows])

    assert len(winners(outcomes)) == 8, outcomes
    assert PatientInsurance.objects.count() == 8
    assert PatientInsurance.objects.filter(is_primary=True).count() == 1


def test_of_eight_ratings_of_one_visit_there_is_one(fresh_hospital):
    row = book(DESK, make_service(make_practitioner(), slug="visit"), at(10))
    set_status(row, "COMPLETED")
    jobs = [partial(rate_appointment, DESK, reference=row.reference, rating=1 + n % 5) for n in EIGHT]

    outcomes = together(fresh_hospital, jobs)

    assert len(winners(outcomes)) == 8, outcomes
    assert Rating.objects.count() == 1
