"""Notices as cards: both languages, hostile names, and what no notice may say."""

from uuid import UUID

import pytest
from django.utils import translation

from bookings.channels import Message
from telegram_integration.callbacks import BadTap, read
from telegram_integration.words.notices import Destination, notice_card
from tests.support.notices import instant
from tests.support.telegram_html import check_card

BOT, CHAT = UUID(int=7), 5001
KEY = str(UUID(int=1))
DATA = {"subject": KEY, "appointment_id": KEY, "entry_id": KEY, "event_type_id": 12}
KINDS = [
    "reminder", "booking_moved", "booking_cancelled", "booking_restored", "choose_another_time",
    "waiting_list_offer", "riddle",
]  # fmt: skip


@pytest.fixture
def card(in_hospital):
    def card(kind, language, *, chat_id=CHAT, **facts):
        told = {
            "start": instant(10, days=1), "until": instant(9, days=1), "reference": "ABCD-EFGH",
            "place": "1 <Main> Road & Co", "is_move": False, "is_new_time": True,
        }  # fmt: skip
        message = Message(
            id=UUID(int=2), kind=kind, title="A <title>", text="A & text\n", html="", data=DATA,
            facts=told | facts,
        )  # fmt: skip
        return notice_card(message, Destination(in_hospital, BOT, chat_id, language))

    return card


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_is_a_card_that_telegram_takes(card, in_hospital, kind, language):
    in_hospital.name, in_hospital.phone_number = "<b>โรงพยาบาล & Co 🏥", "<i>02 & 3"
    made = card(kind, language)

    check_card(made)
    assert "<Main>" not in made.text
    assert "<title>" not in made.text


@pytest.mark.parametrize("kind", KINDS[:-1])
def test_every_button_is_signed_for_that_chat_and_no_other(card, in_hospital, kind):
    for row in card(kind, "en").rows:
        for button in row:
            assert read(button.data, bot_id=BOT, chat_id=CHAT).hospital_id == in_hospital.pk
            with pytest.raises(BadTap):
                read(button.data, bot_id=BOT, chat_id=CHAT + 1)


def test_a_card_speaks_the_language_of_its_chat_whatever_is_spoken_around_it(card):
    with translation.override("th"):
        assert "Reference: " in card("reminder", "en").text
    with translation.override("en"):
        assert str(instant(10, days=1).year + 543) in card("reminder", "th").text


def test_an_earlier_time_and_another_practitioner_are_said_as_such(card):
    assert "earlier time" in card("waiting_list_offer", "en", is_move=True).text
    assert "Somebody else" in card("booking_moved", "en", is_new_time=False).text


def test_own_words_that_are_too_long_for_a_message_leave_the_title(in_hospital):
    message = Message(id=UUID(int=2), kind="riddle", title="Title", text="&" * 4000, html="")
    made = notice_card(message, Destination(in_hospital, BOT, CHAT, "en"))

    check_card(made)
    assert made.text == "<b>Title</b>"
