"""Patients in the admin: registered by the verb, found however a number is written."""

import pytest

from accounts.permissions import Role
from bookings.models import Patient
from core import clock
from events.outbox import history_of
from tests.support.catalogue import guest
from tests.support.statements import counted

LIST = "/admin/bookings/patient/"


def names(browser, **asked):
    return [row.name for row in browser.get(LIST, **asked).context["cl"].result_list]


def test_a_patient_is_registered_with_the_number_in_its_stored_form(at_desk, in_hospital):
    at_desk.submit(
        LIST + "add/", name="นาย สมชาย  ใจดี", phone_number="081-111-1111", date_of_birth="29/02/2567"
    )

    patient = Patient.objects.get(phone_number="+66811111111")
    assert patient.name_key == "สมชาย ใจดี"
    assert patient.date_of_birth.isoformat() == "2024-02-29"
    assert patient.hospital_number is None
    assert [event.type for event in history_of("patient", patient.pk)] == ["patient.registered"]


def test_a_change_is_recorded_without_what_was_written(at_desk, people):
    at_desk.submit(f"{LIST}{people.alice.pk}/change/", email="alice@example.org")

    (event,) = history_of("patient", people.alice.pk)
    assert (event.type, event.changes, event.data) == ("patient.changed", {}, {})


def test_a_number_that_is_none_is_told_at_its_field_and_nothing_is_lost(at_desk, in_hospital):
    page = at_desk.submit(LIST + "add/", name="Somchai", phone_number="12", hospital_number="HN-7")

    assert page.context["adminform"].form.errors == {"phone_number": ["This is not a phone number."]}
    assert "HN-7" in page.text
    assert not Patient.objects.filter(name="Somchai").exists()


def test_a_person_who_is_registered_is_not_registered_twice(at_desk, people):
    page = at_desk.submit(LIST + "add/", name=f"Mrs {people.alice.name.upper()}", phone_number="0812345678")

    assert page.context["adminform"].form.non_field_errors() == [
        "A patient with this name and phone number exists already."
    ]
    assert Patient.objects.count() == 1


def test_a_hospital_number_belongs_to_one_patient(at_desk, people):
    Patient.objects.filter(pk=people.alice.pk).update(hospital_number="HN-7")

    page = at_desk.submit(LIST + "add/", name="Somchai", hospital_number="HN-7")

    assert "hospital_number" in page.context["adminform"].form.errors


@pytest.mark.parametrize("typed", ["alice", "081-234-5678", "0812345678", "+66812345678", "5678", "HN-0042"])
def test_a_patient_is_found_by_name_number_and_hospital_number(at_desk, people, booked, typed):
    Patient.objects.filter(pk=people.alice.pk).update(hospital_number="HN-0042")
    booked(guest=guest("Somsak", "0811111111"))

    assert names(at_desk, q=typed) == [people.alice.name]


def test_a_doctor_sees_the_patients_of_own_appointments_only(as_doctor, booked, dr_eve, people):
    booked(9, guest=guest("Somsak", "0811111111"))
    other = booked(10, guest=guest("Anong", "0822222222"), practitioner_id=str(dr_eve.pk))

    assert names(as_doctor) == ["Somsak"]
    assert as_doctor.get(f"{LIST}{other.patient_id}/change/").status_code == 302


def test_a_doctor_changes_no_patient(as_doctor, booked):
    row = booked()

    answer = as_doctor.post(f"{LIST}{row.patient_id}/change/", {"name": "Somebody else"})

    assert answer.status_code == 403
    assert Patient.objects.get(pk=row.patient_id).name == "Malee Srisuk"


def test_a_patients_page_leads_to_a_booking_and_to_the_appointments(at_desk, booked):
    row = booked()
    page = f"{LIST}{row.patient_id}"

    assert (
        at_desk.get(f"{page}/book/")["Location"]
        == f"/admin/bookings/appointment/add/?patient={row.patient_id}"
    )
    there = at_desk.get(f"{page}/appointments/")["Location"]
    assert [found.pk for found in at_desk.get(there).context["cl"].result_list] == [row.pk]


def test_a_thai_page_tells_the_buddhist_year_of_birth(at_desk, people):
    Patient.objects.filter(pk=people.alice.pk).update(date_of_birth="1990-05-01")

    assert "2533" in at_desk.get(LIST, language="th").text


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.DOCTOR])
def test_the_list_costs_as_many_statements_for_three_patients_as_for_one(browser_of, booked, role):
    browser = browser_of(role)

    def cost():
        with counted() as statements:
            assert browser.get(LIST).status_code == 200
        return len(statements)

    booked(9, guest=guest("Somsak", "0811111111"))
    cost()
    one = cost()
    booked(10, guest=guest("Anong", "0822222222"))
    booked(11, guest=guest("Kamon", "0833333333"))

    assert cost() == one


def test_the_time_of_registration_is_told_on_the_hospitals_clocks(at_desk, people):
    local = people.alice.created_at.astimezone(clock.zone("Asia/Bangkok"))

    assert f"{local:%H:%M}" in at_desk.get(f"{LIST}{people.alice.pk}/change/").text
