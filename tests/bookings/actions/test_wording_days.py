"""Months and short days in words."""

from datetime import date

from django.utils import translation

from bookings.actions.wording import month_in_words, short_day_in_words

DAY = date(2026, 11, 22)


def test_a_month_has_the_buddhist_year_in_thai():
    with translation.override("en"):
        assert month_in_words(DAY) == "November 2026"
    with translation.override("th"):
        assert month_in_words(DAY) == "พฤศจิกายน 2569"


def test_a_short_day_has_no_year():
    with translation.override("en"):
        assert short_day_in_words(DAY) == "Sun 22 Nov"
    with translation.override("th"):
        assert short_day_in_words(DAY) == "อา. 22 พ.ย."
