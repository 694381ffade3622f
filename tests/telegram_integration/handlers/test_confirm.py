"""Booking, from the slot to the ticket."""

import pytest

from bookings.actions.appointments import cancel_appointment
from bookings.actions.patients import Guest
from bookings.models import HealthcareService, Practitioner, WeeklyHours
from tenants.directory import forget_hospitals
from tests.support.booking import book, let_run_out, types_of
from tests.support.booking_chat import (
    actions,
    booked,
    find,
    held,
    instant,
    tap,
    tap_day,
    tap_time,
    to_summary,
    to_times,
)
from tests.support.catalogue import at, coming_day, make_practitioner, make_service
from tests.support.statements import counted
from tests.support.telegram_html import check_reply, plain_text

pytestmark = pytest.mark.usefixtures("in_hospital", "check_up")


def test_five_taps_lead_from_the_menu_to_the_ticket(patient_chat, check_up, dr_bob):
    make_service(dr_bob, slug="other")
    patient_chat.says("/start")
    before = len(patient_chat.answers)
    patient_chat.taps("Book")
    patient_chat.taps("check-up")
    tap(patient_chat, "bd")
    tap(patient_chat, "bt")
    patient_chat.taps("Confirm")

    (row,) = booked()
    assert len(patient_chat.answers) - before == 5
    assert row.reference in patient_chat.card.text
    assert len(patient_chat.messages) == 1


# ── the summary ───────────────────────────────────────────────────────────────
def test_the_summary_says_everything_and_until_when_the_slot_is_kept(patient_chat, hospital, check_up):
    HealthcareService.objects.filter(pk=check_up.pk).update(price="350.50")
    to_summary(patient_chat, instant(10))
    (hold,) = held()
    seen = plain_text(patient_chat.card.text)
    for fact in ("check-up", "30 min", f"{coming_day():%A}", "10:00", "Dr Bob", "Ploy Hospital", "Bangkok"):
        assert fact in seen
    assert "350.50 baht" in seen
    until = hold.hold_expires_at.astimezone(instant(10).tzinfo)
    assert f"until {until:%H:%M}" in seen
    assert (hold.patient_id, hold.source) == (hold.patient.pk, "telegram")


def test_yes_is_green_no_is_red_and_there_is_a_way_back(patient_chat):
    to_summary(patient_chat, instant(10))
    (yes, no), (back,) = patient_chat.card.rows
    assert [(button.text, str(button.style)) for button in (yes, no, back)] == [
        ("Confirm", "success"),
        ("Cancel", "danger"),
        ("« Back to the times", ""),
    ]


def test_the_slot_is_kept_once_however_often_it_is_asked_for(patient_chat):
    to_summary(patient_chat, instant(10))
    card = patient_chat.card
    patient_chat.again()
    assert len(held()) == 1
    assert patient_chat.card == card


def test_back_to_the_times_lets_the_slot_go(patient_chat):
    to_summary(patient_chat, instant(10))
    patient_chat.taps("Back to the times")
    assert held() == []
    assert "10:00" in patient_chat.labels
    patient_chat.again()
    assert "10:00" in patient_chat.labels


def test_cancelling_lets_the_slot_go_and_leads_to_the_menu(patient_chat):
    to_summary(patient_chat, instant(10))
    patient_chat.taps("Cancel")
    assert held() == booked() == []
    assert "Nothing was booked." in patient_chat.card.text
    assert "b" in actions(patient_chat)


def test_another_time_on_an_old_card_lets_the_first_one_go(patient_chat):
    to_times(patient_chat)
    old = find(patient_chat, "bt")
    to_summary(patient_chat, instant(11))
    patient_chat.taps_data(old[1].data, old[0])
    assert [hold.start for hold in held()] != [instant(11)]
    assert len(held()) == 1


def test_an_old_cards_back_does_not_let_a_newer_slot_go(patient_chat):
    to_summary(patient_chat, instant(10))
    old = find(patient_chat, "bx")
    to_summary(patient_chat, instant(11))
    patient_chat.taps_data(old[1].data, old[0])
    assert [hold.start for hold in held()] == [instant(11)]


def test_whoever_begins_anew_finds_the_time_free_that_was_kept_for_them(patient_chat):
    to_summary(patient_chat, instant(10))
    old = find(patient_chat, "bc")
    to_times(patient_chat)
    assert held() == []
    assert "10:00" in patient_chat.labels
    patient_chat.taps_data(old[1].data, old[0])
    assert "not held any more" in patient_chat.messages[old[0]].text


# ── what goes wrong on the way ────────────────────────────────────────────────
def test_a_slot_that_went_leads_back_to_the_days_times_with_one_line(patient_chat, desk, check_up):
    to_times(patient_chat)
    book(desk, check_up, at(10))
    tap_time(patient_chat, instant(10))
    assert patient_chat.card.text.startswith("⚠️ This time has just been taken.\n\n")
    assert "10:00" not in patient_chat.labels
    assert "10:30" in patient_chat.labels


def test_the_last_slot_of_a_day_that_went_leads_to_other_days(patient_chat, desk, check_up, dr_bob):
    WeeklyHours.objects.filter(practitioner=dr_bob, weekday=coming_day().weekday()).delete()
    WeeklyHours.objects.create(
        practitioner=dr_bob, weekday=coming_day().weekday(), start_time="10:00", end_time="10:30"
    )
    to_times(patient_chat)
    book(desk, check_up, at(10))
    tap_time(patient_chat, instant(10))
    assert "This time has just been taken." in patient_chat.card.text
    assert {"bt", "wj", "bm", "m"} == actions(patient_chat)


def test_whoever_is_elsewhere_at_that_time_is_told(patient_chat, desk, people, check_up):
    far = make_service(make_practitioner("Dr Far"), slug="far")
    patient_chat.says("/book")
    patient_chat.taps("check-up")
    tap_day(patient_chat, coming_day())
    book(desk, far, at(10), guest=Guest.known(people.alice))
    tap_time(patient_chat, instant(10))
    assert "You have another appointment at this time." in patient_chat.card.text
    assert "bt" in actions(patient_chat)


def test_a_hold_that_ran_out_leads_back_to_the_times(patient_chat):
    to_summary(patient_chat, instant(10))
    let_run_out(held()[0])
    patient_chat.taps("Confirm")
    assert "not held any more" in patient_chat.card.text
    assert "10:00" in patient_chat.labels
    assert booked() == []


def test_a_doctor_who_left_meanwhile_leads_back_to_the_times(patient_chat, check_up, dr_bob, dr_eve):
    Practitioner.objects.filter(pk=dr_eve.pk).update(is_bookable=False)
    to_summary(patient_chat, instant(10))
    Practitioner.objects.filter(pk=dr_bob.pk).update(is_bookable=False)
    Practitioner.objects.filter(pk=dr_eve.pk).update(is_bookable=True)
    patient_chat.taps("Confirm")
    assert "This time cannot be booked any more." in patient_chat.card.text
    assert "10:00" in patient_chat.labels
    assert booked() == []


def test_a_service_that_was_switched_off_before_confirming_leads_to_the_others(
    patient_chat, check_up, dr_bob
):
    to_summary(patient_chat, instant(10))
    make_service(dr_bob, slug="other")
    HealthcareService.objects.filter(pk=check_up.pk).update(is_active=False)
    patient_chat.taps("Confirm")
    assert "This service cannot be booked any more." in patient_chat.card.text
    assert "bs" in actions(patient_chat)
    assert booked() == []


def test_a_hospital_that_was_switched_off_before_confirming_books_nothing(patient_chat, hospital):
    to_summary(patient_chat, instant(10))
    hospital.is_active = False
    hospital.save()
    forget_hospitals()
    patient_chat.taps("Confirm")
    assert booked() == []
    assert patient_chat.card.rows


# ── the ticket ────────────────────────────────────────────────────────────────
def test_the_ticket_says_everything_and_brings_a_calendar_file(patient_chat, people):
    to_summary(patient_chat, instant(10))
    reply = patient_chat.taps("Confirm")
    (row,) = booked()
    seen = plain_text(patient_chat.card.text)
    for fact in (row.reference, "check-up", "10:00", "Dr Bob", "Ploy Hospital"):
        assert fact in seen
    assert (row.patient_id, row.guest_name, row.source) == (people.alice.pk, people.alice.name, "telegram")
    assert {"am", "ac", "m"} == actions(patient_chat)
    (document,) = reply.documents
    assert document.name == f"{row.reference}.ics"
    assert document.content.startswith(b"BEGIN:VCALENDAR")
    check_reply(reply)


def test_confirmed_twice_it_is_one_booking_and_the_same_ticket(patient_chat):
    to_summary(patient_chat, instant(10))
    confirm = find(patient_chat, "bc")
    first = patient_chat.taps("Confirm")
    again = patient_chat.again()
    tapped = patient_chat.taps_data(confirm[1].data, confirm[0])
    (row,) = booked()
    assert first.cards == again.cards == tapped.cards
    assert first.documents == again.documents
    assert types_of(row).count("booking.created") == 1


def test_confirmed_again_after_it_was_cancelled_it_is_shown_as_it_is(patient_chat, desk):
    to_summary(patient_chat, instant(10))
    patient_chat.taps("Confirm")
    cancel_appointment(desk, reference=booked()[0].reference)
    patient_chat.again()
    assert "Status: Cancelled" in patient_chat.card.text
    assert len(booked()) == 1


def test_in_thai_days_have_the_buddhist_year(patient_chat):
    patient_chat.speaks("th")
    to_summary(patient_chat, instant(10))
    assert str(coming_day().year + 543) in patient_chat.card.text
    assert "10:00 น." in patient_chat.card.text
    patient_chat.taps_data(find(patient_chat, "bc")[1].data, find(patient_chat, "bc")[0])
    assert str(coming_day().year + 543) in patient_chat.card.text


# ── who ───────────────────────────────────────────────────────────────────────
def test_a_stranger_who_chose_a_time_says_who_they_are_and_gets_to_it(chat):
    to_times(chat)
    tap_time(chat, instant(10))
    assert held() == []
    chat.says("Malee Srisuk")
    chat.shares("+66891234567")
    assert "Is this right?" in chat.card.text
    tap(chat, "bc")
    assert [(row.guest_name, row.start) for row in booked()] == [("Malee Srisuk", instant(10))]


def test_a_button_of_another_chat_books_nothing(patient_chat, chat):
    to_summary(patient_chat, instant(10))
    confirm = find(patient_chat, "bc")
    chat.taps_data(confirm[1].data, 1)
    assert booked() == []
    assert len(held()) == 1


@pytest.mark.parametrize("appointments", [1, 3])
def test_taps_cost_the_same_for_one_appointment_and_for_three(patient_chat, desk, check_up, appointments):
    for number in range(appointments):
        book(desk, check_up, at(9 + number))
    to_summary(patient_chat, instant(15))
    patient_chat.taps("Back to the times")
    with counted() as keeping:
        tap_time(patient_chat, instant(14))
    with counted() as booking:
        tap(patient_chat, "bc")
    # Savepoints of the test's own transaction are among them.
    assert (len(keeping), len(booking)) == (11, 10)
