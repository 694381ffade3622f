"""Doctors as staff find them: by specialty, by whether they can be booked, with their hours."""

from datetime import time
from uuid import uuid4

import pytest

from accounts.permissions import Role
from bookings.models import (
    ExceptionKind,
    Practitioner,
    PractitionerKind,
    PractitionerSpecialty,
    ScheduleException,
    Specialty,
    WeeklyHours,
)
from bookings.queries.practitioners import doctor_details_for, doctors_for, find_doctors_for
from bookings.queries.specialties import find_specialties_for, specialties_for, specialty_for
from bookings.serializers.doctors import DoctorDetailsSerializer, DoctorSerializer
from bookings.serializers.specialties import SpecialtyDetailSerializer
from core.actor import Actor
from tenants.context import inside
from tests.support.booking import refused
from tests.support.catalogue import coming_day, make_practitioner, make_service
from tests.support.statements import counted


@pytest.fixture
def heart(in_hospital):
    return Specialty.objects.create(code="cardiology", name_th="หัวใจ", name_en="Cardiology")


def train(doctor, field, **values):
    PractitionerSpecialty.objects.create(practitioner=doctor, specialty=field, **values)


def names(page):
    return {row.name_en for row in page.rows}


# ── finding ───────────────────────────────────────────────────────────────────
def test_doctors_are_found_by_the_code_and_the_id_of_a_specialty(desk, dr_bob, dr_eve, heart):
    train(dr_eve, heart)

    for specialty in ("cardiology", "Cardiology ", str(heart.pk), heart.pk):
        assert names(find_doctors_for(desk, specialty=specialty)) == {"Dr Eve"}
    assert names(find_doctors_for(desk)) == {"Dr Bob", "Dr Eve"}
    for unknown in ("surgery", str(uuid4())):
        with refused("specialty_not_found"):
            find_doctors_for(desk, specialty=unknown)


def test_who_is_trained_in_two_fields_is_listed_once(desk, dr_eve, heart):
    train(dr_eve, heart)
    train(dr_eve, Specialty.objects.create(code="eyes", name_th="ตา", name_en="Eyes"), is_primary=True)

    page = find_doctors_for(desk, specialty="cardiology")

    assert (page.count, [each.specialty.code for each in page.rows[0].training]) == (
        1,
        ["eyes", "cardiology"],
    )


def switch_off(doctor):
    Practitioner.objects.filter(pk=doctor.pk).update(is_active=False)


def take_off_the_list(doctor):
    Practitioner.objects.filter(pk=doctor.pk).update(is_bookable=False)


def stop_working(doctor):
    WeeklyHours.objects.filter(practitioner=doctor).update(valid_until=coming_day(-1))


@pytest.mark.parametrize("change", [switch_off, take_off_the_list, stop_working])
def test_who_cannot_be_booked_is_not_available(desk, dr_bob, dr_eve, change):
    change(dr_bob)

    assert names(find_doctors_for(desk, is_available=True)) == {"Dr Eve"}
    assert names(find_doctors_for(desk, is_available=False)) == {"Dr Bob"}


def test_who_works_extra_hours_alone_is_available_until_they_are_over(desk, in_hospital):
    guest = make_practitioner("Dr Guest", hours=False)
    extra = ScheduleException.objects.create(
        practitioner=guest, kind=ExceptionKind.EXTRA_HOURS, date_from=coming_day(), date_until=coming_day(),
        start_time=time(9), end_time=time(12),
    )  # fmt: skip
    assert "Dr Guest" in names(find_doctors_for(desk, is_available=True))

    ScheduleException.objects.filter(pk=extra.pk).update(date_from=coming_day(-2), date_until=coming_day(-1))
    assert "Dr Guest" in names(find_doctors_for(desk, is_available=False))


def test_a_room_is_on_no_list_of_doctors(desk, dr_bob):
    Practitioner.objects.filter(pk=make_practitioner("Room 1").pk).update(kind=PractitionerKind.ROOM)

    assert names(find_doctors_for(desk)) == {"Dr Bob"}


def test_only_who_may_see_practitioners_sees_doctors(in_hospital, people, heart):
    for role in Role:
        assert doctors_for(people.actor(role)).exists() is (role != Role.PATIENT)
    assert not doctors_for(Actor.system("nobody")).exists()
    assert list(specialties_for(people.actor(Role.PATIENT))) == [heart]
    assert not specialties_for(Actor.system("nobody")).exists()


def test_doctors_and_specialties_of_another_hospital_are_not_found(desk, heart, other_hospital, other_people):
    with inside(other_hospital):
        theirs = other_people.actor(Role.ADMIN)
        with refused("specialty_not_found"):
            specialty_for(theirs, specialty=heart.pk)
        assert names(find_doctors_for(theirs)) == {"Dr Bob"}
        assert find_specialties_for(theirs).count == 0
    with refused("doctor_not_found"):
        doctor_details_for(desk, doctor_id=other_people.dr_bob.pk)


# ── details ───────────────────────────────────────────────────────────────────
def test_the_details_say_what_for_and_when(desk, dr_bob, heart, check_up):
    train(dr_bob, heart, is_primary=True, years_of_experience=8)
    make_service(dr_bob, slug="gone", is_active=False)
    WeeklyHours.objects.filter(practitioner=dr_bob).exclude(weekday=2).update(valid_until=coming_day(-1))
    ScheduleException.objects.bulk_create(
        ScheduleException(
            practitioner=dr_bob, kind=ExceptionKind.TIME_OFF, note="ill",
            date_from=coming_day(day), date_until=coming_day(day),
        )
        for day in (-3, 4, 1)
    )  # fmt: skip

    wire = DoctorDetailsSerializer().to_representation(doctor_details_for(desk, doctor_id=dr_bob.pk))

    assert wire["services"] == [{"id": check_up.pk, "name": "check-up", "duration_minutes": 30}]
    assert [(row["weekday"], row["start_time"], row["end_time"]) for row in wire["weekly_hours"]] == [
        ("WEDNESDAY", "09:00", "12:00"), ("WEDNESDAY", "13:00", "17:00"),
    ]  # fmt: skip
    assert [row["date_from"] for row in wire["exceptions"]] == [
        coming_day(1).isoformat(), coming_day(4).isoformat(),
    ]  # fmt: skip
    assert "ill" not in str(wire["exceptions"])
    assert (wire["timezone"], wire["is_available"]) == ("Asia/Bangkok", True)
    assert wire["specialties"] == [
        {
            "id": str(heart.pk), "code": "cardiology", "name": heart.name, "is_primary": True,
            "years_of_experience": 8, "certification_date": None,
        }
    ]  # fmt: skip


# ── costs ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_doctors_takes_four_statements_whatever_its_length(desk, heart, count):
    for number in range(count):
        train(make_practitioner(f"Dr {number}"), heart)

    with counted() as statements:
        page = find_doctors_for(desk, specialty="cardiology", is_available=True)
        assert len(DoctorSerializer(page.rows, many=True).data) == page.count == count
    assert len(statements) == 4, statements


@pytest.mark.parametrize("count", [1, 3])
def test_the_details_of_a_doctor_take_five_statements_whatever_they_hold(desk, dr_bob, count):
    for number in range(count):
        train(dr_bob, Specialty.objects.create(code=f"s{number}", name_th="x", name_en="x"))
        make_service(dr_bob, slug=f"service-{number}")
        ScheduleException.objects.create(
            practitioner=dr_bob, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day()
        )

    with counted() as statements:
        DoctorDetailsSerializer().to_representation(doctor_details_for(desk, doctor_id=dr_bob.pk))
    assert len(statements) == 5, statements


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_specialties_takes_two_statements_whatever_its_length(desk, dr_bob, dr_eve, count):
    for number in range(count):
        field = Specialty.objects.create(code=f"s{number}", name_th="x", name_en="Listed")
        for doctor in (dr_bob, dr_eve):
            train(doctor, field)

    with counted() as statements:
        page = find_specialties_for(desk, search="listed")
        wire = SpecialtyDetailSerializer(page.rows, many=True).data
    assert [row["doctor_count"] for row in wire] == [2] * count
    assert len(statements) == 2, statements


def test_specialties_are_found_by_words_and_state(desk, heart):
    Specialty.objects.create(code="old", name_th="x", name_en="Old", is_active=False)

    def found(**criteria):
        return {row.code for row in find_specialties_for(desk, **criteria).rows}

    assert found(search="หัวใจ") == found(search="CARDIO") == found(is_active=True) == {"cardiology"}
    assert found(is_active=False) == {"old"}
