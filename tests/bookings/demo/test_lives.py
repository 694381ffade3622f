from collections import Counter
from datetime import date
from itertools import pairwise
from random import Random

import pytest

from bookings.demo.lives import DAY, HOUR, MINUTE, live
from bookings.rules.statuses import Status, may_move
from tests.bookings.rules.builders import BANGKOK, at, service

NOW = at(date(2026, 11, 20), "10:05")
CHECK_UP = service(notice=120, horizon_days=60)


def lives(start, count=400, offer=CHECK_UP):
    rng = Random(7)
    return [live(offer, start, BANGKOK, NOW, rng) for _ in range(count)]


def statuses(start):
    return Counter(life.status for life in lives(start))


@pytest.mark.parametrize("days", [-300, -1, 1, 20, 58])
def test_every_life_is_a_chain_of_legal_moves_in_the_order_of_time(days):
    for life in lives(NOW + days * DAY):
        assert life.steps[0].status is Status.SCHEDULED
        for before, after in pairwise(life.steps):
            assert may_move(before.status, after.status)
            assert before.at < after.at <= NOW


@pytest.mark.parametrize("days", [-300, -1, 1, 20, 58])
def test_bookings_keep_notice_and_horizon_and_are_made_in_the_past(days):
    start = NOW + days * DAY
    for life in lives(start):
        booked = life.steps[0].at
        assert booked < NOW
        assert start - 60 * DAY <= booked <= start - 120 * MINUTE


def test_what_is_past_is_over_mostly_well():
    found = statuses(NOW - 30 * DAY)
    assert set(found) == {Status.COMPLETED, Status.NO_SHOW, Status.CANCELLED}
    assert found[Status.COMPLETED] > 300
    assert 8 <= found[Status.NO_SHOW] <= 50
    assert 12 <= found[Status.CANCELLED] <= 60


def test_what_is_to_come_waits_or_was_cancelled():
    assert set(statuses(NOW + 5 * DAY)) == {Status.SCHEDULED, Status.CONFIRMED, Status.CANCELLED}


def test_whoever_has_an_appointment_at_this_moment_is_with_the_doctor():
    assert statuses(NOW - 10 * MINUTE).most_common(1)[0][0] is Status.IN_PROGRESS


def test_whoever_comes_soon_may_sit_in_the_waiting_room():
    assert Status.CHECKED_IN in statuses(NOW + 5 * MINUTE)


def test_nothing_can_have_been_booked_beyond_the_horizon():
    assert set(lives(NOW + 70 * DAY)) == {None}


def test_a_reason_is_given_only_for_what_was_cancelled():
    assert all(life.status is Status.CANCELLED for life in lives(NOW - DAY) if life.cancel_reason)


def test_nobody_books_in_the_small_hours():
    hours = {(life.steps[0].at + 7 * HOUR) % DAY // HOUR for life in lives(NOW - DAY)}
    assert not hours & set(range(6))
