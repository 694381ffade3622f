"""Medical records in the admin: read under the log's eye, written by verbs, shut to the front desk."""

import json

import pytest

from accounts.permissions import Role
from bookings.models import Patient
from events.outbox import history_of
from records.models import MedicalRecord, RecordAccess
from records.models.keyring import forget_keys
from tests.support.statements import counted

LIST = "/admin/records/medicalrecord/"
DOCUMENTS = {f"attachments-{name}": "0" for name in ("INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}


@pytest.fixture
def as_nurse(browser_of):
    return browser_of(Role.NURSE)


def page_of(row):
    return f"{LIST}{row.pk}/change/"


def reads():
    return [(entry.actor_role, entry.purpose, entry.extent) for entry in RecordAccess.objects.order_by("id")]


def titles(answer):
    return [row.title for row in answer.context["cl"].result_list]


def test_a_nurse_reads_a_record_and_that_is_logged(as_nurse, nobodys_patient, written):
    row = written(nobodys_patient, description="ไอมาสามวัน", notes="second line")

    page = as_nurse.get(page_of(row))

    for text in ("Cough", "ไอมาสามวัน", "Bronchitis", "second line", "Somchai"):
        assert text in page.text
    assert reads() == [("NURSE", "admin page", "WHOLE")]
    assert RecordAccess.objects.get().subject_ids == [row.pk]


def test_a_page_of_the_list_is_logged_by_patient(as_nurse, nobodys_patient, bobs_patient, written):
    for patient in (nobodys_patient, bobs_patient, nobodys_patient):
        written(patient)

    assert titles(as_nurse.get(LIST)) == ["Cough"] * 3
    assert reads() == [("NURSE", "admin list", "SUMMARY")] * 2
    assert titles(as_nurse.get(LIST, patient=str(bobs_patient.pk))) == ["Cough"]


def test_a_record_is_written_by_the_verb(as_doctor, dr_bob, bobs_patient):
    answer = as_doctor.submit(
        f"{LIST}add/",
        patient=str(bobs_patient.pk),
        record_type="CHECKUP",
        title="Yearly check-up",
        symptoms="เหนื่อยง่าย",
        **{
            "attachments-TOTAL_FORMS": "1",
            "attachments-0-name": "ECG",
            "attachments-0-media_type": "application/pdf",
            "attachments-0-reference": "ecg-77",
        },
    )

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = MedicalRecord.objects.get()
    assert (row.patient_id, row.practitioner_id) == (bobs_patient.pk, dr_bob.pk)
    assert (row.title, row.symptoms, row.record_type) == ("Yearly check-up", "เหนื่อยง่าย", "CHECKUP")
    assert [(each.name, each.reference) for each in row.attachments.all()] == [("ECG", "ecg-77")]
    assert [event.type for event in history_of("medical_record", row.pk)] == ["record.created"]


def test_a_change_keeps_what_stood_there_and_shows_it(as_doctor, bobs_patient, written):
    row = written(bobs_patient)

    as_doctor.submit(page_of(row), diagnosis="Asthma")

    assert MedicalRecord.objects.get(pk=row.pk).diagnosis == "Asthma"
    assert json.loads(row.revisions.get().content)["diagnosis"] == "Bronchitis"
    page = as_doctor.get(page_of(row))
    assert "Bronchitis" in page.text
    assert "Bob" in page.text
    _created, changed = history_of("medical_record", row.pk)
    assert changed.data["fields"] == ["diagnosis"]
    assert "Diagnosis" in as_doctor.get(f"{LIST}{row.pk}/history/").text


def test_what_the_verb_refuses_comes_back_with_what_was_typed(as_doctor, bobs_patient):
    page = as_doctor.submit(
        f"{LIST}add/",
        patient=str(bobs_patient.pk),
        record_type="OTHER",
        title="x" * 201,
        notes="kept as typed",
    )

    assert page.status_code == 200
    assert page.context["adminform"].form.errors
    assert "kept as typed" in page.text
    assert not MedicalRecord.objects.exists()


def test_a_patient_whom_a_doctor_does_not_treat_cannot_be_written_about(as_doctor, bobs_patient, people):
    page = as_doctor.submit(
        f"{LIST}add/", patient=str(people.alice.pk), record_type="OTHER", title="Not mine"
    )

    assert page.status_code == 200
    assert not MedicalRecord.objects.exists()


def test_a_doctor_sees_the_records_of_own_patients_only(as_doctor, bobs_patient, nobodys_patient, written):
    written(bobs_patient, title="Mine")
    other = written(nobodys_patient, title="Not mine")

    assert titles(as_doctor.get(LIST)) == ["Mine"]
    assert as_doctor.get(page_of(other)).status_code == 302
    assert [entry.patient_id for entry in RecordAccess.objects.all()] == [bobs_patient.pk]


def test_an_administrator_reads_and_changes_nothing(as_admin, nobodys_patient, written):
    row = written(nobodys_patient)

    assert "Bronchitis" in as_admin.get(page_of(row)).text
    assert as_admin.post(page_of(row), {"title": "Mine now"}).status_code == 403
    assert as_admin.get(f"{LIST}add/").status_code == 403
    assert MedicalRecord.objects.get().title == "Cough"


def test_the_front_desk_gets_no_page_no_line_in_the_sidebar_and_no_button(at_desk, nobodys_patient, written):
    row = written(nobodys_patient)

    for path in (LIST, page_of(row), f"{LIST}add/", f"{LIST}{row.pk}/history/"):
        assert at_desk.get(path).status_code == 403
    patient = at_desk.get(f"/admin/bookings/patient/{nobodys_patient.pk}/change/")
    assert "/admin/records/" not in patient.text
    assert not patient.text.count("/records/")
    assert at_desk.get(f"/admin/bookings/patient/{nobodys_patient.pk}/records/").status_code == 403
    assert not RecordAccess.objects.exists()


def test_a_patients_page_leads_to_the_records(as_nurse, nobodys_patient, bobs_patient, written):
    written(nobodys_patient, title="His")
    written(bobs_patient, title="Hers")
    button = f"/admin/bookings/patient/{nobodys_patient.pk}/records/"
    assert button in as_nurse.get(f"/admin/bookings/patient/{nobodys_patient.pk}/change/").text

    there = as_nurse.get(button)["Location"]

    assert titles(as_nurse.get(there)) == ["His"]
    assert Patient.objects.count() == 3


def test_nothing_is_deleted_and_nothing_is_searched(as_nurse, nobodys_patient, written):
    row = written(nobodys_patient)

    assert as_nurse.get(f"{LIST}{row.pk}/delete/").status_code == 403
    assert titles(as_nurse.get(LIST, q="nothing like it")) == ["Cough"]


def test_without_the_keys_there_is_an_error_and_no_text(as_nurse, nobodys_patient, written, settings):
    row = written(nobodys_patient)
    settings.ENCRYPTION_KEYS = ["somebody else's"]
    forget_keys()

    for path in (LIST, page_of(row)):
        assert as_nurse.get(path)["Location"] == "/admin/"
        assert "cannot be opened at present" in as_nurse.get("/admin/").text


def test_a_thai_page_is_in_thai_years(as_nurse, nobodys_patient, written):
    row = written(nobodys_patient)

    assert str(row.recorded_at.year + 543) in as_nurse.get(LIST, language="th").text


@pytest.mark.parametrize("role", [Role.NURSE, Role.DOCTOR])
def test_the_list_costs_as_many_statements_for_three_as_for_one(browser_of, bobs_patient, written, role):
    browser = browser_of(role)

    def cost():
        with counted() as statements:
            assert browser.get(LIST).status_code == 200
        return len(statements)

    written(bobs_patient)
    cost()
    one = cost()
    written(bobs_patient)
    written(bobs_patient)

    assert cost() == one
