"""Several at once, with connections of their own."""

from functools import partial

import pytest
from django.db import connection

from bookings.actions.patients import name_key
from bookings.models import Appointment, Patient
from bookings.rules.statuses import Status
from telegram_integration.models import Proof, TelegramBot, TelegramLink, TelegramUser
from tests.support.booking import types_of
from tests.support.booking_chat import booked, find, held, instant, tap_day, to_summary
from tests.support.catalogue import coming_day, make_practitioner, make_service
from tests.support.chat import Chat
from tests.support.threads import together

pytestmark = pytest.mark.usefixtures("patient_locks")


@pytest.fixture
def bot(fresh_hospital, settings):
    """A bot that other connections know of, gone afterwards with whoever wrote to it."""
    settings.DEFAULT_SUBDOMAIN = fresh_hospital.subdomain
    bot = TelegramBot.objects.create(telegram_id=555_000_111, username="races_bot")
    before = set(TelegramUser.objects.values_list("pk", flat=True))
    yield bot
    TelegramUser.objects.exclude(pk__in=before).delete()
    bot.delete()


@pytest.fixture
def service(fresh_hospital):
    """Half an hour with one doctor."""
    return make_service(make_practitioner(), slug="visit")


@pytest.fixture
def patients(fresh_hospital, bot, service):
    """A way to have so many patients, each in a chat of their own."""

    def make(count):
        return [_patient(fresh_hospital, bot, number) for number in range(count)]

    return make


def _patient(hospital, bot, number):
    name = f"Guest {number}"
    patient = Patient.objects.create(name=name, name_key=name_key(name), phone_number=f"+6681000000{number}")
    chat = Chat(bot, first_name=name).speaks("en")
    TelegramUser.objects.filter(pk=chat.user.pk).update(hospital=hospital)
    TelegramLink.objects.create(user=chat.user, hospital=hospital, patient_id=patient.pk, proof=Proof.CODE)
    return chat


def test_of_several_who_want_one_slot_one_gets_it_and_the_others_see_that_days_times(
    fresh_hospital, patients
):
    chats = patients(4)
    for chat in chats:
        chat.says("/book")
        tap_day(chat, coming_day())
    together(fresh_hospital, [partial(chat.taps, "10:00") for chat in chats])

    (hold,) = held()
    (winner,) = [chat for chat in chats if "Is this right?" in chat.card.text]
    for chat in chats:
        if chat is not winner:
            assert "This time has just been taken." in chat.card.text
            assert "10:00" not in chat.labels
            assert "10:30" in chat.labels
    winner.taps("Confirm")
    assert [row.pk for row in booked()] == [hold.pk]


def test_a_confirm_that_comes_several_times_at_once_makes_one_booking(fresh_hospital, patients):
    (chat,) = patients(1)
    to_summary(chat, instant(10))
    message_id, confirm = find(chat, "bc")
    replies = together(fresh_hospital, [partial(chat.taps_data, confirm.data, message_id)] * 4)

    (row,) = booked()
    assert all(row.reference in reply.cards[0].text for reply in replies)
    assert types_of(row).count("booking.created") == 1


def test_two_slots_tapped_at_once_keep_one_place_for_each_patient(fresh_hospital, patients):
    (chat,) = patients(1)
    chat.says("/book")
    tap_day(chat, coming_day())
    together(fresh_hospital, [partial(chat.taps, "10:00")] * 4)
    assert [hold.start for hold in held()] == [instant(10)]
    assert Appointment.objects.exclude(status=Status.HELD).count() == 0
    assert connection.vendor == "postgresql"
