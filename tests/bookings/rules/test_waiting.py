from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.rules.waiting import PartOfDay, is_in, offer_ends

BANGKOK = ZoneInfo("Asia/Bangkok")


def at(hour, minute=0, *, day=1):
    return datetime(2026, 12, day, hour, minute, tzinfo=BANGKOK)


@pytest.mark.parametrize(
    ("now", "start", "ends"),
    [
        # By day it stands for half an hour,
        (at(9), at(10, day=2), at(9, 30)),
        (at(9), at(11), at(9, 30)),
        # of what is near, for half of the time that is left.
        (at(9), at(9, 40), at(9, 20)),
        (at(9), at(9, 10), at(9, 5)),
        # Whoever sleeps has half an hour after they woke,
        (at(21), at(10, day=3), at(8, 30, day=2)),
        (at(23, 30), at(14, day=2), at(8, 30, day=2)),
        (at(3), at(14), at(8, 30)),
        (at(7, 59), at(14), at(8, 30)),
        (at(8), at(14), at(8, 30)),
        (at(20, 59), at(14, day=2), at(21, 29)),
        # as far as that leaves an hour to come,
        (at(3), at(9), at(8)),
        # or half of the time.
        (at(7), at(8), at(7, 30)),
    ],
)
def test_an_offer_stands_for_a_while(now, start, ends):
    assert offer_ends(now, start, BANGKOK) == ends


@pytest.mark.parametrize("minutes", [9, 1, 0, -30])
def test_what_is_too_near_is_not_offered(minutes):
    assert offer_ends(at(9), at(9) + timedelta(minutes=minutes), BANGKOK) is None


def test_the_night_is_the_hospitals():
    now = at(23)

    assert offer_ends(now, at(23, day=2), BANGKOK) == at(8, 30, day=2)
    assert offer_ends(now, at(23, day=2), ZoneInfo("Europe/Berlin")) == at(23, 30)


@pytest.mark.parametrize(
    ("part", "before_noon", "from_noon"),
    [("", True, True), (PartOfDay.MORNING, True, False), (PartOfDay.AFTERNOON, False, True)],
)
def test_noon_parts_the_day_on_the_hospitals_clocks(part, before_noon, from_noon):
    assert is_in(part, at(11, 59), BANGKOK) == before_noon
    assert is_in(part, at(12), BANGKOK) == from_noon
    # Eleven in Bangkok is the night before in New York.
    assert is_in(part, at(11), ZoneInfo("America/New_York")) == from_noon
