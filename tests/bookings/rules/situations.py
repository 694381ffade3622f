"""Generated situations: hospitals, rules, bookings and clocks around changes of the clock."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations, product

from hypothesis import strategies as st

from bookings.rules.rulebook import DatedWindow, RuleBook, ServiceRules, WeeklyWindow
from tests.bookings.rules.builders import book_of, booked, practitioner, service
from tests.bookings.rules.oracle import Oracle

# Where the hospital is, where its practitioners are, and a date on which a clock changes.
SCENES = [
    ("Asia/Bangkok", ["Asia/Bangkok"], date(2026, 12, 1)),
    ("America/New_York", ["America/New_York"], date(2026, 3, 8)),
    ("America/New_York", ["America/New_York"], date(2026, 11, 1)),
    ("Europe/London", ["Europe/London"], date(2026, 3, 29)),
    ("Europe/London", ["Europe/London"], date(2026, 10, 25)),
    ("Australia/Lord_Howe", ["Australia/Lord_Howe"], date(2026, 4, 5)),
    ("Australia/Lord_Howe", ["Australia/Lord_Howe"], date(2026, 10, 4)),
    ("America/Santiago", ["America/Santiago"], date(2026, 4, 4)),
    ("America/Santiago", ["America/Santiago"], date(2026, 9, 6)),
    ("Africa/Cairo", ["Africa/Cairo"], date(2026, 4, 24)),
    ("Africa/Cairo", ["Africa/Cairo"], date(2026, 10, 29)),
    ("Asia/Bangkok", ["America/New_York", "Asia/Bangkok"], date(2026, 3, 8)),
    ("America/New_York", ["Asia/Bangkok", "Europe/London"], date(2026, 11, 1)),
    ("Australia/Lord_Howe", ["America/Santiago"], date(2026, 4, 5)),
    ("America/Santiago", ["Africa/Cairo", "America/Santiago"], date(2026, 9, 6)),
    ("Africa/Cairo", ["Australia/Lord_Howe"], date(2026, 4, 24)),
    ("Pacific/Apia", ["Pacific/Apia", "Asia/Bangkok"], date(2011, 12, 30)),
    ("Asia/Bangkok", ["Pacific/Apia"], date(2011, 12, 30)),
]

# Few enough for the oracle to remember, dense where clocks change and days meet.
MINUTES = [0, 30, 60, 90, 105, 120, 135, 150, 180, 240, 540, 725, 780, 1020, 1320, 1380, 1410, 1425, 1440]


@dataclass
class Situation:
    book: RuleBook
    service: ServiceRules
    first: date
    last: date
    now: int
    busy: dict

    def __post_init__(self):
        self.oracles = {
            name: Oracle(self.book, self.service, name, self.first, self.last, self.now)
            for name in self.names
        }

    @property
    def names(self):
        return list(self.book.practitioners)

    def question(self):
        return self.book, self.service, self.names, self.first, self.last, self.busy, self.now

    def oracle(self, name):
        oracle = self.oracles[name]
        oracle.entries = self.busy.get(name, [])
        return oracle


@st.composite
def situations(draw):
    zone, zones, day = draw(scenes)
    near = days_near(day)
    people = [
        draw(practitioners(name, where, near))
        for name, where in zip(("anan", "busaba"), draw(orders_of(tuple(zones))), strict=False)
    ]
    first = draw(one_of_days(near[1:4]))
    midnight = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    situation = Situation(
        book=book_of(*people, zone=zone, holidays=draw(holidays_of(near))),
        service=replace(draw(services), practitioner_ids=tuple(person.id for person in people)),
        first=first,
        last=first + timedelta(days=draw(lengths)),
        now=midnight + draw(clocks),
        busy={},
    )
    for name in situation.names:
        offered = sorted(situation.oracle(name).free())
        situation.busy[name] = draw(entries(midnight, offered))
    return situation


@st.composite
def practitioners(draw, name, zone, near):
    weekly, dated = rows_of(near)
    return practitioner(
        name,
        zone,
        weekly=tuple(draw(weekly)),
        extra_hours=tuple(draw(dated)),
        time_off=tuple(draw(dated)),
        daily_limit=draw(limits),
    )


# Hypothesis spends more on making a strategy, and on each draw, than the rules spend on an answer: strategies
# are made once for each date, and what is drawn together is one choice out of a list.
@cache
def rows_of(near):
    """Return the strategies of weekly windows and of dated ones about those dates."""
    validity = st.sampled_from(validities(near))
    weekly = st.tuples(one_of_days(near), working, validity).map(as_weekly)
    dated = st.tuples(st.sampled_from(list(product(near, (0, 1)))), spans).map(as_dated)
    return st.lists(weekly, min_size=6, max_size=9), st.lists(dated, max_size=2)


def validities(near):
    """Return (from, until): half of them for ever, else each of the two a date or open as often as not."""
    edges = [*[None] * len(near), *near]
    bounded = list(product(edges, edges))
    return [(None, None)] * len(bounded) + bounded


def as_weekly(drawn):
    day, (start, end), validity = drawn
    return WeeklyWindow(day.weekday(), start, end, *validity)


def as_dated(drawn):
    (day, length), (start, end) = drawn
    return DatedWindow(day, day + timedelta(days=length), start, end)


def days_near(day):
    return tuple(day + timedelta(days=count) for count in range(-2, 4))


one_of_days = cache(st.sampled_from)
orders_of = cache(st.permutations)


@cache
def holidays_of(near):
    return st.sets(one_of_days(near), max_size=2)


scenes = st.sampled_from(SCENES)
lengths = st.integers(0, 2)
clocks = st.sampled_from([-172_800, -86_400, -40_000, -1, 0, 17_999])
limits = st.sampled_from([None, None, 1, 2, 3, 5])
SPANS = list(combinations(MINUTES, 2))
DENSE = [(0, 1440), (0, 240), (60, 240), (1320, 1440), (1380, 1440), (540, 725)]
spans = st.sampled_from(SPANS)
# Half and half.
working = st.sampled_from([*DENSE * (len(SPANS) // len(DENSE)), *SPANS])

services = st.builds(
    service,
    duration=st.sampled_from([30, 10, 45, 60, 150]),
    buffer_before=st.sampled_from([0, 0, 5, 20]),
    buffer_after=st.sampled_from([0, 0, 10, 35]),
    interval=st.sampled_from([10, 20, 30, 45, 60]),
    notice=st.sampled_from([0, 0, 0, 45, 1_440]),
    horizon_days=st.sampled_from([9, 9, 9, 9, 2, 1, 0]),
    capacity=st.sampled_from([3, 2, 1, 1]),
)


steps = st.integers(0, 860)
visits = st.sampled_from(
    list(product([(30, 5, 10), (10, 0, 0), (45, 0, 15), (90, 20, 0)], [1, 1, 2], [1, 2, 3]))
)


@st.composite
def entries(draw, midnight, offered):
    """Draw bookings: sessions of the service on its free starts, and whatever else, in any order."""
    found = []
    sessions = st.sampled_from(offered) if offered else st.nothing()
    anywhere = steps.map(lambda step: midnight - 86_400 + step * 300)
    for start in draw(st.lists(sessions | anywhere, max_size=5)):
        visit, service_id, seats = draw(visits)
        found += [booked(start, *visit, service_id=service_id)] * seats
    return found
