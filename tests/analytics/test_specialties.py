"""Demand by specialty, against counting by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.permissions import Role
from analytics.queries.specialties import demand_in, reports, specialty_demand
from analytics.queries.work import work_of
from analytics.serializers import DemandsSerializer, ReportSerializer
from analytics.spans import Period, Span
from bookings.models import Specialty
from core import clock
from core.errors import InvalidInput, NotAllowed
from tenants.context import inside
from tests.analytics.conftest import ANALYST
from tests.support.catalogue import give_hours, make_practitioner, make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted

DAY = 86400


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("Asia/Bangkok", date(2026, 5, 4), date(2026, 5, 17)),
        ("America/New_York", date(2026, 10, 28), date(2026, 11, 4)),
    ],
)
def test_every_figure_of_every_specialty_is_what_counting_by_hand_gives(world_in, zone, first, last):
    span = Span(first, last)
    world = world_in(zone, span.before().first, last, visits=400)
    for person in world.practitioners:
        give_hours(person)

    found = {one.code: one for one in demand_in(span, zone)}

    assert set(found) == {"heart", "skin", "unused", ""}
    work = {
        key: spans[0] for key, spans in work_of([p.pk for p in world.practitioners], [span], zone).items()
    }
    for specialty in [*world.specialties, None]:
        mine = [v for v in world.visits if v.service.specialty == specialty]
        visits = [v for v in world.between(*span) if v in mine]
        kept = [v for v in visits if v.status != "CANCELLED"]
        leads = [max((v.start - v.created_at).total_seconds(), 0) / DAY for v in kept]
        waits = [v.waited for v in visits if v.waited is not None]
        one = found[specialty.code if specialty else ""]
        assert one.appointments == len(visits)
        assert one.before == len([v for v in world.between(*span.before()) if v in mine])
        assert (one.completed, one.cancelled, one.no_shows) == tuple(
            sum(v.status == status for v in visits) for status in ("COMPLETED", "CANCELLED", "NO_SHOW")
        )
        assert one.lead_days == (pytest.approx(sum(leads) / len(leads), abs=0.006) if leads else None)
        assert one.waits_measured == len(waits)
        assert one.waiting_minutes == (pytest.approx(sum(waits) / len(waits), abs=0.006) if waits else None)
        who = [p for p in world.practitioners if specialty and p.specialties.filter(pk=specialty.pk).exists()]
        assert one.booked_minutes == sum(work[p.pk].booked_minutes for p in who)
        assert one.offered_minutes == sum(work[p.pk].offered_minutes for p in who)
        assert (one.utilisation is None) == (not who)
    order = [one.appointments for one in demand_in(span, zone)]
    assert order == sorted(order, reverse=True)


def test_demand_is_of_the_days_up_to_today(in_hospital, analyst, check_up, dr_bob):
    today = clock.today_in(in_hospital.timezone)
    at = datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=4)
    for days in (0, 6, 7, 13, 14, -1):
        insert_appointment(check_up, dr_bob, start=at - timedelta(days=days))

    found = specialty_demand(analyst, period=Period.WEEKLY)

    (one,) = found.specialties
    assert (found.date_from, found.date_to) == (today - timedelta(days=6), today)
    assert (one.specialty_id, one.appointments, one.before, one.change) == (None, 2, 2, 0)
    shown = DemandsSerializer(found).data
    assert shown["specialties"][0]["specialty_id"] is None
    assert shown["date_to"] == today.isoformat()


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_administrators_see_demand_and_reports(as_role, role):
    actor = as_role(role)
    with pytest.raises(NotAllowed):
        specialty_demand(actor, period=Period.DAILY)
    with pytest.raises(NotAllowed):
        reports(actor, date_from=date(2026, 5, 4), date_to=date(2026, 5, 4))


def test_the_other_hospitals_demand_is_not_counted(hospital, other_hospital, other_people):
    at = clock.now().replace(minute=0, second=0, microsecond=0)
    with inside(other_hospital):
        insert_appointment(other_people.dr_bob.services.get(), other_people.dr_bob, start=at)
        assert [one.appointments for one in specialty_demand(ANALYST, period=Period.MONTHLY).specialties] == [
            1
        ]
    with inside(hospital):
        assert specialty_demand(ANALYST, period=Period.MONTHLY).specialties == []


def test_statements_are_as_many_for_many_visits_as_for_few(world_in, analyst):
    today = clock.today_in("Asia/Bangkok")

    def ask():
        with counted() as statements:
            specialty_demand(analyst, period=Period.MONTHLY)
        return len(statements)

    world = world_in("Asia/Bangkok", today, today, visits=1)
    few = ask()
    for number in range(3):
        specialty = Specialty.objects.create(code=f"more-{number}", name_th="x", name_en="x")
        person = make_practitioner(f"Dr More {number}")
        person.specialties.add(specialty)
        service = make_service(person, slug=f"more-{number}", specialty=specialty)
        insert_appointment(service, person, start=clock.now().replace(microsecond=0))
    assert ask() == few == 9
    assert len(world.specialties) == 3


def test_a_report_has_all_three_and_refuses_more_than_a_year(world_in, analyst):
    first, last = date(2026, 5, 4), date(2026, 5, 17)
    world = world_in("Asia/Bangkok", first, last, visits=200)

    found = reports(analyst, date_from=first, date_to=last)

    assert {row.practitioner_id for row in found.doctors} >= {person.pk for person in world.practitioners}
    done = sum(row.work.completed for row in found.doctors)
    assert done == found.statistics.now.visits.by_status["COMPLETED"]
    assert sum(one.appointments for one in found.specialties) == found.statistics.now.visits.total
    assert set(ReportSerializer(found).data) == {"statistics", "doctors", "specialties"}
    with pytest.raises(InvalidInput):
        reports(analyst, date_from=first, date_to=first + timedelta(days=366))
