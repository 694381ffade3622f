"""The buttons on notices: confirming, taking an offer, letting it go; each of them twice, late, and old."""

import pytest

from bookings.actions.appointments import cancel_appointment
from bookings.actions.waiting_list import accept_offer, decline_offer, leave_waiting_list
from bookings.channels import Message
from bookings.models import Appointment, WaitingListEntry
from core import clock
from telegram_integration.words.notices import Destination, notice_card
from tests.support.booking import book, set_status
from tests.support.catalogue import at, guest
from tests.support.notices import instant
from tests.support.telegram_html import check_card
from tests.support.waiting_list import let_jobs_run, let_offer_run_out, offer_to, status_of, wait

MENU = "Main menu"


@pytest.fixture
def own(alice, people, check_up):
    """Alice's appointment, tomorrow at ten."""
    return book(alice, check_up, at(10), guest=guest(people.alice.name, people.alice.phone_number))


@pytest.fixture
def offered(desk, people, check_up):
    """An offer to Alice, who waits: tomorrow at ten. The id of her entry."""
    entry = wait(desk, check_up, guest=guest(people.alice.name, people.alice.phone_number))
    row = book(desk, check_up, at(10), guest=guest("Nok", "0820000001"))
    cancel_appointment(desk, reference=row.reference)
    let_jobs_run()
    return entry


def told(chat, hospital, kind, *, start, **data):
    """Put a notice into the chat, as the channel words it."""
    facts = {"start": start, "reference": "ABCD-EFGH", "place": "Bangkok", "name": "Alice"}
    facts |= {"is_move": False, "until": start, "is_new_time": True}
    message = Message(
        id=hospital.uuid, kind=kind, title="Title", text="Text", html="", data=data, facts=facts
    )
    card = notice_card(message, Destination(hospital, chat.bot.pk, chat.telegram_id, chat.user.language))
    check_card(card)
    chat.messages[max(chat.messages, default=0) + 1] = card


def reminded(chat, hospital, row):
    told(chat, hospital, "reminder", start=row.start, subject=str(row.pk))


def told_of_offer(chat, hospital, entry):
    told(chat, hospital, "waiting_list_offer", start=offer_to(entry).start, entry_id=str(entry), subject="x")


# ── confirming ─────────────────────────────────────────────────────────────────
def test_a_reminder_is_confirmed_in_place_and_a_second_time_the_same(patient_chat, in_hospital, own):
    reminded(patient_chat, in_hospital, own)
    first = patient_chat.taps("Confirm")
    own.refresh_from_db()

    assert own.status == "CONFIRMED"
    assert "You are expected" in patient_chat.text
    assert patient_chat.toast == "Confirmed"
    assert patient_chat.labels == ["Reschedule", "Cancel appointment", MENU]
    assert len(patient_chat.messages) == 1, "edited in place"

    assert patient_chat.again() == first
    own.refresh_from_db()
    assert own.status == "CONFIRMED"


def test_what_was_cancelled_cannot_be_confirmed_and_the_way_on_is_another_booking(
    desk, patient_chat, in_hospital, own
):
    reminded(patient_chat, in_hospital, own)
    cancel_appointment(desk, reference=own.reference)
    patient_chat.taps("Confirm")

    assert "was cancelled" in patient_chat.text
    assert patient_chat.labels == ["Book again", MENU]
    own.refresh_from_db()
    assert own.status == "CANCELLED"
    patient_chat.taps("Book again")
    assert "Choose a day" in patient_chat.text


@pytest.mark.parametrize("status", ["CHECKED_IN", "COMPLETED", "NO_SHOW"])
def test_whoever_is_there_already_has_nothing_to_confirm(patient_chat, in_hospital, own, status):
    reminded(patient_chat, in_hospital, own)
    set_status(own, status)
    patient_chat.taps("Confirm")

    assert "nothing to confirm" in patient_chat.text
    assert MENU in patient_chat.labels
    own.refresh_from_db()
    assert own.status == status


def test_what_is_past_is_not_confirmed(patient_chat, in_hospital, own):
    reminded(patient_chat, in_hospital, own)
    past = clock.now().replace(microsecond=0) - 2 * (own.end - own.start)
    end = past + (own.end - own.start)
    Appointment.objects.filter(pk=own.pk).update(start=past, end=end, occupied=(past, end))
    patient_chat.taps("Confirm")

    assert "has passed" in patient_chat.text
    own.refresh_from_db()
    assert own.status == "SCHEDULED"


def test_somebody_elses_appointment_is_not_there(patient_chat, in_hospital, desk, check_up):
    row = book(desk, check_up, at(11), guest=guest())
    reminded(patient_chat, in_hospital, row)
    patient_chat.taps("Confirm")

    row.refresh_from_db()
    assert row.status == "SCHEDULED"
    assert MENU in patient_chat.labels


def test_the_other_buttons_of_a_reminder_lead_to_moving_and_cancelling(patient_chat, in_hospital, own):
    reminded(patient_chat, in_hospital, own)
    reminded(patient_chat, in_hospital, own)

    patient_chat.taps("Reschedule")
    assert "Choose a day" in patient_chat.text
    reminded(patient_chat, in_hospital, own)
    patient_chat.taps("Cancel appointment")
    assert "Cancel this appointment?" in patient_chat.text


def test_the_button_of_another_chat_opens_nothing(patient_chat, chat, in_hospital, own):
    reminded(patient_chat, in_hospital, own)
    chat.taps_data(patient_chat.card.rows[0][0].data)

    own.refresh_from_db()
    assert own.status == "SCHEDULED"


# ── changes ────────────────────────────────────────────────────────────────────
def test_a_notice_of_a_move_leads_to_the_details(patient_chat, in_hospital, own):
    told(patient_chat, in_hospital, "booking_moved", start=own.start, subject="1", appointment_id=str(own.pk))
    patient_chat.taps("Details")

    assert own.reference in patient_chat.text
    assert "Scheduled" in patient_chat.text


def test_who_is_asked_to_choose_another_time_does_so_by_the_buttons(patient_chat, in_hospital, own):
    told(
        patient_chat, in_hospital, "choose_another_time", start=own.start, subject="1",
        appointment_id=str(own.pk),
    )  # fmt: skip
    assert "Please choose another time" in patient_chat.card.text
    patient_chat.taps("Reschedule")

    assert "Choose a day" in patient_chat.text
    assert "Please choose another time" not in patient_chat.text


def test_a_notice_that_a_cancelling_was_taken_back_leads_to_the_details(patient_chat, in_hospital, own):
    told(
        patient_chat, in_hospital, "booking_restored", start=own.start, subject="1",
        appointment_id=str(own.pk),
    )  # fmt: skip
    assert "takes place after all" in patient_chat.card.text
    patient_chat.taps("Details")

    assert own.reference in patient_chat.text
    assert "Scheduled" in patient_chat.text


def test_a_notice_of_a_kind_that_nobody_words_here_shows_its_own_words(patient_chat, in_hospital):
    told(patient_chat, in_hospital, "riddle", start=instant(10), subject="x")

    assert patient_chat.card.text == "<b>Title</b>\n\nText"


# ── offers ─────────────────────────────────────────────────────────────────────
def test_an_offer_is_taken_and_the_ticket_shown_and_a_second_time_the_same(
    patient_chat, in_hospital, offered
):
    told_of_offer(patient_chat, in_hospital, offered)
    first = patient_chat.taps("Take it")

    entry = WaitingListEntry.objects.get(pk=offered)
    assert entry.status == "ACCEPTED"
    assert entry.became.start == instant(10, days=1)
    assert "Your appointment is booked" in patient_chat.text
    assert entry.became.reference in patient_chat.text
    [document] = first.documents
    assert document.name == f"{entry.became.reference}.ics"

    again = patient_chat.again()
    assert again.cards == first.cards
    assert Appointment.objects.filter(status="SCHEDULED").count() == 1


def test_an_offer_that_brings_an_appointment_forward_moves_it(
    alice, desk, patient_chat, in_hospital, check_up, people
):
    own = book(alice, check_up, at(15, days=3), guest=guest(people.alice.name, people.alice.phone_number))
    entry = wait(alice, check_up, service_id=None, guest=None, reference=own.reference)
    row = book(desk, check_up, at(10), guest=guest("Nok", "0820000001"))
    cancel_appointment(desk, reference=row.reference)
    let_jobs_run()
    told_of_offer(patient_chat, in_hospital, entry)
    patient_chat.taps("Take it")

    own.refresh_from_db()
    assert own.start == instant(10, days=1)
    assert "Your appointment is moved" in patient_chat.text


def test_an_offer_is_let_go_and_the_place_in_the_line_kept(patient_chat, in_hospital, offered):
    told_of_offer(patient_chat, in_hospital, offered)
    first = patient_chat.taps("No, thank you")

    assert status_of(offered) == "WAITING"
    assert offer_to(offered) is None
    assert "next person" in patient_chat.text
    assert patient_chat.labels == ["My place on the waiting list", "My appointments", MENU]
    assert patient_chat.again() == first


@pytest.mark.parametrize("label", ["Take it", "No, thank you"])
def test_an_offer_that_ran_out_says_so(patient_chat, in_hospital, offered, label):
    told_of_offer(patient_chat, in_hospital, offered)
    let_offer_run_out(offered)
    let_jobs_run()
    patient_chat.taps(label)

    assert not Appointment.objects.filter(status="SCHEDULED").exists()
    assert "over" in patient_chat.text or "next person" in patient_chat.text
    assert "My place on the waiting list" in patient_chat.labels


def test_an_old_card_does_not_take_another_time_than_it_shows(
    desk, patient_chat, in_hospital, offered, check_up
):
    told_of_offer(patient_chat, in_hospital, offered)
    decline_offer(desk, entry_id=offered)
    other = book(desk, check_up, at(14), guest=guest("Nok", "0820000001"))
    cancel_appointment(desk, reference=other.reference)
    let_jobs_run()
    assert offer_to(offered).start == instant(14, days=1)

    patient_chat.taps("Take it")
    assert "This offer is over" in patient_chat.text
    assert offer_to(offered).start == instant(14, days=1)


def test_what_was_taken_is_not_let_go_by_the_other_button(patient_chat, alice, in_hospital, offered):
    told_of_offer(patient_chat, in_hospital, offered)
    row = accept_offer(alice, entry_id=offered)
    patient_chat.taps("No, thank you")

    assert "You have taken this time" in patient_chat.text
    assert row.reference in patient_chat.text
    assert status_of(offered) == "ACCEPTED"


@pytest.mark.parametrize("label", ["Take it", "No, thank you"])
def test_whoever_left_the_list_is_shown_how_to_book(patient_chat, alice, in_hospital, offered, label):
    told_of_offer(patient_chat, in_hospital, offered)
    leave_waiting_list(alice, entry_id=offered)
    patient_chat.taps(label)

    assert "not on the waiting list any more" in patient_chat.text
    assert patient_chat.labels == ["Book an appointment", "My appointments", MENU]


def test_whoever_is_busy_at_that_time_is_told_why(
    patient_chat, alice, in_hospital, offered, check_up, dr_eve, people
):
    told_of_offer(patient_chat, in_hospital, offered)
    Appointment.objects.filter(pk=offer_to(offered).hold_id).update(patient=None)
    whose = guest(people.alice.name, people.alice.phone_number)
    book(alice, check_up, at(10), guest=whose, practitioner_id=str(dr_eve.pk))
    patient_chat.taps("Take it")

    assert "another appointment at this time" in patient_chat.text
    assert status_of(offered) == "OFFERED"
