"""Generated situations, answered by the rules and by an oracle that counts minutes."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, event, given, settings
from hypothesis.strategies import integers

from bookings.rules.desk import busy_range_at_desk, first_free, judge_at_desk
from bookings.rules.policy import judge
from bookings.rules.slots import busy_range, count_free_by_day, free_slots
from tests.bookings.rules.oracle import dates_between, first_instant, local_date
from tests.bookings.rules.situations import situations

many = settings(
    max_examples=500,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
some = settings(many, max_examples=250)


def expected_slots(situation):
    length = situation.service.duration * 60
    found = [
        (start, place, start + length, name, seats)
        for place, name in enumerate(situation.names)
        for start, seats in situation.oracle(name).free().items()
    ]
    return [(start, end, name, seats) for start, _, end, name, seats in sorted(found)]


@many
@given(situations())
def test_free_slots_are_those_of_the_oracle_in_their_order(situation):
    expected = expected_slots(situation)
    event("some slots are free" if expected else "none is free")
    assert free_slots(*situation.question()) == expected


@many
@given(situations())
def test_each_day_counts_what_the_oracle_finds_on_it(situation):
    zone = situation.book.zone
    found = Counter(local_date(zone, start) for start, *_ in expected_slots(situation))
    asked = dates_between(situation.first, situation.last)
    assert count_free_by_day(*situation.question()) == {day: found[day] for day in asked}


@many
@given(situations())
def test_a_judgement_names_the_reason_that_the_oracle_finds_first(situation):
    for name in situation.names:
        oracle = situation.oracle(name)
        listed = oracle.free()
        for start in instants_to_judge(oracle):
            verdict = judge(
                situation.book, situation.service, name, start, situation.busy[name], situation.now
            )
            assert verdict == oracle.refusal(start)
            if local_date(situation.book.zone, start) in dates_between(situation.first, situation.last):
                assert (verdict is None) == (start in listed)


@some
@given(situations())
def test_the_desk_is_refused_for_the_reason_that_the_oracle_finds_first(situation):
    question = situation.book, situation.service
    for name in situation.names:
        oracle, busy = situation.oracle(name), situation.busy[name]
        for start in instants_to_judge(oracle):
            verdict = judge_at_desk(*question, name, start, busy, situation.now)
            assert verdict == oracle.refusal_at_desk(start)
            # Whatever a patient may book by themselves, the desk may book for them.
            assert verdict is None or judge(*question, name, start, busy, situation.now) is not None


@some
@given(situations(), integers(0, 47))
def test_the_first_free_time_is_the_first_minute_that_the_desk_may_book(situation, half_hours):
    book, service, now = situation.book, situation.service, situation.now
    begin = first_instant(book.zone, situation.first, 0) + half_hours * 1800 + 60
    closes = first_instant(book.zone, situation.first + timedelta(days=1), 0)
    for name in situation.names:
        busy = situation.busy[name]
        minutes = range(begin, closes, 60)
        free = (start for start in minutes if judge_at_desk(book, service, name, start, busy, now) is None)
        expected = next(free, None) if begin < closes else None
        if begin < closes:
            event("something is free" if expected is not None else "nothing is free")
            assert first_free(book, service, name, begin, busy, now) == expected


def instants_to_judge(oracle):
    """Return the starts of the grid, five minutes after each, and a walk of 25 minutes, about the dates.

    The oracle knows only a few dates around those asked for.
    """
    begin, end = noon(oracle.first - timedelta(days=1)), noon(oracle.last + timedelta(days=1))
    starts = [start + late for start in oracle.starts for late in (0, 300)]
    return sorted({*filter(range(begin, end).__contains__, starts), *range(begin, end, 1_500)})


def noon(day):
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


@some
@given(situations())
def test_bookings_outside_the_desks_busy_range_change_nothing(situation):
    book, service, now = situation.book, situation.service, situation.now
    begin, end = busy_range_at_desk(book, service, situation.first)
    start = first_instant(book.zone, situation.first, 0)
    for name in situation.names:
        entries = situation.busy[name]
        near = [entry for entry in entries if entry.occupied_start < end and begin < entry.occupied_end]
        asked = book, service, name, start
        assert first_free(*asked, near, now) == first_free(*asked, entries, now)


@some
@given(situations())
def test_bookings_outside_the_busy_range_change_nothing(situation):
    book, service, names, first, last, busy, now = situation.question()
    begin, end = busy_range(book, service, first, last, now)
    near = {
        name: [entry for entry in entries if entry.occupied_start < end and begin < entry.occupied_end]
        for name, entries in busy.items()
    }
    assert free_slots(book, service, names, first, last, near, now) == free_slots(*situation.question())


@some
@given(situations())
def test_a_range_of_dates_answers_as_its_dates_one_by_one(situation):
    book, service, names, first, last, busy, now = situation.question()
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    one_by_one = [slot for day in days for slot in free_slots(book, service, names, day, day, busy, now)]
    assert free_slots(*situation.question()) == one_by_one
