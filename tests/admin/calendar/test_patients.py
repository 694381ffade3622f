"""Patients by the calendar: found, warned of as likely duplicates, registered."""

from datetime import date, timedelta

import pytest

from accounts.permissions import Role
from bookings.actions.patients import name_key, register_patient
from bookings.models import Appointment, Patient
from bookings.queries.duplicates import names_are_alike
from core import clock
from events.outbox import history_of
from tests.support.catalogue import guest
from tests.support.statements import counted


@pytest.fixture
def malee(desk):
    return register_patient(
        desk,
        Patient(
            name="Malee Srisuk", phone_number="0898765432", hospital_number="HN650001",
            date_of_birth=date(1990, 2, 28), email="malee@example.org",
        ),
    )  # fmt: skip


def found(calendar, text, **more):
    answer = calendar.post("patients/", {"q": text}, **more)
    assert answer.status_code == 200, answer.text
    return [each["name"] for each in answer.json()["results"]]


@pytest.mark.parametrize(
    "text", ["malee", "srisuk mal", "089-876-5432", "+66 89 876", "HN650001", "hn65", " Malee  Srisuk "]
)
def test_a_patient_is_found_by_a_part_of_name_phone_or_number(calendar, malee, text):
    assert found(calendar, text) == ["Malee Srisuk"]


@pytest.mark.parametrize("text", ["", "m", "malee rak", "0811111111", "%", "_", "HN66"])
def test_what_fits_nobody_finds_nobody(calendar, malee, text):
    assert found(calendar, text) == []


def test_what_is_shown_of_a_patient_tells_two_of_one_name_apart(calendar, malee, booked):
    row = booked(9, guest=guest("Malee Srisuk"))
    last = clock.now() - timedelta(days=30)
    Appointment.objects.filter(pk=row.pk).update(
        start=last, end=last + timedelta(minutes=30), occupied=(last, last + timedelta(minutes=30))
    )

    (result,) = calendar.post("patients/", {"q": "malee"}).json()["results"]

    assert result["id"] == str(malee.pk)
    assert (result["phone"], result["hospital_number"]) == ("+66898765432", "HN650001")
    assert (result["born"], result["born_text"]) == ("1990-02-28", "28 Feb 1990")
    assert result["last_visit"] == last.astimezone(clock.zone("Asia/Bangkok")).date().isoformat()


def test_days_are_worded_in_the_readers_calendar(calendar, malee):
    answer = calendar.post("patients/", {"q": "malee"}, language="th")

    assert answer.json()["results"][0]["born_text"].endswith("2533")
    assert answer.json()["results"][0]["last_visit_text"] == ""


def test_at_most_twenty_are_found_and_as_much_is_asked_as_for_one(calendar, malee):
    def statements(text):
        with counted() as statements:
            found(calendar, text)
        return len(statements)

    statements("malee")
    one = statements("malee")
    Patient.objects.bulk_create(
        Patient(name=f"Malee {n:02}", name_key=f"malee {n:02}", phone_number=f"+668111111{n:02}")
        for n in range(30)
    )

    assert statements("malee") == one
    assert len(found(calendar, "malee")) == 20


def test_a_record_that_is_switched_off_is_not_found(calendar, malee):
    Patient.objects.filter(pk=malee.pk).update(is_active=False)

    assert found(calendar, "malee") == []


def test_a_doctor_finds_the_own_patients_alone(doctors_calendar, malee, booked):
    assert found(doctors_calendar, "malee") == []

    booked(9, guest=guest("Malee Srisuk"))

    assert found(doctors_calendar, "malee") == ["Malee Srisuk"]


def test_another_hospitals_patients_are_not_found(calendar, other_people):
    assert found(calendar, other_people.alice.name) == []


def likely(calendar, **typed):
    answer = calendar.post("duplicates/", {"name": "", "phone": "", **typed})
    assert answer.status_code == 200, answer.text
    return [(each["name"], each["why"]) for each in answer.json()["likely"]]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name": "Somebody Else", "phone": "0898765432"}, ["same_phone"]),
        ({"name": "Ms Malee  SRISUK"}, ["same_name"]),
        ({"name": "x y", "hospital_number": "hn650001"}, ["same_number"]),
        ({"name": "Malee Srisook", "born": "28/02/2533"}, ["same_birthday"]),
        ({"name": "Malee", "born": "1990-02-28"}, ["same_birthday"]),
        ({"name": "Mr Malee Srisuk", "phone": "+66898765432"}, ["same_name", "same_phone"]),
    ],
    ids=[
        "phone",
        "name",
        "number",
        "birthday and a misspelt name",
        "birthday and a first name",
        "two reasons",
    ],
)
def test_who_may_be_registered_already_is_named_with_the_reason(calendar, malee, typed, why):
    assert likely(calendar, **typed) == [("Malee Srisuk", why)]


@pytest.mark.parametrize(
    "typed",
    [
        {}, {"name": "Somsak Rak"}, {"phone": "0811111111"}, {"phone": "08"}, {"born": "1990-02-28"},
        {"name": "Somsak Rak", "born": "1990-02-28"}, {"name": "Malee Srisook"}, {"hospital_number": "HN6"},
    ],
    ids=str,
)  # fmt: skip
def test_nobody_is_warned_of_without_a_reason(calendar, malee, typed):
    assert likely(calendar, **typed) == []


def test_the_likeliest_comes_first_and_the_reasons_are_said(calendar, malee, desk):
    register_patient(desk, Patient(name="Somsak Srisuk", phone_number="0898765432"))

    answer = calendar.post("duplicates/", {"name": "Malee Srisuk", "phone": "0898765432"})

    (first, second) = answer.json()["likely"]
    assert (first["name"], second["name"]) == ("Malee Srisuk", "Somsak Srisuk")
    assert first["why_text"] == "the same name, the same phone number"


def test_likely_duplicates_cost_one_statement_whatever_their_number(calendar, desk):
    def statements():
        with counted() as statements:
            likely(calendar, name="Malee Srisuk", phone="0898765432")
        return len(statements)

    def register(*names):
        for name in names:
            register_patient(desk, Patient(name=name, phone_number="0898765432"))

    register("Malee Srisuk")
    statements()
    one = statements()
    register("Somsak Srisuk", "Somchai Srisuk")

    assert statements() == one


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("สมชาย ใจดี", "สมชาย ใจดี", True),
        ("สมชาย ใจดี", "สมชาย์ ใจดี", True),
        ("josé álvarez", "jose alvarez", True),
        ("somchai jaidee", "somchay jaidee", True),
        ("somchai", "somchai jaidee", True),
        ("somchai jaidee", "malee srisuk", False),
        ("", "malee", False),
        ("ั", "malee", False),
    ],
)
def test_names_that_are_nearly_the_same_are_alike(one, other, alike):
    assert names_are_alike(one, other) is alike


def registered(calendar, **typed):
    return calendar.post("patients/new/", {"name": "Malee Srisuk", "phone": "089-876-5432", **typed})


def test_a_patient_is_registered_at_once(calendar):
    answer = registered(calendar, hospital_number="HN650001", born="28/2/2533", email="Malee@Example.org")

    patient = Patient.objects.get(name="Malee Srisuk")
    assert answer.status_code == 201
    assert answer.json()["patient"]["id"] == str(patient.pk)
    assert (patient.phone_number, patient.hospital_number) == ("+66898765432", "HN650001")
    assert (patient.date_of_birth, patient.email) == (date(1990, 2, 28), "malee@example.org")
    assert patient.name_key == name_key("Malee Srisuk")
    assert [event.type for event in history_of("patient", patient.pk)] == ["patient.registered"]


def test_a_patient_who_is_known_is_not_registered_again(calendar, malee):
    answer = registered(calendar)

    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "patient_known")
    assert Patient.objects.filter(name="Malee Srisuk").count() == 1


def test_a_hospital_number_is_one_patients(calendar, malee):
    answer = registered(calendar, name="Somsak Rak", hospital_number="HN650001")

    assert answer.status_code == 400
    assert answer.json()["error"]["fields"] == {
        "hospital_number": ["Another patient has this hospital number."]
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("name", 7), ("phone", "12"), ("email", "x"), ("born", "31/02/2533"),
        ("born", "01/01/2700"), ("born", 7), ("hospital_number", "x" * 31),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_at_its_name(calendar, field, value):
    answer = registered(calendar, **{field: value})

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]


def test_nobody_is_born_tomorrow(calendar):
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011  -- any zone's tomorrow

    assert registered(calendar, born=tomorrow.isoformat()).status_code == 400


def test_who_registers_nobody_is_refused(calendar_of):
    assert registered(calendar_of(Role.DOCTOR)).status_code == 403
    assert not Patient.objects.filter(name="Malee Srisuk").exists()
