"""Patients of Dr Bob and of nobody, and what is written about them."""

from collections.abc import Callable, Iterator

import pytest

from accounts.permissions import Role
from bookings.models import Patient
from core.actor import Actor
from records.actions.records import create_record
from records.actions.treatments import create_treatment
from records.models import MedicalRecord, Treatment
from records.models.keyring import forget_keys
from tests.support.booking import book
from tests.support.catalogue import at, guest


@pytest.fixture(autouse=True)
def no_keys_kept() -> Iterator[None]:
    """Keys that a process keeps must not outlive the test's transaction."""
    forget_keys()
    yield
    forget_keys()


@pytest.fixture
def nurse(in_hospital, people) -> Actor:
    """Nora, who may read and write every record and read every treatment."""
    return people.actor(Role.NURSE)


@pytest.fixture
def doctor(in_hospital, people) -> Actor:
    """Dr Bob, as an actor."""
    return people.actor(Role.DOCTOR)


@pytest.fixture
def bobs_patient(desk, check_up, dr_bob) -> Patient:
    """Malee, who has an appointment with Dr Bob tomorrow."""
    return book(desk, check_up, at(9), guest=guest()).patient


@pytest.fixture
def nobodys_patient(in_hospital) -> Patient:
    """Somchai, who has never been here."""
    return Patient.objects.create(name="Somchai", name_key="somchai", phone_number="+66811111111")


@pytest.fixture
def program() -> Actor:
    """A program with a key that may write records and treatments."""
    grants = {"records.read", "records.write", "treatments.read", "treatments.write"}
    return Actor.system("a program", *grants)


@pytest.fixture
def written(program) -> Callable[..., MedicalRecord]:
    """Write a record about a patient."""

    def write(patient: Patient, actor: Actor = program, **texts) -> MedicalRecord:
        words = {"title": "Cough", "diagnosis": "Bronchitis", "symptoms": "ไอมาก", **texts}
        return create_record(actor, patient_id=patient.pk, record_type="CONSULTATION", texts=words)

    return write


@pytest.fixture
def treated(program) -> Callable[..., Treatment]:
    """Begin a treatment of a patient."""

    def begin(patient: Patient, actor: Actor = program, **asked) -> Treatment:
        medicines = [{"name": "Salbutamol", "dosage": "2 puffs", "frequency": "daily", "duration": "7 days"}]
        given = {"texts": {"name": "Inhaler"}, "medications": medicines, **asked}
        return create_treatment(actor, patient_id=patient.pk, **given)

    return begin
