from datetime import date, time
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bookings.models import (
    HealthcareService,
    Holiday,
    Patient,
    RulesVersion,
    ScheduleException,
    Specialty,
    WeeklyHours,
)
from tests.support.rows import TEN, insert, refused_by

DAY, DAY_BEFORE = date(2026, 12, 1), date(2026, 11, 30)


def insert_hours(doctor, **columns):
    row = {"weekday": 0, "start_time": "09:00", "end_time": "12:00", "valid_from": None, "valid_until": None}
    insert("bookings_weeklyhours", **(_record() | {"practitioner_id": doctor.pk} | row | columns))


def insert_exception(doctor, **columns):
    row = {
        "kind": "TIME_OFF", "date_from": DAY, "date_until": DAY, "start_time": None, "end_time": None,
        "note": "",
    }  # fmt: skip
    insert("bookings_scheduleexception", **(_record() | {"practitioner_id": doctor.pk} | row | columns))


def insert_patient(**columns):
    row = {
        "name": "Ann", "name_key": "ann", "phone_number": "+66811111111", "email": "",
        "hospital_number": None, "date_of_birth": None, "language": "th", "user_id": None, "is_active": True,
    }  # fmt: skip
    insert("bookings_patient", **(_record() | row | columns))


def _record():
    return {"id": uuid4(), "created_at": TEN, "updated_at": TEN}


@pytest.mark.parametrize("model", [WeeklyHours, ScheduleException, Patient, HealthcareService, RulesVersion])
def test_every_constraint_of_these_tables_is_proved_here(model):
    proved = {
        "weekly_hours_end_after_start", "weekly_hours_weekday", "weekly_hours_validity", "exception_kind",
        "exception_days", "exception_times", "one_patient_per_phone_and_name", "patient_phone_is_e164",
        "service_times_are_positive", "one_rules_version",
    }  # fmt: skip
    assert {constraint.name for constraint in model._meta.constraints} <= proved


@pytest.mark.parametrize(("begin", "end"), [("12:00", "09:00"), ("09:00", "09:00"), ("09:00", "00:01")])
def test_weekly_hours_end_after_they_start(dr_bob, begin, end):
    with refused_by("weekly_hours_end_after_start"):
        insert_hours(dr_bob, start_time=begin, end_time=end)


def test_weekly_hours_may_last_until_the_end_of_the_day(dr_bob):
    insert_hours(dr_bob, start_time="22:00", end_time="00:00")
    insert_hours(dr_bob, start_time="00:00", end_time="00:00")


@pytest.mark.parametrize("weekday", [7, 30])
def test_a_week_has_seven_days(dr_bob, weekday):
    with refused_by("weekly_hours_weekday"):
        insert_hours(dr_bob, weekday=weekday)


def test_weekly_hours_are_not_over_before_they_begin(dr_bob):
    with refused_by("weekly_hours_validity"):
        insert_hours(dr_bob, valid_from=DAY, valid_until=DAY_BEFORE)
    for begin, end in ((DAY, DAY), (DAY, None), (None, DAY), (None, None)):
        insert_hours(dr_bob, valid_from=begin, valid_until=end)


def test_an_exception_is_of_a_known_kind(dr_bob):
    with refused_by("exception_kind"):
        insert_exception(dr_bob, kind="PARTY")


def test_an_exception_is_not_over_before_it_begins(dr_bob):
    with refused_by("exception_days"):
        insert_exception(dr_bob, date_from=DAY, date_until=DAY_BEFORE)


@pytest.mark.parametrize(
    ("begin", "end"), [("09:00", None), (None, "12:00"), ("12:00", "09:00"), ("09:00", "09:00")]
)
def test_an_exception_has_both_times_in_order_or_neither(dr_bob, begin, end):
    with refused_by("exception_times"):
        insert_exception(dr_bob, start_time=begin, end_time=end)


@pytest.mark.parametrize(("begin", "end"), [(None, None), ("09:00", "12:00"), ("22:00", "00:00")])
def test_an_exception_may_be_hours_or_a_whole_day(dr_bob, begin, end):
    insert_exception(dr_bob, start_time=begin, end_time=end)


def test_two_holidays_on_one_date_are_refused_by_the_database(in_hospital):
    Holiday.objects.create(date=DAY, name_th="ก", name_en="A")

    with pytest.raises(IntegrityError, match="date"), transaction.atomic():
        insert(
            "bookings_holiday",
            **(_record() | {"date": DAY, "name_th": "ข", "name_en": "B", "is_confirmed": True}),
        )
    assert not Holiday.objects.get().is_confirmed


def test_one_phone_and_name_is_one_patient(in_hospital):
    insert_patient()

    with refused_by("one_patient_per_phone_and_name"):
        insert_patient(name="Miss Ann")
    insert_patient(name_key="ben")
    insert_patient(phone_number="+66822222222")


def test_patients_without_a_phone_may_share_a_name(in_hospital):
    insert_patient(phone_number="")
    insert_patient(phone_number="")


@pytest.mark.parametrize(
    "phone", ["0811111111", "66811111111", "+0811111111", "+66 811111111", "+66", "+668111111111111111", "x"]
)
def test_a_stored_phone_is_e164(in_hospital, phone):
    with refused_by("patient_phone_is_e164"):
        insert_patient(phone_number=phone)


def test_a_hospital_number_and_an_account_are_one_patients(in_hospital, people):
    insert_patient(hospital_number="HN1", user_id=people.desk.pk)

    for twice in ({"hospital_number": "HN1"}, {"user_id": people.desk.pk}):
        with pytest.raises(IntegrityError, match=next(iter(twice))), transaction.atomic():
            insert_patient(phone_number="+66833333333", **twice)


@pytest.mark.parametrize(
    "values", [{"duration_minutes": 4}, {"slot_interval": 0}, {"capacity": 0}, {"horizon_days": 0}]
)
def test_a_service_has_a_length_a_step_a_seat_and_a_horizon(check_up, values):
    with refused_by("service_times_are_positive"):
        HealthcareService.objects.filter(pk=check_up.pk).update(**values)
    with pytest.raises(ValidationError):
        HealthcareService(slug="x", name_th="x", name_en="x", **values).full_clean()


def test_a_slug_and_a_code_are_given_once(check_up):
    Specialty.objects.create(code="eyes", name_th="ตา", name_en="Eyes")

    with pytest.raises(IntegrityError, match="slug"), transaction.atomic():
        HealthcareService.objects.create(slug="check-up", name_th="x", name_en="x")
    with pytest.raises(IntegrityError, match="code"), transaction.atomic():
        Specialty.objects.create(code="eyes", name_th="x", name_en="x")


def test_there_is_one_version_of_the_rules(in_hospital):
    with refused_by("one_rules_version"):
        insert("bookings_rulesversion", id=2, version=1)


def test_rows_say_what_they_are(dr_bob):
    hours = WeeklyHours(practitioner=dr_bob, weekday=0, start_time=time(9), end_time=time(12))
    away = ScheduleException(practitioner=dr_bob, kind="TIME_OFF", date_from=DAY, date_until=DAY)

    assert "09:00–12:00" in str(hours)
    assert "01/12–01/12" in str(away)
