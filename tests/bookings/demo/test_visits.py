from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from bookings.demo.people import Person
from bookings.demo.plan import ADULTS, CHILDREN, EVERYBODY, Audience
from bookings.demo.visits import Crowd, Diary, offers_of
from bookings.models import Patient
from bookings.rules.rulebook import RuleBook
from bookings.rules.slots import Busy, starts_on, vacancies
from bookings.rules.statuses import Status
from tests.bookings.rules.builders import BANGKOK, at, daily, practitioner, service

TODAY = date(2026, 11, 20)
NOW = at(TODAY, "11:00")
FIRST, LAST = TODAY - timedelta(days=20), TODAY + timedelta(days=20)
HOLIDAY = TODAY - timedelta(days=3)

CHECK_UP = service(id=1, slug="check-up", practitioner_ids=("anan", "david"))
MASSAGE = service(
    id=2, slug="massage", duration=60, buffer_before=10, buffer_after=10, practitioner_ids=("anan",)
)
CLASS = service(id=3, slug="class", duration=60, interval=60, capacity=6, practitioner_ids=("room",))
BOOK = RuleBook(
    version=1,
    zone=BANGKOK,
    holidays={HOLIDAY: "Holiday"},
    services={each.id: each for each in (CHECK_UP, MASSAGE, CLASS)},
    practitioners={
        "anan": practitioner("anan", weekly=daily("9:00-12:00", "13:00-17:00")),
        "david": practitioner("david", zone="America/New_York", weekly=daily("19:00-22:00")),
        "room": practitioner("room", weekly=daily("10:00-12:00")),
    },
)


def crowd(rng, count=200, audience=EVERYBODY):
    people = [Person(Patient(name=f"P{n}"), n % 80, n % 2 == 0) for n in range(count)]
    return Crowd(people, dict.fromkeys(BOOK.services, audience), rng)


@pytest.fixture(scope="module")
def visits():
    rng = Random(3)
    offers = offers_of(
        [(each, 1.0) for each in BOOK.services.values()], {"anan": 0.6, "david": 0.5, "room": 0.9}
    )
    return list(Diary(BOOK, offers, crowd(rng), TODAY, NOW, rng).visits(FIRST, LAST))


def kept(visits):
    return [visit for visit in visits if visit.life.occupies]


def day_of(visit):
    return datetime.fromtimestamp(visit.start, ZoneInfo(BANGKOK)).date()


def occupied(visit):
    offer = visit.service
    return (
        visit.start - offer.buffer_before * 60,
        visit.start + (offer.duration + offer.buffer_after) * 60,
    )


def test_every_visit_begins_where_the_rules_offer_a_start(visits):
    for visit in visits:
        days = range(FIRST.toordinal(), LAST.toordinal() + 1)
        assert any(visit.start in starts_on(BOOK, visit.service, visit.practitioner_id, day) for day in days)


def test_no_two_sessions_of_a_practitioner_overlap_with_their_buffers(visits):
    sessions = defaultdict(set)
    for visit in kept(visits):
        sessions[visit.practitioner_id].add(occupied(visit))
    assert set(sessions) == {"anan", "david", "room"}
    for spans in sessions.values():
        assert all(before[1] <= after[0] for before, after in pairwise(sorted(spans)))


def test_a_group_takes_several_seats_each_once(visits):
    seats = Counter((visit.practitioner_id, visit.start, visit.seat) for visit in kept(visits))
    assert max(seats.values()) == 1
    group = [visit.seat for visit in visits if visit.service is CLASS]
    assert max(group) > 1
    assert max(group) <= CLASS.capacity


def test_nobody_comes_twice_on_a_day(visits):
    days = Counter((id(visit.person), day_of(visit)) for visit in visits)
    assert max(days.values()) == 1


def test_nobody_comes_on_a_holiday(visits):
    # The doctor abroad has his own date: his evening before is the holiday's morning here.
    here = {day_of(visit) for visit in visits if visit.practitioner_id != "david"}
    assert HOLIDAY - timedelta(days=1) in here
    assert HOLIDAY not in here


def test_fewer_have_booked_what_is_further_away(visits):
    booked = Counter((visit.practitioner_id, day_of(visit)) for visit in visits)

    def usual(days):
        return median(booked[who, TODAY + timedelta(days=day)] for who in BOOK.practitioners for day in days)

    assert usual(range(-20, -4)) > usual(range(10, 20)) > 0


def test_on_some_coming_days_one_practitioner_is_booked_out(visits):
    busy = defaultdict(list)
    for visit in kept(visits):
        busy[visit.practitioner_id].append(Busy(*occupied(visit), visit.service.id, visit.start))
    full = 0
    for ahead in range(1, 20):
        starts = starts_on(BOOK, CHECK_UP, "david", TODAY.toordinal() + ahead)
        full += bool(starts) and not any(vacancies(CHECK_UP, starts, busy["david"], 0)[0])
    assert 1 <= full < 19


def test_past_visits_are_over_and_coming_ones_wait(visits):
    over = {Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED}
    waiting = {Status.SCHEDULED, Status.CONFIRMED, Status.CANCELLED, Status.CHECKED_IN}
    for visit in visits:
        if visit.start < NOW - 86400:
            assert visit.life.status in over
        elif visit.start > NOW:
            assert visit.life.status in waiting


@pytest.mark.parametrize(
    ("audience", "fits"),
    [
        (ADULTS, lambda person: person.age >= 15),
        (CHILDREN, lambda person: person.age < 15),
        (Audience(20, 42, women_only=True), lambda person: person.is_woman and 20 <= person.age <= 42),
    ],
)
def test_a_service_is_visited_by_those_whom_it_is_for(audience, fits):
    found = crowd(Random(5), audience=audience)
    assert all(fits(found.somebody(1, day)) for day in range(200))


def test_a_service_for_which_nobody_is_there_stays_empty():
    assert crowd(Random(5), audience=Audience(110, 120)).somebody(1, 1) is None
