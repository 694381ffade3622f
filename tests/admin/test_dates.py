from datetime import UTC, date, datetime

import pytest
from django import forms
from django.utils import timezone, translation

from tenants.admin_sites.dates import TypedDateField, read_date, say_day, say_moment


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("20/11/2026", date(2026, 11, 20)),
        ("20/11/2569", date(2026, 11, 20)),
        ("2569-11-20", date(2026, 11, 20)),
        ("2026-11-20", date(2026, 11, 20)),
        (" 1/2/2569 ", date(2026, 2, 1)),
        ("๒๐/๑๑/๒๕๖๙", date(2026, 11, 20)),
        # A leap day of 2024 that the Gregorian calendar of the year 2567 would not have.
        ("29/02/2567", date(2024, 2, 29)),
        ("29/02/2024", date(2024, 2, 29)),
        ("1.1.2433", date(1890, 1, 1)),
    ],
)
def test_a_date_is_read_in_either_calendar(typed, day):
    assert read_date(typed) == day


@pytest.mark.parametrize(
    "typed",
    [
        "29/02/2568", "29/02/2026", "31/11/2569", "11/20/2026", "20/11/69", "tomorrow", "0000-00-00",
        # Mistyped years: nobody who is alive was born then, and nothing is planned that far.
        "31/12/2399", "01/01/2400", "2026-11-20 09:00",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_words(typed):
    with (
        translation.override("en"),
        pytest.raises(forms.ValidationError, match="Write the date as DD/MM/YYYY"),
    ):
        TypedDateField().clean(typed)


def test_a_day_is_said_with_the_year_of_the_readers_calendar():
    with translation.override("th"):
        assert say_day(date(2026, 11, 20)) == "20 พ.ย. 2569"
    with translation.override("en"):
        assert say_day(date(2026, 11, 20), weekday=True) == "Fri 20 Nov 2026"


def test_a_moment_is_said_on_the_clocks_of_the_place_and_utc_is_named():
    moment = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)

    with translation.override("en"):
        with timezone.override("Asia/Bangkok"):
            assert say_moment(moment) == "21 Nov 2026 01:30"
        with timezone.override("UTC"):
            assert say_moment(moment) == "20 Nov 2026 18:30 UTC"


def test_a_date_field_takes_what_it_shows_for_unchanged():
    field = TypedDateField()

    assert not field.has_changed(date(2026, 11, 20), "20/11/2569")
    assert field.has_changed(date(2026, 11, 20), "21/11/2569")
