"""Booking, as far as the slot: services, month, day, times."""

import pytest

from bookings.models import HealthcareService, WeeklyHours
from telegram_integration.callbacks import pack_day, pack_int
from tenants.directory import forget_hospitals
from tests.support.booking import book
from tests.support.booking_chat import actions, find, tap, tap_day, to_times
from tests.support.catalogue import at, coming_day, give_hours, make_practitioner, make_service
from tests.support.statements import counted

pytestmark = pytest.mark.usefixtures("in_hospital")


@pytest.fixture
def vaccination(dr_bob):
    """A second service, with a price."""
    return make_service(
        dr_bob, slug="vaccination", name_en="Vaccination", name_th="ฉีดวัคซีน", price="1200", duration_minutes=15
    )


# ── services ──────────────────────────────────────────────────────────────────
def test_services_say_their_length_and_price(patient_chat, check_up, vaccination):
    patient_chat.says("/book")
    assert "check-up · 30 min" in patient_chat.labels
    assert "Vaccination · 15 min · 1,200 baht" in patient_chat.labels


def test_in_thai_a_service_has_its_thai_name(patient_chat, check_up, vaccination):
    patient_chat.speaks("th").says("/book")
    assert any("ฉีดวัคซีน" in label for label in patient_chat.labels)


def test_the_menu_leads_to_the_services_and_they_lead_back(patient_chat, check_up, vaccination):
    patient_chat.says("/start")
    tap(patient_chat, "b")
    tap(patient_chat, "bs", pack_int(vaccination.pk))
    assert "Vaccination" in patient_chat.card.text
    tap(patient_chat, "b")
    assert find(patient_chat, "bs", pack_int(check_up.pk))
    assert "m" in actions(patient_chat)


def test_the_only_service_is_chosen_at_once(patient_chat, check_up):
    patient_chat.says("/book")
    assert "Choose a day." in patient_chat.card.text
    assert find(patient_chat, "bd")
    patient_chat.taps("« Back")
    assert "check-up · 30 min" in patient_chat.labels


def test_more_than_ten_services_come_in_pages(patient_chat, check_up, dr_bob):
    for number in range(11):
        make_service(dr_bob, slug=f"more-{number:02}")
    patient_chat.says("/book")
    assert sum("min" in label for label in patient_chat.labels) == 10
    patient_chat.taps("»")
    assert sum("min" in label for label in patient_chat.labels) == 2
    patient_chat.taps("«")
    assert sum("min" in label for label in patient_chat.labels) == 10


def test_where_nothing_is_offered_the_hospitals_phone_is_told(patient_chat, hospital, check_up):
    hospital.phone_number = "02 123 4567"
    hospital.save()
    HealthcareService.objects.update(is_active=False)
    patient_chat.says("/book")
    assert "Nothing can be booked here" in patient_chat.card.text
    assert "02 123 4567" in patient_chat.card.text
    assert actions(patient_chat) == {"m"}


@pytest.mark.parametrize("action", ["bs", "bm", "bd", "bt"])
def test_a_service_that_was_switched_off_meanwhile_leads_to_the_others(
    patient_chat, check_up, vaccination, action
):
    patient_chat.says("/book")
    old = {"bs": find(patient_chat, "bs", pack_int(check_up.pk))}
    tap(patient_chat, "bs", pack_int(check_up.pk))
    old["bd"] = find(patient_chat, "bd")
    tap_day(patient_chat, coming_day())
    old |= {"bm": find(patient_chat, "bm"), "bt": find(patient_chat, "bt")}
    HealthcareService.objects.filter(pk=check_up.pk).update(is_active=False)

    message_id, button = old[action]
    patient_chat.taps_data(button.data, message_id)
    assert "This service cannot be booked any more." in patient_chat.card.text
    assert find(patient_chat, "bs", pack_int(vaccination.pk))


# ── the month ─────────────────────────────────────────────────────────────────
def test_only_days_with_something_free_can_be_chosen(patient_chat, check_up, dr_bob):
    WeeklyHours.objects.filter(practitioner=dr_bob).exclude(weekday=coming_day(3).weekday()).delete()
    patient_chat.says("/book")
    for days in range(1, 8):
        found = find(patient_chat, "bd", pack_day(coming_day(days)))
        if coming_day(days).month == coming_day(3).month:
            assert bool(found) is (days == 3)


def test_a_day_that_cannot_be_chosen_says_so_and_changes_nothing(patient_chat, check_up, dr_bob):
    WeeklyHours.objects.filter(practitioner=dr_bob).exclude(weekday=coming_day(3).weekday()).delete()
    patient_chat.says("/book")
    before = patient_chat.card
    reply = tap(patient_chat, "n", "d")
    assert reply.toast == "Nothing is free on this day."
    assert (reply.cards, patient_chat.card) == ((), before)


def test_a_heading_is_answered_with_nothing(patient_chat, check_up):
    patient_chat.says("/book")
    reply = patient_chat.taps("Sun")
    assert (reply.toast, reply.cards) == ("", ())


def test_the_calendar_opens_where_something_is_free(patient_chat, dr_bob, check_up):
    late = coming_day(45)
    WeeklyHours.objects.filter(practitioner=dr_bob).update(valid_from=late)
    patient_chat.says("/book")
    assert f"{late:%B %Y}" in patient_chat.labels


def test_where_nothing_is_free_at_all_one_can_wait_or_call(patient_chat, hospital, check_up, dr_bob):
    hospital.phone_number = "02 123 4567"
    hospital.save()
    WeeklyHours.objects.filter(practitioner=dr_bob).delete()
    patient_chat.says("/book")
    assert "Every time that can be booked is taken." in patient_chat.card.text
    assert "02 123 4567" in patient_chat.card.text
    assert {"wj", "b", "m"} == actions(patient_chat)


# ── the day ───────────────────────────────────────────────────────────────────
def test_a_day_shows_its_times_in_their_parts(patient_chat, check_up):
    to_times(patient_chat)
    labels = patient_chat.labels
    assert labels.index("Morning") < labels.index("09:00") < labels.index("Afternoon") < labels.index("13:00")
    assert len([label for label in labels if ":" in label]) == 14


def test_what_is_taken_is_not_shown(patient_chat, desk, check_up):
    book(desk, check_up, at(10))
    to_times(patient_chat)
    assert "10:00" not in patient_chat.labels
    assert "10:30" in patient_chat.labels


def test_two_doctors_at_one_time_are_one_button(patient_chat, check_up, dr_eve):
    to_times(patient_chat)
    assert patient_chat.labels.count("09:00") == 1


def test_seats_that_are_left_are_told(patient_chat, desk, check_up):
    HealthcareService.objects.filter(pk=check_up.pk).update(capacity=5)
    book(desk, check_up, at(10))
    to_times(patient_chat)
    assert "10:00 (4)" in patient_chat.labels
    assert "how many seats are left" in patient_chat.card.text


def test_a_day_that_filled_up_meanwhile_shows_the_nearest_times(patient_chat, check_up, dr_bob):
    patient_chat.says("/book")
    tap_day(patient_chat, coming_day(2))
    back = find(patient_chat, "bm")
    old = patient_chat.card
    patient_chat.taps_data(back[1].data, back[0])
    day = find(patient_chat, "bd", pack_day(coming_day(2)))
    WeeklyHours.objects.filter(practitioner=dr_bob, weekday=coming_day(2).weekday()).delete()
    patient_chat.taps_data(day[1].data, day[0])
    assert "Nothing is free on this day." in patient_chat.card.text
    assert patient_chat.card != old
    assert {"bt", "wj", "bm", "m"} == actions(patient_chat)


def test_back_from_the_times_is_the_month_of_that_day(patient_chat, check_up):
    to_times(patient_chat, days=40)
    patient_chat.taps("« Back")
    assert f"{coming_day(40):%B %Y}" in patient_chat.labels


def test_a_full_day_of_short_visits_is_shown_in_pages(patient_chat, check_up):
    round_the_clock = make_practitioner("Dr Owl", hours=False)
    give_hours(round_the_clock, ("00:00", "23:59"))
    HealthcareService.objects.update(is_active=False)
    make_service(round_the_clock, slug="quick", duration_minutes=5, slot_interval=5)
    to_times(patient_chat, days=3)
    assert "00:00" in patient_chat.labels
    patient_chat.taps("Later »")
    assert "05:00" in patient_chat.labels


# ── who may look, and what it costs ───────────────────────────────────────────
def test_anybody_may_look_as_far_as_the_times(chat, check_up):
    to_times(chat)
    assert "09:00" in chat.labels


def test_the_tapped_cards_hospital_counts(
    patient_chat, platform_bot, hospital, other_hospital, check_up, vaccination
):
    patient_chat.says("/book")
    user = patient_chat.user
    user.hospital = other_hospital
    user.save()
    tap(patient_chat, "bs", pack_int(vaccination.pk))
    assert "Vaccination" in patient_chat.card.text


def test_a_hospital_that_was_switched_off_meanwhile_leads_to_the_others(patient_chat, hospital, check_up):
    to_times(patient_chat)
    hospital.is_active = False
    hospital.save()
    forget_hospitals()
    patient_chat.taps("09:00")
    assert patient_chat.card.rows
    assert "bt" not in actions(patient_chat)


@pytest.mark.parametrize("services", [1, 3])
def test_taps_cost_the_same_for_one_service_and_for_three(patient_chat, dr_bob, check_up, services):
    for number in range(services):
        make_service(dr_bob, slug=f"more-{number}")
    which, day = pack_int(check_up.pk), pack_day(coming_day())
    costs = {}

    def count(action, *arguments):
        with counted() as statements:
            tap(patient_chat, action, *arguments)
        costs[action] = len(statements)

    # The first round fills what is kept in memory.
    for _ in range(2):
        patient_chat.says("/start")
        count("b")
        count("bs", which)
        tap_day(patient_chat, coming_day())
        count("bm", day)
        tap(patient_chat, "bd", day)
        tap(patient_chat, "bm", day)
        count("bd", day)
    # One finds the person and their hospital, one the rules' version, one what is taken; at the beginning one
    # looks for what was kept. On the last evening of a month the calendar looks into the next one too.
    assert costs == {"b": 3, "bs": costs["bs"], "bm": 3, "bd": 3}
    assert costs["bs"] in (3, 4)
