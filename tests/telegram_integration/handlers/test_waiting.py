"""The waiting list in the chat."""

import pytest

from bookings.actions.appointments import cancel_appointment
from bookings.actions.patients import Guest
from bookings.models import HealthcareService, WaitingListEntry, WeeklyHours
from telegram_integration.callbacks import Tap, pack_uuid, sign
from tests.support.booking import book, set_status
from tests.support.booking_chat import actions, find, tap
from tests.support.catalogue import at, guest
from tests.support.waiting_list import let_jobs_run, offer_to, wait

pytestmark = pytest.mark.usefixtures("in_hospital", "check_up")


@pytest.fixture
def row(people, desk, check_up):
    """Alice's visit in five days."""
    return book(desk, check_up, at(10, days=5), guest=Guest.known(people.alice))


def entries():
    return list(WaitingListEntry.objects.order_by("created_at"))


def test_whoever_finds_nothing_waits_for_the_service(patient_chat, people, check_up, dr_bob):
    WeeklyHours.objects.filter(practitioner=dr_bob).delete()
    patient_chat.says("/book")
    patient_chat.taps("Tell me when a time becomes free")
    (entry,) = entries()
    assert (entry.patient_id, entry.service_id, entry.brings_forward) == (people.alice.pk, check_up.pk, None)
    assert "You are on the waiting list." in patient_chat.card.text
    assert actions(patient_chat) == {"a", "m"}


def test_asked_again_they_wait_once_and_read_the_same(patient_chat):
    patient_chat.says("/book")
    first = tap(patient_chat, "wj")
    again = patient_chat.again()
    assert first.cards == again.cards
    assert len(entries()) == 1


def test_an_appointment_can_wait_for_an_earlier_time(patient_chat, row):
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    patient_chat.taps("Tell me when an earlier time becomes free")
    (entry,) = entries()
    assert entry.brings_forward_id == row.pk
    assert "Your appointment stays." in patient_chat.card.text
    patient_chat.again()
    assert len(entries()) == 1


def test_what_is_waited_for_is_listed_and_can_be_left(patient_chat):
    patient_chat.says("/book")
    tap(patient_chat, "wj")
    tap(patient_chat, "a")
    assert "You are waiting for:" in patient_chat.card.text
    tap(patient_chat, "we")
    first = tap(patient_chat, "wl")
    assert "You are no longer on the waiting list." in patient_chat.card.text
    assert patient_chat.again().cards == first.cards
    assert [entry.status for entry in entries()] == ["LEFT"]
    tap(patient_chat, "a")
    assert "You have no coming appointments." in patient_chat.card.text
    assert find(patient_chat, "we") is None


def test_both_lists_stand_on_one_card(patient_chat, row):
    patient_chat.says("/book")
    tap(patient_chat, "wj")
    tap(patient_chat, "a")
    assert {"ad", "we", "m"} == actions(patient_chat)
    assert "🔔 check-up" in patient_chat.labels


def test_what_is_offered_can_be_answered_there(patient_chat, desk, check_up):
    taken = book(desk, check_up, at(15, days=2), guest=guest("Nok", "0820000001"))
    patient_chat.says("/book")
    tap(patient_chat, "wj")
    cancel_appointment(desk, reference=taken.reference)
    let_jobs_run()
    (entry,) = entries()
    assert offer_to(entry.pk) is not None
    tap(patient_chat, "a")
    tap(patient_chat, "we")
    assert "A time became free." in patient_chat.card.text
    assert "15:00" in patient_chat.card.text
    assert {"wa", "wd", "wl", "a", "m"} == actions(patient_chat)


def test_a_service_that_was_switched_off_cannot_be_waited_for(patient_chat, check_up, dr_bob):
    patient_chat.says("/book")
    HealthcareService.objects.filter(pk=check_up.pk).update(is_active=False)
    tap(patient_chat, "wj")
    assert "This service cannot be booked any more." in patient_chat.card.text
    assert entries() == []


def test_a_cancelled_appointment_cannot_come_sooner(patient_chat, row):
    patient_chat.says("/myappointments")
    tap(patient_chat, "ad")
    set_status(row, "CANCELLED")
    tap(patient_chat, "wf")
    assert "cannot be moved any more" in patient_chat.card.text
    assert entries() == []


@pytest.mark.parametrize("action", ["we", "wl"])
def test_another_patients_entry_is_not_found(patient_chat, desk, check_up, action):
    others = wait(desk, check_up)
    tapped = Tap(action, patient_chat.user.hospital_id, (pack_uuid(others),))
    patient_chat.taps_data(sign(tapped, bot_id=patient_chat.bot.pk, chat_id=patient_chat.telegram_id))
    assert "There is no such entry in the waiting list." in patient_chat.card.text
    assert [entry.status for entry in entries()] == ["WAITING"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_card_fits_in_both_languages(patient_chat, row, language):
    patient_chat.speaks(language).says("/myappointments")
    tap(patient_chat, "ad")
    tap(patient_chat, "wf")
    tap(patient_chat, "a")
    tap(patient_chat, "we")
    tap(patient_chat, "wl")
    assert [entry.status for entry in entries()] == ["LEFT"]


def test_a_stranger_who_wants_to_wait_says_first_who_they_are(chat):
    chat.says("/book")
    tap(chat, "wj")
    assert entries() == []
