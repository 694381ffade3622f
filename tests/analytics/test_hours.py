"""Offered minutes against a clock that is looked at every minute."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from analytics.queries.hours import offered_minutes
from analytics.spans import Span
from bookings.models import ExceptionKind, Holiday, Practitioner, ScheduleException, WeeklyHours
from tests.support.catalogue import give_hours, make_practitioner
from tests.support.statements import counted

MINUTE = timedelta(minutes=1)
# Edges lie on whole hours that no clock skips or repeats.
HOURS = [time(hour) for hour in (0, 4, 8, 9, 12, 13, 17, 20, 23)]


def by_the_clock(person: Practitioner, zone: str, span: Span) -> int:
    """The minutes of the hospital's days in which the person's own clock shows a time of work."""
    own = ZoneInfo(person.timezone or zone)
    weekly, exceptions = list(person.weekly_hours.all()), list(person.exceptions.all())
    closed = set(Holiday.objects.filter(is_confirmed=True).values_list("date", flat=True))
    begin, until = span.moments(zone)
    minutes = 0
    while begin < until:
        minutes += works(begin.astimezone(own), weekly, exceptions, closed)
        begin += MINUTE
    return minutes


def works(at: datetime, weekly, exceptions, closed) -> bool:
    day, clock = at.date(), at.time()

    def within(start, end):
        return (start or time(0)) <= clock and (not end or end == time(0) or clock < end)

    ours = [each for each in exceptions if each.date_from <= day <= each.date_until]
    if any(each.kind == ExceptionKind.TIME_OFF and within(each.start_time, each.end_time) for each in ours):
        return False
    if any(
        each.kind == ExceptionKind.EXTRA_HOURS and within(each.start_time, each.end_time) for each in ours
    ):
        return True
    return day not in closed and any(
        each.weekday == day.weekday()
        and (each.valid_from is None or each.valid_from <= day)
        and (each.valid_until is None or day <= each.valid_until)
        and within(each.start_time, each.end_time)
        for each in weekly
    )


def draw_rules(rng: Random, person: Practitioner, first: date, days: int) -> None:
    for _number in range(8):
        begin, end = sorted(rng.sample(HOURS, 2))
        valid = first + timedelta(days=rng.randrange(days))
        WeeklyHours.objects.create(
            practitioner=person, weekday=rng.randrange(7), start_time=begin,
            end_time=time(0) if rng.random() < 0.2 else end,
            valid_from=valid if rng.random() < 0.3 else None,
            valid_until=valid + timedelta(days=3) if rng.random() < 0.3 else None,
        )  # fmt: skip
    for kind in (ExceptionKind.TIME_OFF, ExceptionKind.EXTRA_HOURS, ExceptionKind.TIME_OFF):
        begin, end = sorted(rng.sample(HOURS, 2))
        whole = rng.random() < 0.3
        day = first + timedelta(days=rng.randrange(-2, days))
        ScheduleException.objects.create(
            practitioner=person, kind=kind, date_from=day, date_until=day + timedelta(days=rng.randrange(3)),
            start_time=None if whole else begin, end_time=None if whole else end,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Asia/Bangkok", date(2026, 5, 4)),
        ("America/New_York", date(2026, 10, 28)),
        ("America/New_York", date(2026, 3, 5)),
    ],
)
@pytest.mark.parametrize("seed", range(3))
def test_offered_minutes_are_those_that_a_clock_finds(in_hospital, zone, first, seed):
    rng = Random(f"{zone}{first}{seed}")
    people = [
        make_practitioner(f"Dr {n}", hours=False, timezone=tz) for n, tz in enumerate(("", "Asia/Tokyo", ""))
    ]
    for person in people:
        draw_rules(rng, person, first, 8)
    Holiday.objects.create(date=first + timedelta(days=2), name_th="x", name_en="x", is_confirmed=True)
    Holiday.objects.create(date=first + timedelta(days=3), name_th="y", name_en="y")
    spans = [
        Span(first, first + timedelta(days=2)),
        Span(first + timedelta(days=4), first + timedelta(days=7)),
    ]

    found = offered_minutes(zone, spans, [person.pk for person in people])

    assert found == {person.pk: [by_the_clock(person, zone, span) for span in spans] for person in people}
    assert sum(map(sum, found.values())) > 0


def test_what_was_off_a_year_ago_is_remembered(in_hospital):
    """The catalogue in memory forgets exceptions and holidays that are over."""
    person = make_practitioner("Dr Then")
    day = date(2024, 5, 6)
    ScheduleException.objects.create(practitioner=person, kind="TIME_OFF", date_from=day, date_until=day)
    Holiday.objects.create(date=date(2024, 5, 7), name_th="x", name_en="x", is_confirmed=True)
    spans = [Span(day + timedelta(days=n), day + timedelta(days=n)) for n in range(3)]

    assert offered_minutes("Asia/Bangkok", spans, [person.pk])[person.pk] == [0, 0, 7 * 60]


def test_statements_are_as_many_for_three_people_and_months_as_for_one_day(in_hospital):
    def ask(people, days):
        day = date(2026, 5, 4)
        with counted() as statements:
            offered_minutes("Asia/Bangkok", [Span(day, day + timedelta(days=days - 1))], people)
        return len(statements)

    people = [make_practitioner(f"Dr {n}", hours=False).pk for n in range(3)]
    for person in Practitioner.objects.filter(pk__in=people):
        give_hours(person)
    assert ask(people[:1], 1) == ask(people, 90) == 4


def test_the_day_on_which_the_clocks_are_set_back_offers_an_hour_more(in_hospital):
    person = make_practitioner("Dr Night", hours=False)
    give_hours(person, ("00:00", "00:00"))
    spans = [Span(day, day) for day in (date(2026, 10, 31), date(2026, 11, 1))]

    found = offered_minutes("America/New_York", spans, [person.pk])[person.pk]

    assert found == [24 * 60, 25 * 60]
    assert datetime.fromtimestamp(spans[1].edges("America/New_York")[0], UTC).hour == 4
