"""Figures by the tools."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from accounts.permissions import Role
from bookings.models import Rating
from core import clock
from tests.support.catalogue import make_practitioner
from tests.support.rows import insert_appointment


@pytest.fixture
def seen_today(in_hospital, check_up, dr_bob):
    """Dr Bob has seen somebody today, who gave four stars."""
    today = clock.today_in(in_hospital.timezone)
    start = datetime(today.year, today.month, today.day, 5, tzinfo=UTC)
    row = insert_appointment(
        check_up, dr_bob, start=start, status="COMPLETED", created_at=start - timedelta(days=2)
    )
    Rating.objects.create(appointment_id=row, rating=4)
    return today


def days(hospital, first, last):
    return {"hospital_id": str(hospital.uuid), "date_from": first.isoformat(), "date_to": last.isoformat()}


@pytest.mark.parametrize("caller", ["role", "key", "platform"])
def test_statistics_are_given_to_whoever_may_see_them(
    tools_of, tools_by_key, tools_of_platform, hospital, seen_today, caller
):
    tools = {
        "role": lambda: tools_of(Role.ADMIN),
        "key": lambda: tools_by_key("admin:hospital"),
        "platform": tools_of_platform,
    }[caller]()

    found = tools.call("get_hospital_statistics", **days(hospital, seen_today, seen_today))

    assert (found["appointments"]["total"], found["appointments"]["by_status"]["COMPLETED"]) == (1, 1)
    assert found["ratings"] == {"average": 4.0, "count": 1}
    assert found["before"]["date_to"] == (seen_today - timedelta(days=1)).isoformat()
    assert found["timezone"] == "Asia/Bangkok"


def test_a_doctor_sees_their_own_performance_and_no_other(tools_of, dr_bob, seen_today):
    tools = tools_of(Role.DOCTOR)
    other = make_practitioner("Dr Other")

    found = tools.call("get_doctor_performance", doctor_id=str(dr_bob.pk), period="DAILY")

    assert (found["current"]["completed"], found["current"]["average_rating"]) == (1, 4.0)
    assert (found["current"]["booked_minutes"], found["current"]["offered_minutes"]) == (30, 420)
    assert len(found["series"]) == 14
    for key in (other.pk, uuid4()):
        error = tools.refused("get_doctor_performance", doctor_id=str(key), period="DAILY")
        assert error["code"] == "PERMISSION_DENIED"


def test_an_unknown_doctor_and_one_of_another_hospital_are_not_found(tools_of, other_people, in_hospital):
    tools = tools_of(Role.ADMIN)
    for key in (uuid4(), other_people.dr_bob.pk):
        error = tools.refused("get_doctor_performance", doctor_id=str(key), period="MONTHLY")
        assert (error["code"], error["reason"]) == ("RESOURCE_NOT_FOUND", "doctor_not_found")


def test_demand_is_given_by_specialty(tools_of, hospital, seen_today):
    found = tools_of(Role.ADMIN).call(
        "get_specialty_demand", hospital_id=str(hospital.uuid), period="QUARTERLY"
    )
    (one,) = found["specialties"]
    assert (one["specialty_id"], one["appointments"], one["lead_days"]) == (None, 1, 2.0)
    assert found["date_to"] == seen_today.isoformat()


@pytest.mark.parametrize(
    ("name", "more", "field"),
    [
        ("get_hospital_statistics", {"date_from": "2026-01-01", "date_to": "2027-01-02"}, "date_to"),
        ("get_hospital_statistics", {"date_from": "2026-01-02", "date_to": "2026-01-01"}, "date_to"),
        ("get_hospital_statistics", {"date_from": "2569-01-01", "date_to": "2026-01-01"}, "date_from"),
        ("get_hospital_statistics", {"date_from": "0001-01-01", "date_to": "0001-01-01"}, "date_from"),
        ("get_specialty_demand", {"period": "CENTURY"}, "period"),
    ],
)
def test_wrong_input_is_refused_by_its_field(tools_of, hospital, name, more, field):
    error = tools_of(Role.ADMIN).refused(name, hospital_id=str(hospital.uuid), **more)
    assert error["code"] == "VALIDATION_ERROR"
    assert field in error["details"]


def test_a_quarter_is_no_period_of_a_doctor(tools_of, dr_bob):
    error = tools_of(Role.ADMIN).refused(
        "get_doctor_performance", doctor_id=str(dr_bob.pk), period="QUARTERLY"
    )
    assert "period" in error["details"]


def test_another_hospital_is_not_found(tools_of, other_hospital, seen_today):
    tools = tools_of(Role.ADMIN)
    for name, more in (
        ("get_hospital_statistics", {"date_from": "2026-01-01", "date_to": "2026-01-02"}),
        ("get_specialty_demand", {"period": "DAILY"}),
    ):
        for key in (other_hospital.uuid, uuid4()):
            assert tools.refused(name, hospital_id=str(key), **more)["reason"] == "hospital_not_found"


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_administrators_see_the_hospitals_figures(tools_of, role):
    tools = tools_of(role)
    for name in ("get_hospital_statistics", "get_specialty_demand"):
        assert tools.refused(name)["reason"] == "tool_not_allowed"
    if role != Role.DOCTOR:
        assert tools.refused("get_doctor_performance")["reason"] == "tool_not_allowed"


def test_results_are_said_in_a_sentence(tools_of, hospital, dr_bob, seen_today):
    tools = tools_of(Role.ADMIN)
    asked = days(hospital, seen_today, seen_today)
    assert "1 appointments, 1 completed" in tools.outcome("get_hospital_statistics", **asked).text
    said = tools.outcome("get_doctor_performance", doctor_id=str(dr_bob.pk), period="DAILY").text
    assert "Dr Bob" in said
    assert "Rated 4.0 of 5" in said
    demand = tools.outcome("get_specialty_demand", hospital_id=str(hospital.uuid), period="DAILY").text
    assert "no specialty: 1" in demand
