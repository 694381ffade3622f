"""A new data key: everything is sealed anew, while nobody has to stop, and whatever is killed goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from bookings.models import Patient
from core.actor import Actor
from records.actions import rotation
from records.actions.log import verify_log
from records.actions.reading import read_record
from records.actions.records import create_record, update_record
from records.actions.rotation import RotationUnderWay, rewrap_keys, rotate_keys
from records.actions.treatments import create_treatment
from records.models import KeyPurpose, MedicalRecord, Medication, RecordKey, RecordRevision
from records.models.fields import sealed_fields
from records.models.keyring import forget_keys, sealing
from records.rules.envelope import key_of
from tenants.context import inside
from tests.support.threads import together

ROOT = Path(__file__).parents[3]
PROGRAM = Actor.system("a program", "records.read", "records.write", "treatments.read", "treatments.write")


class Killed(Exception):
    """As far as the database can tell: the process is gone between two transactions."""


def silent(_line):
    """Nobody listens."""


def killed_after(batches):
    left = [batches]

    def tell(_line):
        left[0] -= 1
        if not left[0]:
            raise Killed

    return tell


def text_keys():
    return RecordKey.objects.filter(purpose=KeyPurpose.TEXT)


def keys_in_headers():
    """The ids of the keys that any sealed text of the hospital names."""
    found = set()
    for model in rotation.MODELS:
        columns = [field.column for field in sealed_fields(model)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table}")
            found |= {key_of(bytes(raw)) for row in cursor.fetchall() for raw in row}
    return found


def fill(patient, number=5):
    rows = [
        create_record(
            PROGRAM, patient_id=patient.pk, record_type="OTHER",
            texts={"title": f"No. {place}", "notes": "ลับ"},
            attachments=[{"name": "film", "media_type": "image/png", "reference": f"pacs-{place}"}],
        )
        for place in range(number)
    ]  # fmt: skip
    update_record(PROGRAM, record_id=rows[0].pk, texts={"notes": "ลับกว่า"}, purpose="test")
    create_treatment(
        PROGRAM, patient_id=patient.pk, texts={"name": "Rest"},
        medications=[{"name": "Tea", "dosage": "1 cup", "frequency": "daily", "duration": ""}],
    )  # fmt: skip
    return rows


def titles():
    return sorted(row.title for row in MedicalRecord.objects.all())


@pytest.fixture
def full(nobodys_patient):
    return fill(nobodys_patient)


@pytest.fixture
def patient(fresh_hospital):
    """A patient outside of any transaction."""
    forget_keys()
    return Patient.objects.create(name="Somchai", name_key="somchai", phone_number="+66811111111")


def test_everything_is_sealed_with_the_new_key_and_the_old_one_is_destroyed(full):
    old = text_keys().get().pk
    before = titles(), [row.updated_at for row in MedicalRecord.objects.order_by("pk")]

    done = rotate_keys(silent)

    new = text_keys().get(retired_at=None).pk
    assert new != old
    assert keys_in_headers() == {new}
    # 5 records, 5 attachments, a treatment, a medication, an earlier version.
    assert (done.resealed, done.retired, done.broken) == (13, 1, [])
    assert text_keys().get(pk=old).wrapped == ""
    assert (titles(), [row.updated_at for row in MedicalRecord.objects.order_by("pk")]) == before
    assert "ลับ" in RecordRevision.objects.get().content
    assert Medication.objects.get().dosage == "1 cup"


def test_progress_is_told_after_each_batch(full):
    told = []

    rotate_keys(told.append, batch=2)

    assert [line for line in told if "medicalrecord" in line] == [
        f"records_medicalrecord: {number} sealed anew" for number in (2, 4, 5)
    ]


@pytest.mark.parametrize("batches", [1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_a_run_that_was_killed_between_two_batches_is_finished_by_the_next(full, batches):
    with pytest.raises(Killed):
        rotate_keys(killed_after(batches), batch=2)
    assert titles() == [f"No. {place}" for place in range(5)]
    assert text_keys().filter(retired_at=None).count() == 2

    rotate_keys(silent, batch=2)

    assert text_keys().count() == 2, "no third key is made"
    assert keys_in_headers() == {text_keys().get(retired_at=None).pk}
    assert titles() == [f"No. {place}" for place in range(5)]


def test_what_is_written_between_two_batches_is_sealed_with_the_new_key(full, nobodys_patient):
    written = []

    def tell(_line):
        if not written:
            written.append(fill(nobodys_patient, 1)[0])
            update_record(PROGRAM, record_id=full[4].pk, texts={"title": "No. 4!"}, purpose="test")

    rotate_keys(tell, batch=2)

    assert keys_in_headers() == {text_keys().get(retired_at=None).pk}
    assert "No. 4!" in titles()


def test_a_text_that_does_not_open_is_named_and_keeps_the_old_key_alive(full):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE records_medicalrecord SET title = notes WHERE id = %s", [full[2].pk])

    done = rotate_keys(silent)

    assert done.broken == [("records_medicalrecord", full[2].pk)]
    assert (done.resealed, done.retired) == (12, 0)
    assert text_keys().filter(retired_at=None).count() == 2
    assert MedicalRecord.objects.get(pk=full[2].pk).notes == "ลับ"
    with pytest.raises(CommandError, match="1 rows"):
        call_command("rotate_record_keys", hospital="ploy")


def test_the_database_keeps_an_earlier_version_as_it_was_but_for_its_seal(full):
    revision = RecordRevision.objects.get()
    for statement in (
        "UPDATE records_recordrevision SET actor_label = 'somebody else'",
        "UPDATE records_recordrevision SET record_id = NULL",
        "DELETE FROM records_recordrevision",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    rotate_keys(silent)
    assert RecordRevision.objects.get().content == revision.content


def test_after_rewrapping_the_old_master_key_is_not_needed(full, settings):
    read_record(PROGRAM, record_id=full[0].pk, purpose="test")
    settings.ENCRYPTION_KEYS = ["a new one", "for-tests-only"]
    assert rewrap_keys() == 2

    settings.ENCRYPTION_KEYS = ["a new one"]
    forget_keys()

    assert titles() == [f"No. {place}" for place in range(5)]
    assert (verify_log().entries, verify_log().wrong_id) == (2, None)


def test_a_rotation_rewraps_what_it_does_not_replace(full, settings):
    read_record(PROGRAM, record_id=full[0].pk, purpose="test")
    settings.ENCRYPTION_KEYS = ["a new one", "for-tests-only"]

    call_command("rotate_record_keys", hospital="ploy")

    settings.ENCRYPTION_KEYS = ["a new one"]
    forget_keys()
    assert titles() == [f"No. {place}" for place in range(5)]
    assert verify_log().wrong_id is None


@pytest.mark.parametrize("options", [{}, {"rewrap_only": True}])
def test_without_the_master_key_nothing_changes_and_the_command_fails(full, settings, options):
    before = list(RecordKey.objects.order_by("pk").values())
    settings.ENCRYPTION_KEYS = ["somebody else's"]
    forget_keys()

    with pytest.raises(CommandError):
        call_command("rotate_record_keys", hospital="ploy", **options)

    assert list(RecordKey.objects.order_by("pk").values()) == before


def test_the_command_does_every_hospital(full, other_hospital, capsys):
    call_command("rotate_record_keys")

    told = capsys.readouterr().out
    assert "ploy: 13 rows sealed anew, 1 keys destroyed" in told
    assert "rama: 0 rows sealed anew" in told
    with inside(other_hospital):
        assert not MedicalRecord.objects.exists()


def test_two_rotations_at_once_are_one(patient, fresh_hospital):
    fill(patient)

    outcomes = together(fresh_hospital, [lambda: rotate_keys(silent, batch=1)] * 2)

    refused = [outcome for outcome in outcomes if isinstance(outcome, RotationUnderWay)]
    assert len(refused) <= 1
    assert keys_in_headers() == {text_keys().get(retired_at=None).pk}


def test_a_key_waits_for_those_who_still_write_with_it(patient, fresh_hospital):
    """Whoever began to write before the new key was there ends with the old one, and nothing is lost."""
    fill(patient, 1)

    def write_slowly():
        with sealing():
            row = MedicalRecord(patient=patient, record_type="OTHER", title="slow")
            row.save(force_insert=True)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(1)")

    outcomes = together(fresh_hospital, [write_slowly, lambda: rotate_keys(silent)])

    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    forget_keys()
    assert titles() == ["No. 0", "slow"]


KILLED_MIDWAY = """
import django; django.setup()
import os, signal
from records.actions.rotation import rotate_keys
from tenants.context import inside
from tenants.models import Hospital
with inside(Hospital.objects.get(subdomain="fresh")):
    rotate_keys(lambda line: os.kill(os.getpid(), signal.SIGKILL), batch=2)
"""


def test_a_process_that_is_killed_midway_leaves_everything_readable(patient):
    fill(patient)
    base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    env = {**os.environ, "DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}"}

    process = subprocess.run(
        [sys.executable, "-c", KILLED_MIDWAY], env=env, cwd=ROOT, timeout=120, check=False
    )

    assert process.returncode == -signal.SIGKILL
    assert len(keys_in_headers()) == 2
    assert titles() == [f"No. {place}" for place in range(5)]
    call_command("rotate_record_keys", hospital="fresh")
    assert keys_in_headers() == {text_keys().get(retired_at=None).pk}
    assert titles() == [f"No. {place}" for place in range(5)]


def test_a_row_that_was_read_before_the_key_was_destroyed_still_opens(full):
    row = MedicalRecord.objects.get(pk=full[1].pk)

    rotate_keys(silent)

    assert row.title == "No. 1"
