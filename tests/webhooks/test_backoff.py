from datetime import timedelta

import pytest

from webhooks.backoff import JITTER, SCHEDULE, pause_after

SEVENTY_SIX_HOURS = timedelta(hours=75, minutes=35, seconds=5)


def test_the_schedule_has_ten_attempts_over_about_three_days():
    assert len(SCHEDULE) == 10
    assert sum(SCHEDULE, timedelta()) == SEVENTY_SIX_HOURS


@pytest.mark.parametrize("failed", range(1, 10))
def test_each_pause_is_the_usual_one_within_a_fifth(failed):
    pauses = [pause_after(failed) for _ in range(200)]

    usual = SCHEDULE[failed]
    assert min(pauses) >= usual * (1 - JITTER)
    assert max(pauses) <= usual * (1 + JITTER)
    assert len(set(pauses)) > 100


@pytest.mark.parametrize("failed", [10, 11, 200])
def test_after_the_last_attempt_there_is_none(failed):
    assert pause_after(failed) is None
    assert pause_after(failed, asked=timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (timedelta(seconds=1), timedelta(minutes=5)),
        (timedelta(minutes=7), timedelta(minutes=7)),
        (timedelta(days=7), timedelta(minutes=10)),
    ],
)
def test_a_receiver_may_ask_for_up_to_twice_the_usual_pause_and_not_for_less(asked, given):
    assert pause_after(2, asked=asked) == given
