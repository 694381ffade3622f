"""Times and visits as they are read aloud."""

from datetime import date

import pytest
from django.utils import translation

from core import clock
from mcp_integration.tools.spoken import MOST_TIMES, spoken, spoken_time, spoken_times, spoken_visit

ZONE = "Asia/Bangkok"


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """It is 21 November 2026 everywhere."""
    monkeypatch.setattr(clock, "today_in", lambda _zone: date(2026, 11, 21))


def slots(*starts: str) -> list[dict[str, str]]:
    return [{"start": start} for start in starts]


def test_a_time_of_this_year_is_said_without_the_year():
    with translation.override("en"):
        assert spoken("2026-11-20T09:30:00+07:00", ZONE) == "Friday 20 November, 09:30"
        assert spoken("2027-01-02T14:00:00+07:00", ZONE) == "Saturday 2 January 2027, 14:00"


def test_thai_has_its_unit_and_its_year():
    with translation.override("th"):
        assert spoken("2026-11-20T09:30:00+07:00", ZONE) == "วันศุกร์ที่ 20 พฤศจิกายน, 09:30 น."
        assert "2570" in spoken("2027-01-02T14:00:00+07:00", ZONE)


@pytest.mark.parametrize(("start", "said"), [
    ("2027-11-07T01:30:00-04:00", "01:30 (UTC-04:00)"),
    ("2027-11-07T01:30:00-05:00", "01:30 (UTC-05:00)"),
    ("2027-11-07T02:00:00-05:00", "02:00"),
    ("2027-11-07T00:30:00-04:00", "00:30"),
    ("2027-03-14T03:00:00-04:00", "03:00"),
])  # fmt: skip
def test_the_offset_is_said_in_the_hour_that_comes_twice_and_in_no_other(start, said):
    with translation.override("en"):
        assert spoken_time(start, "America/New_York") == said


def test_times_are_said_once_each_and_fifty_at_most():
    many = [f"2026-11-20T{9 + n // 12:02}:{n % 12 * 5:02}:00+07:00" for n in range(60)]
    with translation.override("en"):
        assert spoken_times(slots(many[0], many[0], many[1]), ZONE) == "09:00, 09:05"
        assert spoken_times(slots(*many[:MOST_TIMES]), ZONE).count(":") == 50
        said = spoken_times(slots(*many), ZONE)
    assert said.endswith("13:05 and 10 more")


def test_a_visit_is_what_with_whom_and_when_and_nothing_else():
    booking = {
        "event_type": {"id": 1, "name": "Check-up"},
        "provider": {"id": "x", "name": "Dr Bob"},
        "start": "2026-11-20T09:30:00+07:00",
        "timezone": ZONE,
        "guest_name": "Malee",
        "untrusted_guest_name": "Malee",
    }
    with translation.override("en"):
        assert spoken_visit(booking) == "Check-up with Dr Bob on Friday 20 November, 09:30"
