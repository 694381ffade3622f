"""What practitioners did, against counting by hand."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from accounts.permissions import Role
from analytics.queries.work import doctor_performance, doctors_work, work_of
from analytics.serializers import PerformanceSerializer
from analytics.spans import Period, Span, series
from bookings.models import Rating
from core import clock
from core.errors import NotAllowed
from tenants.context import inside
from tests.analytics.conftest import ANALYST
from tests.support.booking import refused
from tests.support.catalogue import make_practitioner, make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted

HALF = timedelta(minutes=30)


def booked_by_hand(visits) -> int:
    """Minutes with at least one visit that was not cancelled: every visit is one half-hour of the clock."""
    return 30 * len({visit.start for visit in visits if visit.status != "CANCELLED"})


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Asia/Bangkok", date(2026, 5, 4), date(2026, 5, 17)),
        ("America/New_York", date(2026, 10, 26), date(2026, 11, 6)),
    ],
)
def test_each_span_of_each_practitioner_is_what_counting_by_hand_gives(world_in, zone, first, last):
    world = world_in(zone, first, last, visits=250)
    middle = first + timedelta(days=5)
    spans = [Span(first, middle), Span(middle + timedelta(days=1), last)]

    found = work_of([person.pk for person in world.practitioners], spans, zone)

    for person in world.practitioners:
        for span, work in zip(spans, found[person.pk], strict=True):
            visits = [visit for visit in world.between(*span) if visit.practitioner == person]
            done = [visit for visit in visits if visit.status == "COMPLETED"]
            ratings = [visit.rating for visit in done if visit.rating is not None]
            assert work.completed == len(done)
            assert work.patients_seen == len({visit.patient.pk for visit in done if visit.patient})
            assert work.no_shows == sum(visit.status == "NO_SHOW" for visit in visits)
            assert work.cancelled == sum(visit.status == "CANCELLED" for visit in visits)
            assert work.ratings == len(ratings)
            assert work.average_rating == (round(sum(ratings) / len(ratings), 2) if ratings else None)
            assert work.booked_minutes == booked_by_hand(visits)
            # They have no hours.
            assert (work.offered_minutes, work.utilisation) == (0, None)


@pytest.mark.parametrize("period", [Period.DAILY, Period.WEEKLY, Period.MONTHLY, Period.YEARLY])
def test_performance_is_of_the_present_period_and_those_before(
    in_hospital, analyst, check_up, dr_bob, period
):
    zone = in_hospital.timezone
    spans = series(period, clock.today_in(zone))
    # One visit more in each period than in the one before.
    for number, span in enumerate(spans):
        for hour in range(number + 1):
            noon = datetime.combine(span.first, time(hour), ZoneInfo(zone)).astimezone(UTC)
            insert_appointment(check_up, dr_bob, start=noon, status="COMPLETED")

    found = doctor_performance(analyst, practitioner_id=dr_bob.pk, period=period)

    assert [work.completed for work in found.series] == list(range(1, len(spans)))
    assert found.current.completed == len(spans)
    assert found.current.date_to == clock.today_in(zone)
    assert found.current.booked_minutes == 30 * len(spans)
    # Bob works seven hours a day, each day.
    assert [work.offered_minutes for work in found.series] == [420 * span.days for span in spans[:-1]]
    assert found.series[-1].utilisation == round(30 * (len(spans) - 1) / (420 * spans[-2].days), 4)


def test_a_group_takes_its_time_once_and_a_time_given_away_counts_once(in_hospital, dr_bob):
    group = make_service(dr_bob, slug="class", capacity=5)
    start = datetime(2026, 5, 4, 3, tzinfo=UTC)
    for seat in (1, 2, 3):
        insert_appointment(group, dr_bob, start=start, seat=seat, status="COMPLETED")
    insert_appointment(group, dr_bob, start=start + HALF, status="NO_SHOW")
    # Half of the no-show's time went to somebody else, and runs on.
    insert_appointment(
        make_service(dr_bob, slug="other"), dr_bob, start=start + 1.5 * HALF,
        occupied=DateTimeTZRange(start + 1.5 * HALF, start + 2.5 * HALF),
    )  # fmt: skip

    [work] = work_of([dr_bob.pk], [Span(date(2026, 5, 4), date(2026, 5, 4))], "Asia/Bangkok")[dr_bob.pk]

    assert (work.completed, work.no_shows, work.booked_minutes) == (3, 1, 75)


def test_a_doctor_sees_their_own_performance_alone(as_role, dr_bob):
    other = make_practitioner("Dr Other")
    bob = as_role(Role.DOCTOR)

    assert doctor_performance(bob, practitioner_id=dr_bob.pk, period=Period.DAILY).name == dr_bob.name
    for practitioner_id in (other.pk, uuid4()):
        with pytest.raises(NotAllowed):
            doctor_performance(bob, practitioner_id=practitioner_id, period=Period.DAILY)


@pytest.mark.parametrize("role", [Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_nobody_else_sees_a_doctors_performance(as_role, dr_bob, role):
    with pytest.raises(NotAllowed):
        doctor_performance(as_role(role), practitioner_id=dr_bob.pk, period=Period.DAILY)


def test_the_other_hospitals_doctor_is_not_found(hospital, other_people):
    with inside(hospital), refused("doctor_not_found"):
        doctor_performance(ANALYST, practitioner_id=other_people.dr_bob.pk, period=Period.DAILY)


def test_statements_are_as_many_for_three_visits_as_for_one(in_hospital, analyst, check_up, dr_bob):
    def ask():
        with counted() as statements:
            doctor_performance(analyst, practitioner_id=dr_bob.pk, period=Period.MONTHLY)
        return len(statements)

    start = clock.now().replace(hour=3, minute=0, second=0, microsecond=0) - timedelta(days=3)
    insert_appointment(check_up, dr_bob, start=start, status="COMPLETED")
    one = ask()
    for days in (1, 2):
        row = insert_appointment(check_up, dr_bob, start=start - timedelta(days=days), status="COMPLETED")
        Rating.objects.create(appointment_id=row, rating=5)
    assert ask() == one == 7


def test_a_report_lists_whoever_is_active_but_no_rooms(in_hospital, dr_bob):
    nurse = make_practitioner("Nurse Ann", kind="NURSE", hours=False)
    make_practitioner("Room 1", kind="ROOM", hours=False)
    make_practitioner("Dr Gone", is_active=False, hours=False)
    span = Span(date(2026, 5, 4), date(2026, 5, 10))

    def ask():
        with counted() as statements:
            found = doctors_work(span, "Asia/Bangkok")
        return {row.practitioner_id for row in found}, len(statements)

    who, two = ask()
    assert who == {dr_bob.pk, nurse.pk}
    make_practitioner("Dr Third", hours=False)
    who, three = ask()
    assert (len(who), three) == (3, two)


def test_on_the_wire_a_performance_is_what_its_serializer_declares(in_hospital, analyst, dr_bob):
    found = doctor_performance(analyst, practitioner_id=dr_bob.pk, period=Period.WEEKLY)

    shown = PerformanceSerializer(found).data

    assert set(shown) == {"doctor_id", "name", "timezone", "period", "current", "series"}
    assert (shown["doctor_id"], shown["period"], len(shown["series"])) == (str(dr_bob.pk), "WEEKLY", 12)
    assert shown["current"]["utilisation"] == 0
