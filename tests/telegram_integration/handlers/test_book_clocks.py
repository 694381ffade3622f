"""Zones, the hours that clocks skip and repeat, and midnight."""

from datetime import datetime, time, timedelta

import pytest

from bookings.models import HealthcareService
from core import clock
from telegram_integration.callbacks import Tap, pack_day, pack_instant, pack_int, sign
from tenants.directory import forget_hospitals
from tests.support.booking_chat import booked, find, instant, tap, tap_day, to_summary
from tests.support.catalogue import coming_day, give_hours, make_practitioner, make_service
from tests.support.newyork import ZONE, is_repeated, is_skipped, next_day_when
from tests.support.telegram_html import plain_text

_ZONE = clock.zone(ZONE)

pytestmark = pytest.mark.usefixtures("in_hospital")


def tap_data(chat, action, *arguments):
    """Tap a button of ours as it stood on an older state of the newest card."""
    tapped = Tap(action, chat.user.hospital_id, arguments)
    data = sign(tapped, bot_id=chat.bot.pk, chat_id=chat.telegram_id)
    return chat.taps_data(data, max(chat.messages))


@pytest.fixture
def all_day(in_hospital):
    """The only service, offered round the clock in half hours."""
    HealthcareService.objects.update(is_active=False)
    owl = make_practitioner("Dr Owl", hours=False)
    give_hours(owl, ("00:00", "00:00"))
    return make_service(owl, slug="owl", horizon_days=400)


@pytest.fixture
def new_york(in_hospital):
    """The hospital at hand is in New York."""
    in_hospital.timezone = ZONE
    in_hospital.save()
    forget_hospitals()
    return in_hospital


def test_times_and_days_are_the_hospitals_wherever_that_is(patient_chat, new_york, all_day):
    to_summary(patient_chat, instant(23, 30, days=3))
    seen = plain_text(patient_chat.card.text)
    assert f"{coming_day(3):%A} {coming_day(3).day} {coming_day(3):%B %Y}" in seen
    assert "23:30" in seen
    tap(patient_chat, "bc")
    (row,) = booked()
    local = row.start.astimezone(_ZONE)
    assert (local.date(), local.time()) == (coming_day(3), time(23, 30))
    tap(patient_chat, "m")
    tap(patient_chat, "a")
    assert any(f"{coming_day(3).day} {coming_day(3):%b}, 23:30" in label for label in patient_chat.labels)


@pytest.mark.parametrize(("fold", "letters"), [(0, "EDT"), (1, "EST")])
def test_each_of_two_hours_of_one_name_can_be_booked(patient_chat, new_york, all_day, fold, letters):
    day = next_day_when(is_repeated, time(1, 30))
    patient_chat.says("/book")
    tap_day(patient_chat, day)
    assert {"01:30 EDT", "01:30 EST"} <= set(patient_chat.labels)
    patient_chat.taps(f"01:30 {letters}")
    assert f"01:30 {letters}" in plain_text(patient_chat.card.text)
    tap(patient_chat, "bc")
    (row,) = booked()
    assert clock.to_epoch(row.start) == clock.to_epoch(datetime.combine(day, time(1, 30, fold=fold), _ZONE))
    assert f"01:30 {letters}" in plain_text(patient_chat.card.text)


def test_an_hour_that_is_skipped_is_not_offered(patient_chat, new_york, all_day):
    day = next_day_when(is_skipped, time(2, 30))
    patient_chat.says("/book")
    tap_day(patient_chat, day)
    assert {"01:30", "03:00"} <= set(patient_chat.labels)
    assert not {"02:00", "02:30"} & set(patient_chat.labels)


def test_midnight_belongs_to_the_day_that_it_begins(patient_chat, all_day):
    to_summary(patient_chat, instant(0, days=3))
    seen = plain_text(patient_chat.card.text)
    assert f"{coming_day(3):%A} {coming_day(3).day} {coming_day(3):%B %Y}" in seen
    tap(patient_chat, "bx")
    assert find(patient_chat, "bt", pack_instant(instant(0, days=3)))


def test_a_day_that_is_over_shows_the_nearest_times(patient_chat, check_up):
    patient_chat.says("/book")
    tap_data(patient_chat, "bd", pack_int(check_up.pk), pack_day(coming_day(-1)))
    assert "Nothing is free on this day." in patient_chat.card.text
    assert find(patient_chat, "bt")


def test_a_time_that_is_over_leads_to_others(patient_chat, check_up):
    patient_chat.says("/book")
    over = clock.now().replace(second=0, microsecond=0) - timedelta(days=1)
    tap_data(patient_chat, "bt", pack_int(check_up.pk), pack_instant(over))
    assert "This time has passed." in patient_chat.card.text
    assert find(patient_chat, "bt")


def test_a_month_that_is_over_is_the_present_one(patient_chat, check_up):
    patient_chat.says("/book")
    tap_data(patient_chat, "bm", pack_int(check_up.pk), pack_day(coming_day(-90)))
    assert f"{coming_day(0):%B %Y}" in patient_chat.labels


@pytest.mark.parametrize("arguments", [(), ("zz!",), ("1", "!!"), ("1", "zzzzzzzzzzzz")])
@pytest.mark.parametrize("action", ["bs", "bm", "bd", "bt", "bc", "ad", "am", "amt", "acs", "we", "wj"])
def test_a_button_that_nobody_can_read_says_so(patient_chat, check_up, action, arguments):
    patient_chat.says("/book")
    tap_data(patient_chat, action, *arguments)
    assert patient_chat.card.rows
    assert booked() == []
