"""Find: one page for patients and appointments."""

import pytest

from bookings.models import Patient
from bookings.references import canonical
from tests.support.catalogue import guest
from tests.support.statements import counted

FIND = "/admin/bookings/appointment/find/"


@pytest.fixture
def malee(in_hospital):
    return Patient.objects.create(
        name="Malee Srisuk", name_key="malee srisuk", phone_number="+66812223334", hospital_number="HN-4711"
    )


def found(browser, text, **more):
    return browser.post(FIND, {"q": text}, **more).text


@pytest.mark.parametrize("text", ["malee", "srisuk", "081-222-3334", "HN-4711", "  Malee   Srisuk "])
def test_a_patient_is_found_by_any_part_of_the_name_and_by_numbers(at_desk, malee, text):
    assert f"/admin/bookings/patient/{malee.pk}/change/" in found(at_desk, text)


@pytest.mark.parametrize(
    ("number", "said"), [("HN000459", "<span>HN000459</span>"), ("000459", "<span>HN 000459</span>")]
)
def test_a_hospital_number_says_once_what_it_is(at_desk, malee, number, said):
    Patient.objects.filter(pk=malee.pk).update(hospital_number=number)

    assert said in found(at_desk, "malee")


def test_the_page_is_headed_by_its_own_name(at_desk):
    head = at_desk.get(FIND).text.partition('id="header-inner"')[2].partition('id="content"')[0]

    assert "Find" in head
    assert "Appointments" not in head


def test_an_appointment_is_found_by_its_reference_however_it_is_written(at_desk, booked):
    row = booked(9)
    written = canonical(row.reference).replace("-", " ").lower()

    assert f"/admin/bookings/appointment/{row.pk}/change/" in found(at_desk, row.reference)
    assert f"/admin/bookings/appointment/{row.pk}/change/" in found(at_desk, written)


def test_an_appointment_is_found_by_the_guest_s_name_and_phone(at_desk, booked):
    row = booked(9, guest=guest("Chujai Deeja", "0823334445"))

    assert row.reference in found(at_desk, "chujai")
    assert row.reference in found(at_desk, "082 333 4445")


def test_what_is_not_there_is_said_kindly(at_desk, malee):
    text = found(at_desk, "zebra")

    assert "Nobody and nothing was found" in text
    assert str(malee.pk) not in text


def test_an_empty_question_finds_nothing_and_asks_nothing(at_desk, malee):
    assert str(malee.pk) not in found(at_desk, "   ")
    assert str(malee.pk) not in at_desk.get(FIND).text


def test_a_doctor_finds_the_own_patients_and_appointments_alone(as_doctor, booked, dr_eve, malee):
    own = booked(9, guest=guest("Chujai Deeja", "0823334445"))
    others = booked(10, guest=guest("Chujai Other", "0823334446"), practitioner_id=str(dr_eve.pk))
    text = found(as_doctor, "chujai")

    assert own.reference in text
    assert others.reference not in text
    assert str(malee.pk) not in found(as_doctor, "malee")


def test_html_in_a_name_stays_text(at_desk, malee):
    Patient.objects.filter(pk=malee.pk).update(name="Malee <b>Srisuk</b>")
    text = found(at_desk, "malee")

    assert "<b>Srisuk" not in text
    assert "&lt;b&gt;Srisuk" in text


def test_strangers_are_sent_to_the_sign_in(in_hospital, stranger):
    assert stranger.get(FIND).status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_statements_for_one_as_for_three(at_desk, booked, count):
    for number in range(count):
        booked(9 + number, guest=guest(f"Chujai {number}", f"082333444{number}"))
    with counted() as said:
        found(at_desk, "chujai")

    assert len([one for one in said if "bookings_" in one]) == 4
