"""Who stands behind an account: made, found and linked, or let go, as the role says."""

from datetime import date

import pytest

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.users import create_user, update_user
from bookings.models import Patient, Practitioner
from core.actor import Actor
from tests.support.accounts import NEW, wrong_fields


@pytest.fixture
def admin(in_hospital, people) -> Actor:
    return people.actor(Role.ADMIN)


def test_a_doctors_account_makes_the_practitioner(admin):
    user = create_user(admin, role="DOCTOR", license_number="L-1", years_of_experience=8, **NEW)

    doctor = Practitioner.objects.get(user=user)
    assert user.practitioner == doctor
    assert (doctor.name_en, doctor.kind, doctor.license_number, doctor.years_of_experience) == (
        "Malee Rose Srisuk", "DOCTOR", "L-1", 8,
    )  # fmt: skip


def test_a_doctors_account_takes_the_practitioner_of_its_licence(admin):
    known = Practitioner.objects.create(name_th="มาลี", name_en="Dr Malee", license_number="L-1")

    user = create_user(admin, role="DOCTOR", license_number="L-1", years_of_experience=8, **NEW)

    known.refresh_from_db()
    assert (known.user, known.name_en, known.years_of_experience) == (user, "Dr Malee", 8)
    assert Practitioner.objects.filter(license_number="L-1").count() == 1


def test_a_licence_that_belongs_to_another_account_is_refused(admin, people):
    Practitioner.objects.filter(pk=people.dr_bob.pk).update(license_number="L-1")

    assert wrong_fields(create_user, admin, role="DOCTOR", license_number="L-1", **NEW) == {"license_number"}
    assert Practitioner.objects.get(pk=people.dr_bob.pk).user_id == people.doctor.pk


def test_a_patients_account_makes_the_patient(admin):
    user = create_user(
        admin, role="PATIENT", phone_number="0899999999", date_of_birth=date(1990, 5, 1), **NEW
    )

    patient = Patient.objects.get(user=user)
    assert (patient.name, patient.phone_number, patient.name_key) == (
        "Malee Rose Srisuk", "+66899999999", "malee rose srisuk",
    )  # fmt: skip
    assert patient.date_of_birth == date(1990, 5, 1)
    assert user.patient == patient


def test_a_patients_account_takes_the_patient_of_its_phone_and_name(admin):
    known = Patient.objects.create(
        name="คุณ malee rose SRISUK", name_key="malee rose srisuk", phone_number="+66899999999"
    )

    user = create_user(
        admin, role="PATIENT", phone_number="0899999999", date_of_birth=date(1990, 5, 1), **NEW
    )

    known.refresh_from_db()
    assert (known.user, known.date_of_birth) == (user, date(1990, 5, 1))


def test_a_patient_without_a_phone_number_gets_a_record_of_their_own(admin):
    user = create_user(admin, role="PATIENT", **NEW)

    assert (user.patient.name, user.patient.phone_number) == ("Malee Rose Srisuk", "")


def test_a_patient_who_has_an_account_or_was_born_on_another_day_is_not_handed_over(admin, people):
    taken = {**NEW, "first_name": "Alice", "last_name": "ploy", "phone_number": "0812345678"}
    assert wrong_fields(create_user, admin, role="PATIENT", **taken) == {"phone_number"}

    Patient.objects.filter(pk=people.alice.pk).update(user=None, date_of_birth=date(1991, 1, 1))
    born = {"date_of_birth": date(1990, 5, 1)}
    assert wrong_fields(create_user, admin, role="PATIENT", **taken, **born) == {"date_of_birth"}
    assert Patient.objects.get(pk=people.alice.pk).user is None
    assert not User.objects.filter(email="malee@ploy.example").exists()


def test_a_new_role_brings_its_person_and_lets_the_old_one_go(admin, people):
    update_user(admin, user_id=people.doctor.pk, role="PATIENT", date_of_birth=date(1980, 1, 2))

    assert Practitioner.objects.get(pk=people.dr_bob.pk).user is None
    assert Patient.objects.get(user=people.doctor).date_of_birth == date(1980, 1, 2)

    update_user(admin, user_id=people.doctor.pk, role="DOCTOR", license_number="L-9")
    assert not Patient.objects.filter(user=people.doctor).exists()
    assert Practitioner.objects.get(user=people.doctor).license_number == "L-9"


@pytest.mark.parametrize(("role", "stays"), [("ADMIN", True), ("NURSE", True), ("FRONT_DESK", False)])
def test_a_doctor_who_becomes_something_else_stays_a_practitioner_only_where_they_may_practise(
    admin, people, role, stays
):
    update_user(admin, user_id=people.doctor.pk, role=role)

    assert (Practitioner.objects.get(pk=people.dr_bob.pk).user == people.doctor) is stays


def test_facts_about_a_doctor_reach_the_practitioner(admin, people):
    update_user(admin, user_id=people.doctor.pk, years_of_experience=12)

    assert Practitioner.objects.get(pk=people.dr_bob.pk).years_of_experience == 12
    assert wrong_fields(update_user, admin, user_id=people.doctor.pk, years_of_experience=81) == {
        "years_of_experience"
    }
