"""The log of reads: an entry before anything leaves, none of which can be changed or taken out unnoticed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.permissions import Role
from bookings.models import Patient
from core.actor import Actor
from core.errors import DomainError
from records.actions.log import log_reads, verify_log
from records.actions.reading import (
    earlier_versions,
    list_records,
    list_treatments,
    read_record,
    read_treatment,
)
from records.actions.records import create_record, update_record
from records.actions.treatments import update_treatment
from records.errors import RecordsSealed
from records.models import RecordAccess
from records.models.keyring import forget_keys
from tenants.context import inside
from tests.support.threads import reasons, together


def log():
    return list(RecordAccess.objects.order_by("id"))


def tampered(statement, *params):
    """Change the log as only somebody can who owns the database."""
    with connection.cursor() as cursor:
        # What is deferred must be done before a trigger can be switched off.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE records_recordaccess DISABLE TRIGGER ALL")
        cursor.execute(statement, params)
        cursor.execute("ALTER TABLE records_recordaccess ENABLE TRIGGER ALL")


@pytest.fixture
def three_reads(nurse, nobodys_patient, written):
    row = written(nobodys_patient)
    for _ in range(3):
        read_record(nurse, record_id=row.pk, purpose="test")
    return [entry.pk for entry in log()]


def test_reading_a_record_says_who_what_and_what_for(nurse, people, nobodys_patient, written):
    row = written(nobodys_patient)

    read_record(nurse, record_id=row.pk, purpose="get_medical_record")

    (entry,) = log()
    assert (entry.actor_user_id, entry.actor_role, entry.actor_label) == (people.nurse.pk, Role.NURSE, "Nora")
    assert (entry.door, entry.patient_id, entry.subject_ids) == ("admin", nobodys_patient.pk, [row.pk])
    assert (entry.subject, entry.extent, entry.purpose) == ("RECORD", "WHOLE", "get_medical_record")


def test_a_list_is_one_entry_with_every_record_on_the_page(nurse, nobodys_patient, written):
    rows = [written(nobodys_patient) for _ in range(3)]

    page = list_records(nurse, patient_id=nobodys_patient.pk, limit=2, purpose="list")

    (entry,) = log()
    assert entry.extent == "SUMMARY"
    assert sorted(entry.subject_ids) == sorted(row.pk for row in page.rows)
    assert len(page.rows) == 2
    assert page.count == len(rows)


def test_treatments_are_logged_as_wholes(nurse, nobodys_patient, treated):
    row = treated(nobodys_patient)

    list_treatments(nurse, patient_id=nobodys_patient.pk, purpose="list")
    read_treatment(nurse, treatment_id=row.pk, purpose="get")

    assert [(entry.subject, entry.extent, entry.subject_ids) for entry in log()] == [
        ("TREATMENT", "WHOLE", [row.pk])
    ] * 2


def test_whoever_changes_a_record_gets_it_back_and_has_read_it(program, nobodys_patient, written, treated):
    record, treatment = written(nobodys_patient), treated(nobodys_patient)
    assert log() == []

    update_record(program, record_id=record.pk, texts={"notes": "x"}, purpose="update_medical_record")
    update_treatment(program, treatment_id=treatment.pk, texts={"notes": "x"}, purpose="update_treatment")
    earlier_versions(program, record, purpose="versions")

    assert [entry.purpose for entry in log()] == ["update_medical_record", "update_treatment", "versions"]


def test_rows_of_several_patients_are_an_entry_for_each(
    program, nobodys_patient, bobs_patient, written, treated
):
    rows = [written(nobodys_patient), written(bobs_patient), written(nobodys_patient), treated(bobs_patient)]

    with transaction.atomic():
        log_reads(program, rows, purpose="collection")

    assert sorted((entry.patient_id, entry.subject, len(entry.subject_ids)) for entry in log()) == sorted(
        [
            (nobodys_patient.pk, "RECORD", 2),
            (bobs_patient.pk, "RECORD", 1),
            (bobs_patient.pk, "TREATMENT", 1),
        ]
    )
    assert verify_log().wrong_id is None


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.PATIENT, Role.DOCTOR])
def test_a_read_that_is_refused_leaves_no_entry(people, nobodys_patient, written, treated, role):
    record, treatment, actor = written(nobodys_patient), treated(nobodys_patient), people.actor(role)
    reads = [
        lambda: read_record(actor, record_id=record.pk, purpose="test"),
        lambda: list_records(actor, patient_id=nobodys_patient.pk, purpose="test"),
        lambda: read_treatment(actor, treatment_id=treatment.pk, purpose="test"),
        lambda: list_treatments(actor, patient_id=nobodys_patient.pk, purpose="test"),
        lambda: read_record(actor, record_id=uuid4(), purpose="test"),
    ]

    for read in reads:
        with pytest.raises(DomainError):
            read()
    assert log() == []


def test_an_empty_list_leaves_no_entry(nurse, nobodys_patient):
    assert list_records(nurse, patient_id=nobodys_patient.pk, purpose="test").rows == []
    assert log() == []


def test_what_cannot_be_logged_is_not_read(nurse, nobodys_patient, written, settings):
    row = written(nobodys_patient)
    read_record(nurse, record_id=row.pk, purpose="test")
    forget_keys()
    settings.ENCRYPTION_KEYS = ["somebody else's"]

    with pytest.raises(RecordsSealed):
        list_records(nurse, patient_id=nobodys_patient.pk, purpose="test")
    assert len(log()) == 1


def test_what_does_not_open_is_not_logged_as_read(nurse, nobodys_patient, written, treated):
    record, treatment = written(nobodys_patient), treated(nobodys_patient)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_medicalrecord SET title = notes, description = notes")
        cursor.execute("UPDATE records_medication SET dosage = name")

    for read in (
        lambda: read_record(nurse, record_id=record.pk, purpose="test"),
        lambda: list_records(nurse, patient_id=nobodys_patient.pk, purpose="test"),
        lambda: read_treatment(nurse, treatment_id=treatment.pk, purpose="test"),
        lambda: list_treatments(nurse, patient_id=nobodys_patient.pk, purpose="test"),
    ):
        with pytest.raises(RecordsSealed):
            read()
    assert log() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_recordaccess SET actor_label = 'somebody else'",
        "UPDATE records_recordaccess SET purpose = ''",
        "DELETE FROM records_recordaccess",
        "TRUNCATE records_recordaccess",
    ],
)
def test_the_database_itself_refuses_to_rewrite_the_log(three_reads, statement):
    with pytest.raises(DatabaseError, match="log of reads"), transaction.atomic(), connection.cursor() as cur:
        cur.execute(statement)

    assert len(log()) == 3


def test_a_log_as_it_was_written_is_right(three_reads):
    seen = verify_log()

    assert (seen.entries, seen.last_id, seen.wrong_id) == (3, three_reads[2], None)
    assert seen.last_signature == bytes(log()[2].signature).hex()


@pytest.mark.parametrize(
    "change",
    [
        "occurred_at = occurred_at + interval '1 microsecond'",
        "door = 'api'",
        "actor_role = 'ADMIN'",
        "actor_user_id = NULL",
        "actor_label = 'Fon'",
        "patient_id = gen_random_uuid()",
        "subject = 'TREATMENT'",
        "extent = 'SUMMARY'",
        "subject_ids = '{}'",
        "purpose = 'x'",
    ],
)
def test_every_change_of_an_entry_is_found(three_reads, change):
    tampered(f"UPDATE records_recordaccess SET {change} WHERE id = %s", three_reads[1])

    assert verify_log().wrong_id == three_reads[1]


def test_an_entry_that_was_taken_out_is_found_at_the_next_one(three_reads):
    tampered("DELETE FROM records_recordaccess WHERE id = %s", three_reads[1])

    assert verify_log().wrong_id == three_reads[2]


def test_an_entry_that_was_put_in_is_found(three_reads):
    tampered(
        "INSERT INTO records_recordaccess (occurred_at, door, actor_role, actor_label, patient_id, subject,"
        " extent, subject_ids, purpose, signature) SELECT occurred_at, door, actor_role, actor_label,"
        " patient_id, subject, extent, subject_ids, purpose, signature FROM records_recordaccess"
        " WHERE id = %s",
        three_reads[2],
    )

    assert verify_log().wrong_id > three_reads[2]


def test_a_log_that_was_cut_off_is_found_by_what_was_known_of_it(three_reads):
    seen = verify_log()
    tampered("DELETE FROM records_recordaccess WHERE id = %s", three_reads[2])

    assert verify_log().wrong_id is None
    assert verify_log(since=(seen.last_id, seen.last_signature)).wrong_id == seen.last_id


def test_the_log_outlives_a_new_master_key(three_reads, settings):
    settings.ENCRYPTION_KEYS = ["a new one", "for-tests-only"]
    forget_keys()

    assert verify_log().wrong_id is None


def test_reads_at_the_same_moment_make_one_chain(fresh_hospital):
    actor = Actor.system("a program", "records.read", "records.write")
    patient = Patient.objects.create(name="Somchai", name_key="somchai", phone_number="+66811111111")
    row = create_record(actor, patient_id=patient.pk, record_type="OTHER", texts={"title": "x"})

    outcomes = together(fresh_hospital, [lambda: read_record(actor, record_id=row.pk, purpose="t")] * 6)

    assert reasons(outcomes) == []
    assert (verify_log().entries, verify_log().wrong_id) == (6, None)


def test_the_command_says_what_is_right_and_fails_for_what_is_not(three_reads, capsys):
    call_command("verify_record_log", hospital="ploy")
    told = capsys.readouterr().out
    assert "ploy: 3 entries are right, the last one" in told
    known = told.split("the last one ")[1].strip()
    call_command("verify_record_log", hospital="ploy", known=known)

    tampered("DELETE FROM records_recordaccess WHERE id = %s", three_reads[0])
    with pytest.raises(CommandError, match="1 hospitals"):
        call_command("verify_record_log")
    assert f"entry {three_reads[1]} is not" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [{"known": "1:ab"}, {"known": "x", "hospital": "ploy"}, {"hospital": "nowhere"}]
)
def test_the_command_names_what_it_cannot_do(hospital, options):
    with pytest.raises(CommandError):
        call_command("verify_record_log", **options)


def test_entries_of_one_hospital_are_not_those_of_the_other(three_reads, other_hospital):
    with inside(other_hospital):
        assert verify_log().entries == 0


def test_an_entry_tells_the_time_of_the_read(nurse, nobodys_patient, written):
    row = written(nobodys_patient)
    read_record(nurse, record_id=row.pk, purpose="test")

    assert timedelta(0) <= log()[0].occurred_at - row.created_at < timedelta(minutes=1)


def test_a_read_outside_of_a_transaction_is_a_mistake_of_ours(fresh_hospital):
    with pytest.raises(RuntimeError):
        log_reads(Actor.system("a program"), [], purpose="test")
