from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.spans import PAST, ROLLING, Period, Span, rolling, series

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
PERIODS = st.sampled_from(Period)


@given(today=DAYS, period=PERIODS)
def test_a_series_is_whole_periods_without_gaps_up_to_today(today, period):
    spans = series(period, today)

    assert len(spans) == PAST[period] + 1
    assert spans[-1].last == today
    for earlier, later in pairwise(spans):
        assert earlier.last + timedelta(days=1) == later.first
        assert earlier.days in {"DAILY": {1}, "WEEKLY": {7}, "MONTHLY": {28, 29, 30, 31},
                                "QUARTERLY": {90, 91, 92}, "YEARLY": {365, 366}}[period]  # fmt: skip


@pytest.mark.parametrize(
    ("period", "first"),
    [
        (Period.DAILY, date(2026, 11, 21)),
        (Period.WEEKLY, date(2026, 11, 16)),
        (Period.MONTHLY, date(2026, 11, 1)),
        (Period.QUARTERLY, date(2026, 10, 1)),
        (Period.YEARLY, date(2026, 1, 1)),
    ],
)
def test_the_present_period_begins_where_the_calendar_says(period, first):
    assert series(period, date(2026, 11, 21))[-1] == Span(first, date(2026, 11, 21))


@given(today=DAYS, period=PERIODS)
def test_rolling_days_end_today_and_those_before_are_as_many(today, period):
    span = rolling(period, today)

    assert (span.last, span.days) == (today, ROLLING[period])
    assert span.before().days == span.days
    assert span.before().last + timedelta(days=1) == span.first


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 3, 9), 24), (date(2026, 11, 1), 25)]
)
def test_a_day_is_as_long_as_its_clocks_say(day, hours):
    begin, until = Span(day, day).edges("America/New_York")
    assert until - begin == hours * 3600
