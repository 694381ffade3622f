"""Role × verb: who reads and writes whose records, as one table."""

from dataclasses import replace

import pytest
from django.utils import timezone

from accounts.permissions import Role
from bookings.models import Patient
from core.actor import Actor
from core.errors import DomainError
from records.actions.reading import list_records, list_treatments, read_record, read_treatment
from records.actions.records import create_record, update_record
from records.actions.treatments import create_treatment, update_treatment
from records.models import MedicalRecord, RecordAccess, Treatment
from records.queries.records import records_for, treatments_for
from tenants.context import inside
from tests.support.booking import book, set_status
from tests.support.catalogue import at, guest

VERBS = {
    "list records": lambda actor, it: list_records(actor, patient_id=it["patient"].pk, purpose="t"),
    "get record": lambda actor, it: read_record(actor, record_id=it["record"].pk, purpose="t"),
    "create record": lambda actor, it: create_record(
        actor, patient_id=it["patient"].pk, record_type="OTHER", texts={"title": "x"}
    ),
    "update record": lambda actor, it: update_record(
        actor, record_id=it["record"].pk, texts={"notes": "x"}, purpose="t"
    ),
    "list treatments": lambda actor, it: list_treatments(actor, patient_id=it["patient"].pk, purpose="t"),
    "get treatment": lambda actor, it: read_treatment(actor, treatment_id=it["treatment"].pk, purpose="t"),
    "create treatment": lambda actor, it: create_treatment(
        actor, patient_id=it["patient"].pk, texts={"name": "x"}
    ),
    "update treatment": lambda actor, it: update_treatment(
        actor, treatment_id=it["treatment"].pk, texts={"notes": "x"}, purpose="t"
    ),
}
READS = ("list records", "get record", "list treatments", "get treatment")
WRITES = tuple(verb for verb in VERBS if verb not in READS)

# (role, whose) → what each verb answers: what is not named is "ok".
NO = "not_allowed"
TABLE = {
    (Role.ADMIN, "own"): dict.fromkeys(WRITES, NO),
    (Role.ADMIN, "other"): dict.fromkeys(WRITES, NO),
    (Role.NURSE, "own"): {},
    (Role.NURSE, "other"): {},
    (Role.DOCTOR, "own"): {},
    (Role.DOCTOR, "other"): dict.fromkeys(VERBS, "not_found"),
    (Role.FRONT_DESK, "own"): dict.fromkeys(VERBS, NO),
    (Role.FRONT_DESK, "other"): dict.fromkeys(VERBS, NO),
    (Role.PATIENT, "own"): dict.fromkeys(WRITES, NO),
    (Role.PATIENT, "other"): {**dict.fromkeys(READS, "not_found"), **dict.fromkeys(WRITES, NO)},
}


def outcome(verb, actor, it):
    try:
        VERBS[verb](actor, it)
    except DomainError as refusal:
        return refusal.kind.value
    return "ok"


@pytest.fixture
def subjects(people, bobs_patient, nobodys_patient, written, treated):
    """For each role what is their own, if anything is, and what is somebody else's."""
    about = {
        patient.pk: {"patient": patient, "record": written(patient), "treatment": treated(patient)}
        for patient in (people.alice, bobs_patient, nobodys_patient)
    }
    own = {Role.PATIENT: people.alice}
    return lambda role, whose: about[(own.get(role, bobs_patient) if whose == "own" else nobodys_patient).pk]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(("role", "whose"), TABLE)
def test_the_table_of_who_may_do_what(people, subjects, role, whose, verb):
    it = subjects(role, whose)

    assert outcome(verb, people.actor(role), it) == TABLE[role, whose].get(verb, "ok")


@pytest.mark.parametrize(("role", "whose"), TABLE)
def test_collections_hold_what_can_be_read_one_by_one(people, subjects, role, whose):
    it, actor = subjects(role, whose), people.actor(role)
    readable = outcome("get record", actor, it) == "ok"

    assert records_for(actor).filter(pk=it["record"].pk).exists() is readable
    assert treatments_for(actor).filter(pk=it["treatment"].pk).exists() is readable


@pytest.mark.parametrize(
    ("grants", "reads", "writes"),
    [
        ({"records.read", "treatments.read"}, "ok", NO),
        ({"records.read", "records.write", "treatments.read", "treatments.write"}, "ok", "ok"),
        ({"appointments.read", "patients.read", "records.audit"}, NO, NO),
    ],
)
def test_programs_do_what_their_scopes_say(subjects, grants, reads, writes):
    it, actor = subjects(Role.NURSE, "other"), Actor.system("a program", *grants)

    assert {outcome(verb, actor, it) for verb in READS} == {reads}
    assert {outcome(verb, actor, it) for verb in WRITES} == {writes}


def test_nothing_that_is_refused_writes_anything(people, subjects):
    it = subjects(Role.DOCTOR, "other")
    before = MedicalRecord.objects.count(), Treatment.objects.count(), RecordAccess.objects.count()

    for role in (Role.DOCTOR, Role.FRONT_DESK, Role.PATIENT):
        for verb in VERBS:
            outcome(verb, people.actor(role), it)

    assert (MedicalRecord.objects.count(), Treatment.objects.count(), RecordAccess.objects.count()) == before


@pytest.mark.parametrize(
    ("status", "is_own"),
    [("CANCELLED", False), ("HELD", False), ("SCHEDULED", True), ("COMPLETED", True), ("NO_SHOW", True)],
)
def test_a_cancelled_visit_makes_nobody_a_doctors_patient(
    doctor, desk, check_up, dr_bob, written, status, is_own
):
    visit = book(desk, check_up, at(11), guest=guest("Anong", "0822222222"))
    if status == "HELD":
        visit.__class__.objects.filter(pk=visit.pk).update(status=status, hold_expires_at=at_noon())
    else:
        set_status(visit, status)
    row = written(visit.patient)

    assert records_for(doctor).filter(pk=row.pk).exists() is is_own


def at_noon():
    return timezone.make_aware(at(12))


def test_whoever_wrote_about_a_patient_goes_on_reading_about_them(doctor, dr_bob, bobs_patient, written):
    mine, theirs = written(bobs_patient, doctor), written(bobs_patient)
    set_status(bobs_patient.appointments.get(), "CANCELLED")

    assert set(records_for(doctor)) == {mine, theirs}


def test_a_doctor_without_a_practitioner_and_a_patient_without_a_patient_see_nothing(people, subjects):
    it = subjects(Role.DOCTOR, "own")
    for role in (Role.DOCTOR, Role.PATIENT):
        actor = replace(people.actor(role), practitioner_id=None, patient_id=None)
        assert not records_for(actor).exists()
        assert not treatments_for(actor).exists()
        assert outcome("get record", actor, it) == "not_found"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.NURSE, Role.DOCTOR, Role.PATIENT])
def test_nobody_of_the_other_hospital_reaches_anything(
    subjects, other_hospital, other_people, hospital, role
):
    it = subjects(role, "own")
    with inside(other_hospital):
        actor = other_people.actor(role)
        assert not records_for(actor).exists()
        for verb in VERBS:
            assert outcome(verb, actor, it) in {"not_found", NO}, verb
        assert not RecordAccess.objects.exists()
    with inside(hospital):
        assert MedicalRecord.objects.filter(notes__isnull=False).count() == 3


def test_the_other_hospitals_doctor_who_got_in_by_mistake_sees_nothing(
    subjects, other_hospital, other_people
):
    it = subjects(Role.DOCTOR, "own")
    with inside(other_hospital):
        charlie = other_people.actor(Role.DOCTOR)

    assert not records_for(charlie).exists()
    assert {outcome(verb, charlie, it) for verb in VERBS} == {"not_found"}


def test_a_patient_who_was_switched_off_still_has_records(nurse, nobodys_patient, written):
    written(nobodys_patient)
    Patient.objects.filter(pk=nobodys_patient.pk).update(is_active=False)

    assert list_records(nurse, patient_id=nobodys_patient.pk, purpose="t").count == 1
