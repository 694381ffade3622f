"""To registering and on from it: what was wanted, leaving, coming twice, another hospital."""

import pytest

from bookings.models import Patient
from telegram_integration import routes
from telegram_integration.callbacks import Tap, sign
from telegram_integration.cards import Card, show
from telegram_integration.models import TelegramLink
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.telegram_integration.codes import sent_code
from tests.telegram_integration.registering import MALEE, link_of, patient_of

# Each test looks into Ploy.
pytestmark = pytest.mark.usefixtures("in_hospital")


def test_whoever_wanted_something_gets_to_it_after_registering(chat, monkeypatch):
    asked = []

    def book(turn):
        asked.append((turn.command, turn.text, turn.is_linked))
        return show(Card(text="Which service?"))

    monkeypatch.setitem(routes.COMMANDS, "book", routes.Route(book, linked=True))
    chat.says("/book eyes")
    assert "has to know who you are" in chat.text
    chat.says("Malee Srisuk")
    chat.shares(MALEE)

    assert asked == [("book", "eyes", True)]
    assert chat.card.text == "Which service?"


def test_a_button_that_led_to_registering_is_done_afterwards(chat, monkeypatch):
    asked = []

    def day(turn):
        asked.append((turn.tap.action, turn.tap.arguments, turn.is_linked))
        return show(Card(text="Which time?"))

    monkeypatch.setitem(routes.TAPS, "zz", routes.Route(day, linked=True))
    _tap_as_a_stranger(chat, "zz", "7", "b")
    chat.says("Malee Srisuk")
    chat.shares(MALEE)

    assert asked == [("zz", ("7", "b"), True)]


def _tap_as_a_stranger(chat, action, *arguments):
    tap = Tap(action, chat.user.hospital_id or 0, arguments)
    chat.taps_data(sign(tap, bot_id=chat.bot.pk, chat_id=chat.telegram_id))


@pytest.mark.parametrize("update", ["name", "contact", "number", "code"])
def test_an_update_that_comes_twice_does_and_shows_the_same(chat, capsys, update):
    chat.says("/start")
    first = chat.says("Malee Srisuk")
    if update in ("number", "code"):
        first = chat.says("0891112222")
    if update == "code":
        first = chat.says(sent_code(capsys))
    if update == "contact":
        first = chat.shares(MALEE)
    second = chat.again()

    if update == "number":
        assert "A code was sent a moment ago" in chat.text
    else:
        assert second == first
    assert TelegramLink.objects.count() == (update in ("contact", "code"))


def test_cancel_leaves_registering_and_puts_the_button_away(at_phone):
    at_phone.says("/cancel")
    assert at_phone.answers[-1].reply.cards[0].drops_contact_button
    at_phone.says("Malee")

    assert "Welcome" in at_phone.text


def test_leave_does_not_ask_again_at_once(at_phone):
    at_phone.taps("Leave")

    assert any(card.drops_contact_button for card in at_phone.answers[-1].reply.cards)
    assert at_phone.labels == ["Start again"]
    at_phone.taps("Start again")
    assert "Welcome" in at_phone.text


def test_the_language_may_change_in_the_middle(at_phone):
    at_phone.says("/language")
    at_phone.taps("ภาษาไทย")

    assert at_phone.user.language == "th"
    assert at_phone.card.contact_button
    at_phone.shares(MALEE)
    assert patient_of(at_phone).language == "th"


def test_help_leaves_the_question_open(at_phone):
    at_phone.says("/help")
    at_phone.shares(MALEE)

    assert link_of(at_phone)


def test_whoever_is_linked_already_is_shown_the_menu_by_an_old_button(at_phone):
    at_phone.shares(MALEE)
    before = patient_of(at_phone)
    at_phone.taps("Change name")

    assert "📅 Book an appointment" in at_phone.labels
    assert patient_of(at_phone) == before


def test_a_button_of_another_hospital_leaves_registering_at_this_one(patient_chat, other_hospital):
    patient_chat.says("/start")
    patient_chat.says("/start rama")
    patient_chat.says("Malee Srisuk")
    before = link_of(patient_chat)
    patient_chat.taps("My appointments")
    assert any(card.drops_contact_button for card in patient_chat.answers[-1].reply.cards)
    patient_chat.shares(MALEE)

    assert "I did not ask anything just now." in patient_chat.text
    assert link_of(patient_chat) == before


@pytest.mark.parametrize("step", ["name", "phone", "code"])
def test_a_hospital_that_is_switched_off_meanwhile_leads_to_others(
    chat, hospital, other_hospital, capsys, step
):
    chat.says("/start")
    if step != "name":
        chat.says("Malee Srisuk")
    if step == "code":
        chat.says("0891112222")
    Hospital.objects.filter(pk=hospital.pk).update(is_active=False)
    forget_hospitals()
    chat.shares(MALEE)

    assert "Rama Hospital" in chat.labels
    assert chat.answers[-1].reply.cards[0].drops_contact_button is (step == "phone")
    assert not TelegramLink.objects.exists()


def test_registering_anew_makes_them_somebody_else(patient_chat, in_hospital, people):
    patient_chat.says("/help")
    patient_chat.taps("Register anew")
    patient_chat.says("Malee Srisuk")
    patient_chat.shares(MALEE)

    assert patient_of(patient_chat).name == "Malee Srisuk"
    assert TelegramLink.objects.filter(user=patient_chat.user).count() == 1
    assert Patient.objects.filter(pk=people.alice.pk).exists()


def test_the_known_name_and_number_are_offered_at_another_hospital(patient_chat, other_hospital, capsys):
    patient_chat.says("/hospital")
    patient_chat.taps("Rama Hospital")
    assert "Welcome to <b>Rama Hospital</b>" in patient_chat.text
    patient_chat.taps("Use “Alice ploy”")
    patient_chat.taps("Use 081 234 5678")
    patient_chat.says(sent_code(capsys))

    assert TelegramLink.objects.filter(user=patient_chat.user, hospital=other_hospital).exists()
    assert TelegramLink.objects.filter(user=patient_chat.user).count() == 2
    assert "Rama Hospital" in patient_chat.text
