"""What the lines of an imported file do: verbs that add, complete, change nothing, or refuse by column."""

import pytest

from accounts.permissions import Role
from bookings.actions.import_lines import take_line
from bookings.errors import PatientInactive
from bookings.models import Patient, Practitioner, PractitionerKind, Specialty
from bookings.models.batch import BatchKind, Outcome
from bookings.queries.imports import Promised
from core.errors import InvalidInput, NotAllowed
from events.models import Event
from subscriptions.actions import create_subscription
from subscriptions.errors import PlanLimitReached
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.statements import counted

SOMCHAI = {"name": "นาย สมชาย ใจดี", "phone_number": "0811111111", "hospital_number": "HN-7"}


@pytest.fixture
def admin(in_hospital, people):
    return people.actor(Role.ADMIN)


@pytest.fixture
def patient(desk):
    """Import a line of a file of patients."""
    return lambda **values: take_line(desk, BatchKind.IMPORT_PATIENTS, values)


@pytest.fixture
def practitioner(admin):
    """Import a line of a file of practitioners."""

    def take(pledged=0, **values):
        return take_line(admin, BatchKind.IMPORT_PRACTITIONERS, values, pledged=pledged)

    return take


def refused(take, **values):
    with pytest.raises(InvalidInput) as caught:
        take(**values)
    return sorted(caught.value.data["fields"])


# ── patients ──────────────────────────────────────────────────────────────────
def test_a_patient_is_registered_as_staff_would_register_them(patient, in_hospital):
    said = patient(**SOMCHAI, email="Som@Example.org", date_of_birth="29/02/2567", language="ไทย")

    row = Patient.objects.get(hospital_number="HN-7")
    assert said == (Outcome.DONE, Promised.ADD)
    assert (row.phone_number, row.name_key, row.email) == ("+66811111111", "สมชาย ใจดี", "som@example.org")
    assert (row.date_of_birth.isoformat(), row.language) == ("2024-02-29", "th")
    assert Event.objects.get(type="patient.registered", subject_id=str(row.pk)).data == {}


def test_the_language_is_the_hospitals_where_the_file_says_none(patient, in_hospital):
    patient(**SOMCHAI)

    assert Patient.objects.get(hospital_number="HN-7").language == in_hospital.language == "en"


def test_the_same_line_again_changes_nothing(patient):
    patient(**SOMCHAI)
    events = Event.objects.count()

    assert patient(**SOMCHAI) == (Outcome.UNCHANGED, None)
    assert (Patient.objects.filter(hospital_number="HN-7").count(), Event.objects.count()) == (1, events)


def test_what_is_empty_is_filled_in(patient, people):
    said = patient(name="alice PLOY", phone_number="81 234 5678", hospital_number="HN-1", email="a@b.example")

    row = Patient.objects.get(pk=people.alice.pk)
    assert said == (Outcome.DONE, Promised.COMPLETE)
    assert (row.name, row.hospital_number, row.email) == ("Alice ploy", "HN-1", "a@b.example")


def test_a_patient_without_a_phone_gets_one_by_the_hospital_number(patient, in_hospital):
    patient(name="Anong", hospital_number="HN-9")

    assert patient(name="Mrs Anong", hospital_number="HN-9", phone_number="0822222222")[0] == Outcome.DONE
    assert Patient.objects.get(hospital_number="HN-9").phone_number == "+66822222222"


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"name": "Somsri"}, "hospital_number"),
        ({"phone_number": "0899999999"}, "phone_number"),
        ({"hospital_number": "HN-8"}, "hospital_number"),
        ({"email": "other@example.org"}, "email"),
        ({"date_of_birth": "1/1/2500"}, "date_of_birth"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_stored_is_never_overwritten(patient, changed, column):
    full = {**SOMCHAI, "email": "som@example.org", "date_of_birth": "1/1/2510"}
    patient(**full)
    stored = Patient.objects.filter(hospital_number="HN-7").values().get()

    assert refused(patient, **(full | changed)) == [column]
    assert Patient.objects.filter(hospital_number="HN-7").values().get() == stored


def test_a_number_of_one_patient_and_a_phone_of_another_are_two(patient):
    patient(name="Anong", hospital_number="HN-9")
    patient(name="Anong", phone_number="0822222222")

    assert refused(patient, name="Anong", hospital_number="HN-9", phone_number="0822222222") == [
        "phone_number"
    ]


def test_a_closed_record_is_not_opened_by_a_file(patient, in_hospital):
    patient(**SOMCHAI)
    Patient.objects.filter(hospital_number="HN-7").update(is_active=False)

    with pytest.raises(PatientInactive):
        patient(**SOMCHAI)


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"phone_number": "0811111111"}, ["name"]),
        ({"name": "Somchai"}, ["phone_number"]),
        ({"name": "Somchai", "phone_number": "12"}, ["phone_number"]),
        ({"name": "x" * 201, "phone_number": "0811111111"}, ["name"]),
        ({**SOMCHAI, "hospital_number": "9" * 31}, ["hospital_number"]),
        ({**SOMCHAI, "date_of_birth": "30/02/2567", "email": "no"}, ["date_of_birth", "email"]),
        ({**SOMCHAI, "date_of_birth": "2150-01-01"}, ["date_of_birth"]),
        ({**SOMCHAI, "language": "fr"}, ["language"]),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_each_wrong_column_is_named(patient, values, columns):
    assert refused(patient, **values) == columns


def test_whoever_may_not_write_patients_imports_none(in_hospital, people):
    with pytest.raises(NotAllowed):
        take_line(people.actor(Role.DOCTOR), BatchKind.IMPORT_PATIENTS, SOMCHAI)


def test_a_line_costs_few_statements(patient):
    with counted() as statements:
        patient(**SOMCHAI)

    # Two looks, the row, the event, and savepoints.
    assert len(statements) <= 10, statements


# ── practitioners ─────────────────────────────────────────────────────────────
@pytest.fixture
def heart(in_hospital):
    return Specialty.objects.create(code="cardiology", name_th="หัวใจ", name_en="Cardiology")


@pytest.fixture
def skin(in_hospital):
    return Specialty.objects.create(code="dermatology", name_th="ผิวหนัง", name_en="Dermatology")


def test_a_practitioner_is_added_with_specialties(practitioner, heart, skin):
    said = practitioner(
        name_th="พญ. แก้ว", name_en="Dr Kaew", kind="แพทย์", specialties="Dermatology, cardiology",
        license_number="ว.123", years_of_experience="12 ปี", is_bookable="ไม่",
    )  # fmt: skip

    row = Practitioner.objects.get(license_number="ว.123")
    assert said == (Outcome.DONE, Promised.ADD_DOCTOR)
    assert (row.kind, row.years_of_experience, row.is_bookable) == (PractitionerKind.DOCTOR, 12, False)
    assert [each.specialty for each in row.expertise.all() if each.is_primary] == [skin]
    assert row.expertise.count() == 2
    told = Event.objects.filter(type="provider.changed", subject_id=str(row.pk)).order_by("id")
    assert [event.data["how"] for event in told] == ["added", "changed"]


def test_one_name_stands_for_both_and_the_kind_is_doctor(practitioner):
    practitioner(name_en="Dr Kaew")

    row = Practitioner.objects.get(name_en="Dr Kaew")
    assert (row.name_th, row.kind, row.is_bookable) == ("Dr Kaew", PractitionerKind.DOCTOR, True)


def test_the_same_practitioner_again_changes_nothing(practitioner, heart):
    line = {"name_th": "พญ. แก้ว", "license_number": "1", "specialties": "cardiology", "is_bookable": "yes"}
    practitioner(**line)

    assert practitioner(**line) == (Outcome.UNCHANGED, None)
    assert Practitioner.objects.filter(license_number="1").count() == 1


def test_a_practitioner_is_completed(practitioner, heart):
    practitioner(name_th="พญ. แก้ว")

    said = practitioner(name_th="พญ. แก้ว", license_number="1", specialties="cardiology")

    row = Practitioner.objects.get(name_th="พญ. แก้ว")
    assert said == (Outcome.DONE, Promised.COMPLETE)
    assert (row.license_number, row.expertise.get().specialty) == ("1", heart)


def test_two_of_one_name_are_told_apart_by_their_licences(practitioner):
    practitioner(name_th="พญ. แก้ว", license_number="1")

    assert practitioner(name_th="พญ. แก้ว", license_number="2") == (Outcome.DONE, Promised.ADD_DOCTOR)


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"kind": "nurse"}, ["name_th"]),
        ({"name_th": "แก้ว", "kind": "wizard"}, ["kind"]),
        ({"name_th": "แก้ว", "years_of_experience": "81"}, ["years_of_experience"]),
        ({"name_th": "แก้ว", "is_bookable": "maybe"}, ["is_bookable"]),
        ({"name_th": "แก้ว", "specialties": "alchemy"}, ["specialties"]),
        ({"name_th": "Room 4", "kind": "room", "specialties": "cardiology"}, ["specialties"]),
        ({"name_th": "x" * 201, "license_number": "9" * 51}, ["license_number", "name_th"]),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) else "",
)
def test_each_wrong_column_of_a_practitioner_is_named(practitioner, heart, values, columns):
    assert refused(practitioner, **values) == columns


def test_a_stored_practitioner_is_not_overwritten(practitioner, heart, skin):
    practitioner(name_th="แก้ว", license_number="1", specialties="cardiology")

    assert refused(
        practitioner, name_th="กบ", license_number="1", kind="nurse", specialties="dermatology",
        is_bookable="no",
    ) == ["is_bookable", "kind", "name_en", "name_th", "specialties"]  # fmt: skip


def test_the_plan_limits_how_many_doctors_a_file_adds(practitioner, in_hospital):
    have = Practitioner.objects.filter(kind=PractitionerKind.DOCTOR, is_active=True).count()
    plan = make_plan(max_doctors=have + 2)
    create_subscription(OPERATOR, hospital=in_hospital, plan_id=plan.pk, billing_cycle="MONTHLY")

    practitioner(name_th="หนึ่ง")
    with pytest.raises(PlanLimitReached):
        practitioner(name_th="สอง", pledged=1)
    practitioner(name_th="สอง")
    with pytest.raises(PlanLimitReached):
        practitioner(name_th="สาม")
    practitioner(name_th="สี่", kind="nurse")


def test_the_desk_imports_no_practitioners(desk):
    with pytest.raises(NotAllowed):
        take_line(desk, BatchKind.IMPORT_PRACTITIONERS, {"name_th": "แก้ว"})
