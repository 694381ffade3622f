"""What the database holds of a clinical text, and what of it can be moved, searched or set."""

import json
import logging

import pytest
from django.core import serializers
from django.core.exceptions import FieldError
from django.db import connection

from core import sealing as master
from records.actions.records import update_record
from records.actions.treatments import update_treatment
from records.errors import RecordsSealed
from records.models import KeyPurpose, MedicalRecord, RecordKey
from records.models.fields import Sealed
from records.models.keyring import forget_keys, sealing
from tenants.context import inside
from tests.support.statements import counted

CANARY = "กบฎโรคหัวใจ canary-0451"


def raw(row, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def put(row, column, sealed):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [sealed, row.pk])


def everything(schema):
    """Every row of every table of a hospital, and of the queue, as text and as text of its bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {schema}.{table} t")
            yield from (text for (text,) in cursor.fetchall())
        cursor.execute("SELECT t::text FROM public.jobs_job t")
        yield from (text for (text,) in cursor.fetchall())


def test_no_word_of_what_was_written_stands_anywhere_in_the_database(
    in_hospital, nobodys_patient, written, treated, program, check_up
):
    words = dict.fromkeys(("description", "diagnosis", "symptoms", "treatment_plan", "notes"), CANARY)
    record = written(nobodys_patient, title=CANARY, **words)
    document = {"name": CANARY, "media_type": "application/pdf", "reference": "dicom.1"}
    update_record(
        program, record_id=record.pk, texts={"notes": CANARY + "!"}, attachments=[document], purpose="test"
    )
    medicines = [dict.fromkeys(("name", "dosage", "frequency", "duration"), CANARY)]
    words = dict.fromkeys(("name", "description", "instructions", "notes"), CANARY)
    treatment = treated(nobodys_patient, texts=words, medications=medicines)
    update_treatment(program, treatment_id=treatment.pk, texts={"notes": "better"}, purpose="test")

    stored = list(everything(in_hospital.schema_name))
    assert any(str(record.pk) in text for text in stored)
    for form in (CANARY, json.dumps(CANARY)[1:-1], CANARY.encode().hex(), "canary-0451"):
        assert not [text for text in stored if form in text]


def test_what_was_written_is_read_again(nobodys_patient, written):
    row = MedicalRecord.objects.get(pk=written(nobodys_patient, notes="ไม่แพ้ยา").pk)

    assert (row.title, row.diagnosis, row.symptoms, row.notes) == ("Cough", "Bronchitis", "ไอมาก", "ไม่แพ้ยา")
    assert row.treatment_plan == ""


def test_a_text_is_opened_only_when_it_is_asked_for(nobodys_patient, written):
    row = MedicalRecord.objects.get(pk=written(nobodys_patient).pk)

    assert row.title == "Cough"
    assert isinstance(row.__dict__["diagnosis"], Sealed)
    assert "Bronchitis" not in repr(row.__dict__)


def test_a_text_that_was_moved_to_another_row_does_not_open(nobodys_patient, written):
    one, other = written(nobodys_patient, diagnosis="Asthma"), written(nobodys_patient)
    put(other, "diagnosis", raw(one, "diagnosis"))

    with pytest.raises(RecordsSealed):
        _ = MedicalRecord.objects.get(pk=other.pk).diagnosis


def test_a_text_that_was_moved_to_another_column_does_not_open(nobodys_patient, written):
    row = written(nobodys_patient)
    put(row, "notes", raw(row, "diagnosis"))

    with pytest.raises(RecordsSealed):
        _ = MedicalRecord.objects.get(pk=row.pk).notes


def test_a_text_that_was_moved_to_another_hospital_does_not_open_there_even_with_its_key(
    in_hospital, nobodys_patient, written, other_hospital, other_people
):
    row = written(nobodys_patient)
    key = RecordKey.objects.get(purpose=KeyPurpose.TEXT)
    with inside(other_hospital):
        RecordKey.objects.bulk_create([key])
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO records_medicalrecord (id, created_at, updated_at, patient_id, record_type,"
                " recorded_at, title, description, diagnosis, symptoms, treatment_plan, notes)"
                " SELECT id, created_at, updated_at, %s, record_type, recorded_at, title, description,"
                " diagnosis, symptoms, treatment_plan, notes"
                f" FROM {in_hospital.schema_name}.records_medicalrecord",
                [other_people.alice.pk],
            )
        with pytest.raises(RecordsSealed):
            _ = MedicalRecord.objects.get(pk=row.pk).title


def test_without_the_master_key_the_refusal_says_so_and_nothing_else(
    nobodys_patient, written, settings, caplog
):
    row = written(nobodys_patient)
    forget_keys()
    settings.ENCRYPTION_KEYS = ["somebody else's"]

    with caplog.at_level(logging.DEBUG), pytest.raises(RecordsSealed) as caught:
        _ = MedicalRecord.objects.get(pk=row.pk).title

    assert (caught.value.kind, caught.value.reason) == ("unavailable", "records_sealed")
    assert "Cough" not in f"{caught.value}{caught.value.data}{caplog.text}"


def test_without_the_master_key_nothing_is_written(nobodys_patient, written, settings):
    written(nobodys_patient)
    forget_keys()
    settings.ENCRYPTION_KEYS = ["somebody else's"]

    with pytest.raises(RecordsSealed):
        written(nobodys_patient)
    assert MedicalRecord.objects.count() == 1


@pytest.mark.parametrize("lookup", ["title", "title__icontains", "title__startswith", "title__length"])
def test_sealed_text_cannot_be_searched(in_hospital, lookup):
    with pytest.raises(FieldError):
        MedicalRecord.objects.filter(**{lookup: "Cough"}).exists()


def test_sealed_text_cannot_be_set_past_its_row(nobodys_patient, written):
    row = written(nobodys_patient)

    with pytest.raises(TypeError):
        MedicalRecord.objects.update(title="Cough")
    row.title = "Sneeze"
    with pytest.raises(TypeError):
        MedicalRecord.objects.bulk_update([row], ["title"])
    with pytest.raises(TypeError):
        serializers.serialize("json", [row])


def test_a_row_is_not_written_outside_of_a_sealing_block(nobodys_patient, written):
    row = written(nobodys_patient)

    with pytest.raises(RuntimeError):
        row.save_base()


def test_many_rows_are_sealed_with_one_look_at_the_key(nobodys_patient, written):
    written(nobodys_patient)
    rows = [
        MedicalRecord(patient=nobodys_patient, record_type="OTHER", title=f"No. {number}")
        for number in range(5)
    ]

    with counted() as statements:
        MedicalRecord.objects.bulk_create(rows)

    assert len([text for text in statements if "recordkey" in text]) == 1
    assert {row.title for row in MedicalRecord.objects.filter(record_type="OTHER")} == {
        f"No. {number}" for number in range(5)
    }


def test_a_key_is_wrapped_for_its_hospital_and_row(nobodys_patient, written, other_hospital):
    written(nobodys_patient)
    key = RecordKey.objects.get(purpose=KeyPurpose.TEXT)

    assert master.unseal(key.wrapped, place=f"records.key:h_ploy:{key.pk}")
    with pytest.raises(master.CannotUnseal):
        master.unseal(key.wrapped, place=f"records.key:h_rama:{key.pk}")


def test_each_hospital_has_keys_of_its_own(in_hospital, other_hospital):
    with sealing():
        pass
    with inside(other_hospital), sealing():
        theirs = set(RecordKey.objects.values_list("pk", flat=True))

    assert len(theirs) == 1
    assert not theirs & set(RecordKey.objects.values_list("pk", flat=True))
