"""The log of reads in the admin: for those who audit, to be filtered, never to be changed."""

import pytest

from accounts.permissions import Role
from records.actions.reading import read_record
from records.models import RecordAccess
from tests.support.catalogue import coming_day
from tests.support.statements import counted

LIST = "/admin/records/recordaccess/"


@pytest.fixture
def read(nurse, doctor, bobs_patient, nobodys_patient, written):
    """Nora read about Somchai, Dr Bob about Malee."""
    read_record(nurse, record_id=written(nobodys_patient).pk, purpose="get_medical_record")
    read_record(doctor, record_id=written(bobs_patient).pk, purpose="ward round")


def who(answer):
    return [entry.actor_label for entry in answer.context["cl"].result_list]


def test_an_administrator_sees_who_read_about_whom(as_admin, read):
    page = as_admin.get(LIST)

    assert who(page) == ["Bob", "Nora"]
    for text in ("Somchai", "Malee Srisuk", "get_medical_record", "Nurse"):
        assert text in page.text
    for text in ("Cough", "Bronchitis"):
        assert text not in page.text


def test_it_is_filtered_by_patient_by_user_and_by_day(as_admin, read, people, nobodys_patient):
    today, tomorrow = coming_day(0).isoformat(), coming_day(1).isoformat()

    assert who(as_admin.get(LIST, patient__id__exact=str(nobodys_patient.pk))) == ["Nora"]
    assert who(as_admin.get(LIST, actor_user__id__exact=str(people.doctor.pk))) == ["Bob"]
    assert who(as_admin.get(LIST, occurred_at_from=today, occurred_at_to=today)) == ["Bob", "Nora"]
    assert who(as_admin.get(LIST, occurred_at_from=tomorrow)) == []
    assert who(as_admin.get(LIST, q="ward")) == ["Bob"]


def test_one_entry_names_the_records(as_admin, read):
    entry = RecordAccess.objects.order_by("id").first()

    page = as_admin.get(f"{LIST}{entry.pk}/change/")

    assert f"/admin/records/medicalrecord/{entry.subject_ids[0]}/change/" in page.text


def test_nobody_changes_or_removes_an_entry(as_admin, read):
    entry = RecordAccess.objects.order_by("id").first()

    assert as_admin.post(f"{LIST}{entry.pk}/change/", {"purpose": "x"}).status_code == 403
    assert as_admin.get(f"{LIST}{entry.pk}/delete/").status_code == 403
    assert as_admin.get(f"{LIST}add/").status_code == 403


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK])
def test_nobody_else_sees_the_log(browser_of, read, role):
    browser = browser_of(role)

    assert browser.get(LIST).status_code == 403
    assert LIST not in browser.get("/admin/").text


def test_an_entry_stays_when_its_patient_has_gone(as_admin, read, nobodys_patient):
    RecordAccess.objects.bulk_create(
        [
            RecordAccess(
                occurred_at="2026-01-01T00:00:00Z", door="mcp", actor_label="a program",
                patient_id="00000000-0000-0000-0000-000000000001", subject="RECORD", extent="WHOLE",
                subject_ids=[], purpose="x", signature=b"",
            )
        ]
    )  # fmt: skip

    page = as_admin.get(LIST)
    assert len(who(page)) == 3
    assert "00000000-0000-0000-0000-000000000001" in page.text


def test_the_list_costs_as_many_statements_for_three_as_for_one(as_admin, nurse, nobodys_patient, written):
    row = written(nobodys_patient)

    def cost():
        with counted() as statements:
            assert as_admin.get(LIST).status_code == 200
        return len(statements)

    read_record(nurse, record_id=row.pk, purpose="t")
    cost()
    one = cost()
    read_record(nurse, record_id=row.pk, purpose="t")
    read_record(nurse, record_id=row.pk, purpose="t")

    assert cost() == one
