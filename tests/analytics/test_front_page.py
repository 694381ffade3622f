"""The figures of the admin's front page, against counting by hand."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import translation

from accounts.permissions import Role
from analytics.queries.front_page import front_page_for
from analytics.queries.today import NEXT, today_for
from bookings.models import HealthcareService, Patient
from bookings.rules.statuses import Status
from core import clock
from tenants.context import inside
from tests.support.catalogue import coming_day, give_hours, make_practitioner
from tests.support.rows import insert_appointment
from tests.support.statements import counted

BANGKOK = clock.zone("Asia/Bangkok")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def visit(in_hospital, check_up, dr_bob):
    """Write a visit of some day, at an hour of the hospital's clocks."""

    def write(days: int = 0, hour: int = 9, minute: int = 0, *, whose=dr_bob, **columns):
        start = datetime.combine(coming_day(days), time(hour, minute), BANGKOK)
        return insert_appointment(check_up, whose, start=start, **columns)

    return write


@pytest.fixture
def admin(people, in_hospital):
    return people.actor(Role.ADMIN)


@pytest.fixture
def doctor(people, in_hospital):
    return people.actor(Role.DOCTOR)


@pytest.fixture
def front_desk(people, in_hospital):
    return people.actor(Role.FRONT_DESK)


def test_today_is_counted_by_status_and_what_was_cancelled_is_no_visit(visit, front_desk):
    for hour, status in enumerate(("CHECKED_IN", "CANCELLED", "NO_SHOW", "CHECKED_IN"), start=8):
        visit(hour=hour, status=status)
    visit(days=-1)
    visit(days=1)

    today = today_for(front_desk)

    assert today.by_status == {"CHECKED_IN": 2, "CANCELLED": 1, "NO_SHOW": 1}
    assert today.total == 3
    assert not today.is_new


def test_who_comes_next_is_named_and_who_is_late_is_counted(in_hospital, check_up, dr_bob, front_desk):
    now = clock.now().replace(microsecond=0)
    today = now.astimezone(BANGKOK).date()
    starts = [now + timedelta(minutes=minutes) for minutes in (-2, -1, 1, 2)]
    for number, start in enumerate(starts):
        insert_appointment(
            check_up, make_practitioner(f"Dr {number}"), start=start, end=start + timedelta(minutes=1)
        )
    # Around midnight some of them are another day's.
    here = [start for start in starts if start.astimezone(BANGKOK).date() == today]

    found = today_for(front_desk)

    assert [row["start"] for row in found.next] == [start for start in here if start > now]
    assert found.late == sum(start < now for start in here)


def test_only_some_of_those_who_come_next_are_named(visit, front_desk, check_up):
    last = datetime.combine(coming_day(0), time(23, 59), BANGKOK)
    for number in range(NEXT + 2):
        person = make_practitioner(f"Dr {number}")
        insert_appointment(check_up, person, start=last, end=last + timedelta(seconds=30))

    # In the last minute of a day nobody is to come any more.
    assert len(today_for(front_desk).next) in (0, NEXT)


def test_walk_ins_wait_in_the_order_of_their_numbers_until_they_are_called(visit, front_desk):
    day = coming_day(0)
    for number, status in ((12, "CHECKED_IN"), (3, "CHECKED_IN"), (2, "IN_PROGRESS"), (1, "COMPLETED")):
        visit(hour=number, status=status, queue_day=day, queue_number=number)
    visit(hour=14, status="CHECKED_IN")

    assert [row["queue_number"] for row in today_for(front_desk).waiting] == [3, 12]


def test_the_coming_week_is_seven_days_after_today(visit, front_desk):
    for days in (0, 1, 1, 7, 8):
        visit(days=days, whose=make_practitioner(f"Dr {days}"))

    coming = today_for(front_desk).coming

    assert [day.day for day in coming] == [coming_day(days) for days in range(1, 8)]
    assert [sum(day.by_status.values()) for day in coming] == [2, 0, 0, 0, 0, 0, 1]


def test_a_doctor_sees_the_own_day_alone(visit, doctor):
    visit(hour=9)
    visit(hour=10, whose=make_practitioner("Dr Eve"))

    assert today_for(doctor).total == 1


def test_a_hospital_at_which_nothing_was_booked_is_new(visit, front_desk):
    assert today_for(front_desk).is_new

    visit(days=-200)

    assert not today_for(front_desk).is_new


def test_the_no_show_rate_stands_beside_that_of_the_days_before(visit, admin):
    for days, status in (
        (0, "NO_SHOW"),
        (-29, "COMPLETED"),
        (-30, "NO_SHOW"),
        (-59, "NO_SHOW"),
        (-60, "COMPLETED"),
    ):
        visit(days=days, status=status)
    visit(days=-3, status="CANCELLED")

    found = front_page_for(admin)

    assert (found.now.no_show_rate, found.before.no_show_rate) == (0.5, 1.0)


def test_without_visits_there_is_no_rate_and_no_use(admin, dr_bob):
    dr_bob.weekly_hours.all().delete()

    found = front_page_for(admin)

    assert (found.now.no_show_rate, found.before.no_show_rate) == (None, None)
    assert [(use.name, use.share) for use in found.use] == [("Dr Bob", None)]
    assert not any(map(any, found.heat))


def test_channels_are_counted(visit, admin):
    for hour, source in enumerate(("telegram", "mcp", "telegram"), start=8):
        visit(hour=hour, source=source)

    by_source = front_page_for(admin).now.by_source

    assert by_source == {"telegram": 2, "mcp": 1, "api": 0, "admin": 0, "web": 0}


def test_the_busiest_hours_are_those_of_the_hospitals_clocks(visit, admin):
    visit(days=0, hour=8)
    visit(days=-7, hour=8, minute=30)
    visit(days=-56, hour=8)
    visit(days=-1, hour=8, status="CANCELLED")

    heat = front_page_for(admin).heat

    assert heat[coming_day(0).weekday()][8] == 2
    assert sum(map(sum, heat)) == 2


def test_use_is_what_is_booked_of_the_hours_of_the_present_week(visit, admin, dr_bob):
    monday = -coming_day(0).weekday()
    visit(days=monday, hour=9)
    visit(days=monday + 6, hour=10)
    visit(days=monday + 7, hour=11)
    visit(days=monday, hour=14, status="CANCELLED")
    idle = make_practitioner("Dr Idle")
    make_practitioner("Room 1", kind="ROOM")

    found = front_page_for(admin)

    assert [(use.name, use.booked, use.offered) for use in found.use] == [
        ("Dr Bob", 60, 7 * 7 * 60),
        ("Dr Idle", 0, 7 * 7 * 60),
    ]
    assert found.use[0].share == pytest.approx(60 / (7 * 7 * 60), abs=1e-4)
    assert found.week.first.weekday() == 0
    assert idle.name == found.use[1].name


def test_the_month_has_its_revenue_and_the_hospital_its_people(visit, admin):
    HealthcareService.objects.update(price="500.00")
    first = 1 - coming_day(0).day
    visit(days=first, hour=0, status="COMPLETED")
    visit(days=first, hour=1, status="NO_SHOW")
    visit(days=first - 1, hour=2, status="COMPLETED")
    Patient.objects.create(name="Gone", name_key="gone", is_active=False)

    totals = front_page_for(admin).totals

    assert [(money.currency, money.amount) for money in totals.revenue] == [("THB", 500)]
    assert (totals.patients, totals.doctors) == (1, 1)


def test_a_doctor_sees_the_own_figures_and_no_money(visit, doctor):
    eve = make_practitioner("Dr Eve")
    visit(hour=9, status="NO_SHOW")
    visit(hour=10, status="COMPLETED", whose=eve)

    found = front_page_for(doctor)

    assert found.totals is None
    assert found.now.no_show_rate == 1.0
    assert [use.name for use in found.use] == ["Dr Bob"]
    assert sum(map(sum, found.heat)) == 1


def test_the_desk_and_nurses_see_no_figures(people, in_hospital):
    for role in (Role.FRONT_DESK, Role.NURSE, Role.PATIENT):
        assert front_page_for(people.actor(role)) is None


def test_another_hospitals_visits_count_nowhere(visit, admin, other_hospital):
    visit()

    with inside(other_hospital):
        assert today_for(admin).total == 0
        assert front_page_for(admin).now.total == 0


def test_three_visits_and_doctors_cost_as_much_as_one(visit, admin):
    def statements():
        with counted() as found:
            today_for(admin)
            front_page_for(admin)
        return len(found)

    visit(hour=9)
    one = statements()
    for number in range(2):
        person = make_practitioner(f"Dr {number}", hours=False)
        give_hours(person)
        visit(hour=10, whose=person, status=Status.COMPLETED)
        visit(days=3, hour=10, whose=person)

    assert statements() == one
    assert one <= 12
