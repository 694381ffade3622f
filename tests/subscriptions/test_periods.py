from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.periods import add_months, period_at, period_number

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
CYCLES = st.sampled_from([1, 3, 12])


@pytest.mark.parametrize(
    ("anchor", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_are_added_to_the_same_day_or_the_last_of_the_month(anchor, months, expected):
    assert add_months(anchor, months) == expected


@given(anchor=DAYS, months=st.integers(-600, 600))
def test_the_day_is_the_anchors_or_the_last_of_a_shorter_month(anchor, months):
    day = add_months(anchor, months)

    assert (day.year - anchor.year) * 12 + day.month - anchor.month == months
    assert day.day == anchor.day or (day.day < anchor.day and (day + timedelta(days=1)).day == 1)


@given(anchor=DAYS, months=CYCLES, number=st.integers(0, 100))
def test_periods_follow_one_another_without_a_gap_or_an_overlap(anchor, months, number):
    this, following = period_number(anchor, months, number), period_number(anchor, months, number + 1)

    assert this.start < this.end == following.start
    assert period_number(anchor, months, 0).start == anchor


@given(anchor=DAYS, months=CYCLES, later=st.integers(0, 4000))
def test_every_day_belongs_to_one_period_and_that_is_found(anchor, months, later):
    day = anchor + timedelta(days=later)
    found = period_at(anchor, months, day)

    assert found.start <= day < found.end
    # By counting, one period after another.
    number = 0
    while period_number(anchor, months, number).end <= day:
        number += 1
    assert found == period_number(anchor, months, number)


@given(anchor=DAYS, months=CYCLES, sooner=st.integers(1, 400))
def test_a_day_before_the_start_finds_the_first_period(anchor, months, sooner):
    assert period_at(anchor, months, anchor - timedelta(days=sooner)) == period_number(anchor, months, 0)


@given(anchor=DAYS, months=CYCLES, number=st.integers(0, 60))
def test_the_day_on_which_a_period_ends_finds_the_next_one(anchor, months, number):
    assert period_at(anchor, months, period_number(anchor, months, number).end) == period_number(
        anchor, months, number + 1
    )
