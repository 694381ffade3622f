"""Medical records: written, changed, nothing lost."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from bookings.models import Appointment, Patient
from core import clock
from core.errors import InvalidInput
from events.outbox import history_of
from records.actions.reading import earlier_versions, read_record
from records.actions.records import create_record, update_record
from records.models import MedicalRecord
from tests.support.booking import refused
from tests.support.threads import reasons, together

NOWHERE = UUID(int=1)
DOCUMENT = {"name": "X-ray", "media_type": "image/png", "reference": "pacs-1.2.840"}


def test_a_doctors_record_has_the_doctor_as_its_author(doctor, dr_bob, bobs_patient):
    row = create_record(
        doctor, patient_id=bobs_patient.pk, record_type="CHECKUP",
        texts={"title": " Yearly ", "notes": "fine"}, attachments=[DOCUMENT],
    )  # fmt: skip

    kept = MedicalRecord.objects.get(pk=row.pk)
    assert (kept.practitioner_id, kept.patient_id, kept.record_type) == (
        dr_bob.pk,
        bobs_patient.pk,
        "CHECKUP",
    )
    assert (kept.title, kept.notes, kept.diagnosis) == ("Yearly", "fine", "")
    assert [(each.name, each.reference) for each in kept.attachments.all()] == [("X-ray", "pacs-1.2.840")]


def test_a_record_may_belong_to_a_visit_of_its_patient_only(doctor, bobs_patient, nurse, nobodys_patient):
    visit = Appointment.objects.get(patient=bobs_patient)
    asked = {"record_type": "APPOINTMENT", "texts": {"title": "Visit"}, "appointment_id": visit.pk}

    assert create_record(doctor, patient_id=bobs_patient.pk, **asked).appointment_id == visit.pk
    with refused("booking_not_found"):
        create_record(nurse, patient_id=nobodys_patient.pk, **asked)


def test_events_tell_of_a_record_without_a_word_of_it(program, nobodys_patient, written):
    row = written(nobodys_patient)
    update_record(program, record_id=row.pk, texts={"diagnosis": "Asthma"}, purpose="test")

    created, changed = history_of("medical_record", row.pk)
    facts = {"patient_id": str(nobodys_patient.pk), "record_type": "CONSULTATION"}
    assert (created.type, created.changes, created.data) == ("record.created", {}, facts)
    assert (changed.type, changed.changes) == ("record.changed", {})
    assert changed.data == {**facts, "fields": ["diagnosis"]}


def test_what_was_changed_is_kept_with_who_changed_it(doctor, people, bobs_patient, written, program):
    row = written(bobs_patient, diagnosis="Bronchitis")
    update_record(doctor, record_id=row.pk, texts={"diagnosis": "Asthma"}, purpose="test")
    update_record(doctor, record_id=row.pk, record_type="CHECKUP", attachments=[DOCUMENT], purpose="test")

    first, second = earlier_versions(program, row, purpose="test")
    assert (first.number, first.actor_user_id, first.actor_label) == (1, people.doctor.pk, "Bob")
    assert (first.door, first.actor_role) == ("admin", "DOCTOR")
    assert json.loads(first.content)["diagnosis"] == "Bronchitis"
    assert json.loads(second.content) | {"diagnosis": "", "attachments": []} == {
        **dict.fromkeys(("description", "diagnosis", "treatment_plan", "notes"), ""),
        "record_type": "CONSULTATION",
        "title": "Cough",
        "symptoms": "ไอมาก",
        "attachments": [],
    }
    kept = read_record(program, record_id=row.pk, purpose="test")
    assert (kept.diagnosis, kept.record_type) == ("Asthma", "CHECKUP")
    assert [each.name for each in kept.attachments.all()] == ["X-ray"]


def test_documents_that_were_replaced_stand_in_the_earlier_version(program, nobodys_patient, written):
    row = written(nobodys_patient)
    for attachments in ([DOCUMENT], [{**DOCUMENT, "name": "MRI"}], []):
        update_record(program, record_id=row.pk, attachments=attachments, purpose="test")

    kept = [json.loads(each.content)["attachments"] for each in earlier_versions(program, row, purpose="t")]
    assert kept == [[], [DOCUMENT], [{**DOCUMENT, "name": "MRI"}]]
    assert not row.attachments.exists()


def test_a_change_of_nothing_leaves_no_version_and_no_event(program, nobodys_patient, written):
    row = written(nobodys_patient)

    update_record(
        program, record_id=row.pk, record_type="CONSULTATION", texts={"title": "Cough "}, attachments=[],
        purpose="test",
    )  # fmt: skip

    assert not row.revisions.exists()
    assert len(history_of("medical_record", row.pk)) == 1


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"texts": {"title": "  "}}, "title"),
        ({"texts": {"title": "x" * 201}}, "title"),
        ({"texts": {"title": "x", "notes": "x" * 20_001}}, "notes"),
        ({"texts": {"title": "x"}, "record_type": "RUMOUR"}, "record_type"),
        ({"texts": {"title": "x"}, "recorded_at": clock.now() + timedelta(days=1)}, "recorded_at"),
        ({"texts": {"title": "x"}, "attachments": [DOCUMENT] * 21}, "attachments"),
        ({"texts": {"title": "x"}, "attachments": [{**DOCUMENT, "name": " "}]}, "attachments"),
        ({"texts": {"title": "x"}, "attachments": [{**DOCUMENT, "media_type": "picture"}]}, "attachments"),
        *(
            ({"texts": {"title": "x"}, "attachments": [{**DOCUMENT, "reference": reference}]}, "attachments")
            for reference in (
                "https://example.org/x.png", "//example.org", "data:image/png;base64,AAAA", "../x", "",
                "x" * 65, "file:///etc/passwd",
            )
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_at_its_field_and_nothing_is_written(
    program, nobodys_patient, asked, field
):
    with pytest.raises(InvalidInput) as caught:
        create_record(program, **{"patient_id": nobodys_patient.pk, "record_type": "OTHER", **asked})

    assert set(caught.value.data["fields"]) == {field}
    assert not MedicalRecord.objects.exists()


def test_a_text_that_a_record_does_not_have_is_a_mistake_of_ours(program, nobodys_patient):
    with pytest.raises(TypeError, match="salary"):
        create_record(
            program, patient_id=nobodys_patient.pk, record_type="OTHER", texts={"title": "x", "salary": "1"}
        )


@pytest.mark.parametrize("record_id", [NOWHERE, str(NOWHERE)])
def test_a_record_that_is_not_there_is_not_found(program, in_hospital, record_id):
    with refused("record_not_found"):
        read_record(program, record_id=record_id, purpose="test")
    with refused("record_not_found"):
        update_record(program, record_id=record_id, texts={"notes": "x"}, purpose="test")


def test_two_changes_at_once_lose_nothing(fresh_hospital, program):
    patient = Patient.objects.create(name="Somchai", name_key="somchai", phone_number="+66811111111")
    row = create_record(program, patient_id=patient.pk, record_type="OTHER", texts={"title": "0"})

    def change(title):
        return lambda: update_record(program, record_id=row.pk, texts={"title": title}, purpose="test")

    outcomes = together(fresh_hospital, [change(str(number)) for number in range(1, 5)])

    assert reasons(outcomes) == []
    before = [json.loads(each.content)["title"] for each in row.revisions.order_by("number")]
    now = MedicalRecord.objects.get(pk=row.pk).title
    assert before[0] == "0"
    assert sorted([*before, now]) == ["0", "1", "2", "3", "4"]
