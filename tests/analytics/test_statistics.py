"""Every figure against counting the same rows by hand."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from accounts.permissions import Role
from analytics.queries.statistics import dashboard, hospital_statistics
from analytics.serializers import DashboardSerializer, StatisticsSerializer
from analytics.spans import Span
from bookings.models import Rating
from core import clock
from core.errors import InvalidInput, NotAllowed
from tenants.context import inside
from tests.analytics.conftest import ANALYST
from tests.support.rows import insert_appointment
from tests.support.statements import counted

# Days around which New York's clocks are set back (1 November 2026) and forward (8 March 2026).
PLACES = [
    ("Asia/Bangkok", date(2026, 5, 4), date(2026, 5, 17)),
    ("America/New_York", date(2026, 10, 26), date(2026, 11, 4)),
    ("America/New_York", date(2026, 3, 6), date(2026, 3, 9)),
    ("Pacific/Kiritimati", date(2026, 5, 4), date(2026, 5, 4)),
]
WEEKDAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def by_hand(world, first, last):
    """The figures of some local days, one loop for each."""
    visits = world.between(first, last)
    done = [visit for visit in visits if visit.status == "COMPLETED"]
    revenue = Counter()
    for visit in done:
        if visit.service.price is not None:
            revenue[visit.service.currency] += visit.service.price
    ratings = [visit.rating for visit in done if visit.rating is not None]
    return {
        "status": Counter(visit.status for visit in visits),
        "source": Counter(visit.source for visit in visits),
        "revenue": dict(revenue),
        "seen": len({visit.patient.pk for visit in done if visit.patient}),
        "doctors": len({visit.practitioner.pk for visit in visits if visit.status != "CANCELLED"}),
        "new": sum(first <= world.day(patient.created_at) <= last for patient in world.patients),
        "rating": round(sum(ratings) / len(ratings), 2) if ratings else None,
        "ratings": len(ratings),
    }


def check(stretch, expected):
    assert {name: n for name, n in stretch.visits.by_status.items() if n} == expected["status"]
    assert {name: n for name, n in stretch.visits.by_source.items() if n} == expected["source"]
    assert {money.currency: money.amount for money in stretch.revenue} == expected["revenue"]
    assert (stretch.patients_seen, stretch.patients_new) == (expected["seen"], expected["new"])
    assert stretch.doctors_seeing == expected["doctors"]
    assert (stretch.ratings.average, stretch.ratings.count) == (expected["rating"], expected["ratings"])


@pytest.mark.parametrize(("zone", "first", "last"), PLACES)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_counting_by_hand_gives(world_in, analyst, zone, first, last, seed):
    days = (last - first).days + 1
    # The days before are full of visits too.
    world = world_in(zone, first - timedelta(days=days), last, visits=120, seed=seed)

    found = hospital_statistics(analyst, date_from=first, date_to=last)

    before = Span(first, last).before()
    check(found.now, by_hand(world, first, last))
    check(found.before, by_hand(world, *before))
    kept = [visit for visit in world.between(first, last) if visit.status != "CANCELLED"]
    local = [visit.start.astimezone(ZoneInfo(zone)) for visit in kept]
    weekdays, hours = Counter(WEEKDAYS[at.weekday()] for at in local), Counter(f"{at:%H}:00" for at in local)
    assert {name: n for name, n in found.by_weekday.items() if n} == weekdays
    assert {name: n for name, n in found.by_hour.items() if n} == hours
    assert weekdays[found.busiest_weekday] == max(weekdays.values())
    assert hours[found.busiest_hour] == max(hours.values())
    assert found.patients_total == sum(world.day(patient.created_at) <= last for patient in world.patients)
    # Ann, Ben, Cat and Bob, who is always there.
    assert found.doctors_active == 4


def test_rates_and_changes_are_what_their_parts_give(world_in, analyst):
    first, last = date(2026, 5, 4), date(2026, 5, 17)
    world = world_in("Asia/Bangkok", first - timedelta(days=14), last, visits=300)

    found = hospital_statistics(analyst, date_from=first, date_to=last)

    now, before = by_hand(world, first, last), by_hand(world, *Span(first, last).before())
    total, past = sum(now["status"].values()), sum(before["status"].values())
    missed, done = now["status"]["NO_SHOW"], now["status"]["COMPLETED"]
    assert found.now.visits.no_show_rate == round(missed / (missed + done), 4)
    assert found.now.visits.cancellation_rate == round(now["status"]["CANCELLED"] / total, 4)
    assert found.changes.appointments == round((total - past) / past, 4)
    assert found.changes.completed == round(
        (done - before["status"]["COMPLETED"]) / before["status"]["COMPLETED"], 4
    )
    assert found.changes.revenue["THB"] == round(
        float((now["revenue"]["THB"] - before["revenue"]["THB"]) / before["revenue"]["THB"]), 4
    )


def test_nothing_at_all_gives_zeros_and_no_rates(in_hospital, analyst):
    found = hospital_statistics(analyst, date_from=date(2020, 1, 1), date_to=date(2020, 12, 31))

    assert found.now.visits.total == 0
    assert found.now.revenue == []
    assert (found.busiest_weekday, found.busiest_hour) == (None, None)
    assert (found.now.visits.no_show_rate, found.changes.appointments) == (None, None)


def test_a_hold_is_no_appointment(in_hospital, analyst, check_up, dr_bob):
    start = datetime(2026, 5, 4, 3, tzinfo=UTC)
    insert_appointment(check_up, dr_bob, start=start, status="HELD", hold_expires_at=start, guest_name="")
    found = hospital_statistics(analyst, date_from=date(2026, 5, 4), date_to=date(2026, 5, 4))
    assert found.now.visits.total == 0


@pytest.mark.parametrize(
    ("local", "day"),
    [
        (time(23, 30), date(2026, 11, 1)),
        (time(0), date(2026, 11, 2)),
        (time(0), date(2026, 3, 8)),
        (time(23, 30), date(2026, 3, 8)),
    ],
)
def test_a_day_of_23_or_25_hours_has_its_own_visits_and_no_others(
    in_hospital, analyst, check_up, dr_bob, local, day
):
    in_hospital.timezone = "America/New_York"
    in_hospital.save()
    start = datetime.combine(day, local, ZoneInfo("America/New_York")).astimezone(UTC)
    insert_appointment(check_up, dr_bob, start=start)

    for days in (-1, 0, 1):
        asked = day + timedelta(days=days)
        found = hospital_statistics(analyst, date_from=asked, date_to=asked)
        assert found.now.visits.total == (days == 0)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 5, 4), date(2026, 5, 3)),
        (date(2026, 1, 1), date(2027, 1, 2)),
    ],
)
def test_a_range_that_is_empty_or_longer_than_a_year_is_refused_by_its_field(
    in_hospital, analyst, first, last
):
    with pytest.raises(InvalidInput) as caught:
        hospital_statistics(analyst, date_from=first, date_to=last)
    assert "date_to" in caught.value.data["fields"]


def test_a_leap_year_is_not_too_long(in_hospital, analyst):
    hospital_statistics(analyst, date_from=date(2028, 1, 1), date_to=date(2028, 12, 31))


@pytest.mark.parametrize("edge", [date(1, 1, 1), date(9999, 12, 31)])
def test_the_ends_of_the_calendar_are_refused_by_their_field(in_hospital, analyst, edge):
    with pytest.raises(InvalidInput):
        hospital_statistics(analyst, date_from=edge, date_to=edge)


def test_the_other_hospitals_visits_are_not_counted(hospital, other_hospital, other_people):
    start = datetime(2026, 5, 4, 3, tzinfo=UTC)
    with inside(other_hospital):
        service = other_people.dr_bob.services.get()
        row = insert_appointment(service, other_people.dr_bob, start=start, status="COMPLETED")
        Rating.objects.create(appointment_id=row, rating=1)
    day = {"date_from": date(2026, 5, 4), "date_to": date(2026, 5, 4)}
    with inside(hospital):
        assert hospital_statistics(ANALYST, **day).now.visits.total == 0
        assert hospital_statistics(ANALYST, **day).now.ratings.count == 0
    with inside(other_hospital):
        assert hospital_statistics(ANALYST, **day).now.visits.total == 1


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_administrators_see_the_hospitals_figures(as_role, role):
    actor = as_role(role)
    with pytest.raises(NotAllowed):
        hospital_statistics(actor, date_from=date(2026, 5, 4), date_to=date(2026, 5, 4))
    with pytest.raises(NotAllowed):
        dashboard(actor)
    hospital_statistics(as_role(Role.ADMIN), date_from=date(2026, 5, 4), date_to=date(2026, 5, 4))


def test_statements_are_as_many_for_three_visits_and_days_as_for_one(in_hospital, analyst, check_up, dr_bob):
    def ask(days):
        with counted() as statements:
            first = date(2026, 5, 4)
            hospital_statistics(analyst, date_from=first, date_to=first + timedelta(days=days - 1))
        return len(statements)

    start = datetime(2026, 5, 4, 3, tzinfo=UTC)
    insert_appointment(check_up, dr_bob, start=start)
    one = ask(1)
    for days in (1, 2):
        insert_appointment(check_up, dr_bob, start=start + timedelta(days=days), status="COMPLETED")
    assert ask(3) == one == 6


def test_the_dashboard_tells_of_today_the_coming_week_and_the_month(in_hospital, analyst, check_up, dr_bob):
    today = clock.today_in(in_hospital.timezone)
    noon = datetime.combine(today, time(12), ZoneInfo(in_hospital.timezone)).astimezone(UTC)
    for days in (-40, -29, 0, 1, 7, 8):
        insert_appointment(check_up, dr_bob, start=noon + timedelta(days=days))
    with counted() as statements:
        found = dashboard(analyst)

    assert len(statements) == 10
    assert (found.today.visits.total, found.coming.visits.total, found.month.now.visits.total) == (1, 2, 2)
    assert found.month.before.visits.total == 1
    shown = DashboardSerializer(found).data
    assert (shown["today"]["date_from"], shown["coming"]["date_to"]) == (
        today.isoformat(),
        (today + timedelta(days=7)).isoformat(),
    )


def test_on_the_wire_figures_of_one_thing_stand_together(world_in, analyst):
    first, last = date(2026, 5, 4), date(2026, 5, 17)
    world_in("Asia/Bangkok", first - timedelta(days=14), last, visits=200)
    found = hospital_statistics(analyst, date_from=first, date_to=last)

    shown = StatisticsSerializer(found).data

    assert set(shown) == set(StatisticsSerializer().fields)
    assert shown["appointments"]["total"] == found.now.visits.total
    assert shown["before"]["date_to"] == "2026-05-03"
    assert {row["currency"]: Decimal(row["amount"]) for row in shown["revenue"]} == {
        money.currency: money.amount for money in found.now.revenue
    }
    assert all(isinstance(row["amount"], str) for row in shown["revenue"])
