from datetime import date, time

import pytest
from rest_framework.exceptions import ValidationError

from bookings.serializers.fields import WireDate, WireMonth, WireTime


def test_a_date_is_written_one_way():
    assert WireDate().run_validation("2026-11-20") == date(2026, 11, 20)
    assert WireDate().run_validation("2028-02-29") == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["2026-11-31", "2027-02-29", "2026-13-01", "26-11-20", "20261120", "2026-W47-5", "2026-324",
     "20-11-2026", "2026-1-20", "2026-1-020", "2026/11/20", "2026-11-20T09:00", " 2026-11-20",
     "２０２６-11-20", "tomorrow", "",
     20261120, None, ["2026-11-20"], date(2026, 11, 20)],
)  # fmt: skip
def test_no_other_way_of_writing_a_date_is_guessed_at(text):
    with pytest.raises(ValidationError):
        WireDate().run_validation(text)


@pytest.mark.parametrize("text", ["2569-11-20", "2400-01-01", "9999-12-31"])
def test_a_buddhist_year_is_refused_with_a_hint(text):
    with pytest.raises(ValidationError) as caught:
        WireDate().run_validation(text)
    assert caught.value.get_codes() == ["buddhist"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("00:00", time(0)), ("09:30", time(9, 30)), ("23:59", time(23, 59)), ("09:30:00", time(9, 30))],
)
def test_a_time_is_whole_minutes(text, value):
    assert WireTime().run_validation(text) == value
    assert WireTime().to_representation(value) == text[:5]


@pytest.mark.parametrize(
    "text",
    ["24:00", "09:60", "9:30", "0930", "09.30", "09:30:01", "09:30:00.5", "09:30Z", "1:2:0", "0٩:3٠",
     "09:30 ", "9:30 am",
     "noon", "", 930, None, time(9, 30)],
)  # fmt: skip
def test_no_other_way_of_writing_a_time_is_guessed_at(text):
    with pytest.raises(ValidationError):
        WireTime().run_validation(text)


def test_a_month_is_its_first_day():
    assert WireMonth().run_validation("2026-11") == date(2026, 11, 1)
    assert WireMonth().to_representation(date(2026, 11, 20)) == "2026-11"


@pytest.mark.parametrize(
    ("text", "code"),
    [("2026-13", "invalid"), ("2026-1", "invalid"), ("2026-11-20", "invalid"), ("202611", "invalid"),
     ("2026W47", "invalid"), ("november", "invalid"), (202611, "invalid"), ("2569-11", "buddhist")],
)  # fmt: skip
def test_no_other_way_of_writing_a_month_is_guessed_at(text, code):
    with pytest.raises(ValidationError) as caught:
        WireMonth().run_validation(text)
    assert caught.value.get_codes() == [code]
