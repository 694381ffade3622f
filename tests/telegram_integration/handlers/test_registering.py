"""Somebody becomes a patient: name and number, of all kinds."""

import pytest

from telegram_integration.models import Proof, TelegramLink
from tests.telegram_integration.codes import sent_code
from tests.telegram_integration.registering import ALICE, MALEE, link_of, patient_of

# Each test looks into Ploy.
pytestmark = pytest.mark.usefixtures("in_hospital")


def test_a_stranger_registers_with_a_contact_that_telegram_vouches_for(chat):
    chat.says("/start")
    assert "Welcome to <b>Ploy Hospital</b>" in chat.card.text
    chat.says("  Malee   Srisuk ")
    assert chat.card.contact_button
    chat.shares("66891112222")

    patient, user, link = patient_of(chat), chat.user, link_of(chat)
    assert (patient.name, patient.phone_number, patient.language) == ("Malee Srisuk", MALEE, "en")
    assert (user.name, user.phone_number, user.is_verified) == ("Malee Srisuk", MALEE, True)
    assert user.hospital.subdomain == "ploy"
    assert link.proof == Proof.CONTACT
    assert "You are registered" in chat.text
    assert "📅 Book an appointment" in chat.labels


def test_the_name_that_telegram_tells_is_one_tap(chat):
    chat.sender |= {"first_name": "Malee", "last_name": "Srisuk"}
    chat.says("/start")
    chat.taps("Use “Malee Srisuk”")
    chat.shares(MALEE)

    assert patient_of(chat).name == "Malee Srisuk"


def test_the_button_that_shares_a_number_is_put_away(at_phone):
    at_phone.shares(MALEE)

    assert [card.drops_contact_button for card in at_phone.answers[-1].reply.cards] == [True, False]


@pytest.mark.parametrize("number", ["+88812345678", "88812345678", "+66 89 111 2222", "call 0891112222", ""])
def test_a_number_that_is_no_accounts_telephone_is_no_proof(at_phone, number):
    at_phone.shares(number)

    assert not TelegramLink.objects.exists()
    assert at_phone.text.strip()


def test_whoever_proves_a_number_last_has_the_link(chat, patient_chat, people, capsys):
    chat.says("/start")
    chat.says(people.alice.name)
    chat.says(ALICE)
    chat.says(sent_code(capsys))

    assert link_of(chat).patient_id == people.alice.pk
    assert not TelegramLink.objects.filter(user=patient_chat.user).exists()
    patient_chat.says("/start")
    assert "Welcome" in patient_chat.text


def test_the_name_may_be_changed_before_the_end(at_code, capsys):
    sent_code(capsys)
    at_code.taps("Change name")
    at_code.says("Malee Jaidee")
    at_code.shares(MALEE)

    assert patient_of(at_code).name == "Malee Jaidee"


@pytest.mark.parametrize("number", ["hello", "12", "0" * 300, "+1 212 555 0100", "191", "๑"])
def test_a_number_that_cannot_be_used_is_asked_for_again(at_phone, number):
    at_phone.says(number)

    assert at_phone.card.contact_button
    assert "⚠️" in at_phone.card.text
    at_phone.shares(MALEE)
    assert link_of(at_phone)


def test_a_number_in_thai_digits_is_understood(at_phone, capsys):
    at_phone.says("๐๘๙ ๑๑๑ ๒๒๒๒")
    at_phone.says(sent_code(capsys))

    assert patient_of(at_phone).phone_number == MALEE


@pytest.mark.parametrize(
    "name",
    [
        "สมชาย ใจดี",
        "<b>Malee</b>",
        "</a><script>",
        "Malee & Sons <3",
        "Malee 👩‍👩‍👧‍👦 Srisuk",
        "\u202eeelaM\u2066",
        "Ma\x00lee",
        "Zoë O'Brien-Łukasz",
        "M" * 200,
        "Malee\n\nSrisuk",
    ],
)
def test_names_of_all_kinds_are_taken(chat, name):
    chat.says("/start")
    chat.says(name)
    assert chat.card.contact_button
    chat.shares(MALEE)
    chat.says("/start")

    assert link_of(chat)
    assert len(patient_of(chat).name) > 3
    assert "\u202e" not in chat.card.text


@pytest.mark.parametrize("name", ["", "   ", "😀", "12345", "\u200b\u200b", "M" * 201, "ก" * 1_000_000, "…"])
def test_what_is_no_name_is_asked_again(chat, name):
    chat.says("/start")
    chat.says(name)

    assert not chat.card.contact_button
    assert "name" in chat.text.lower()
    chat.says("Malee")
    assert chat.card.contact_button


@pytest.mark.parametrize("step", ["name", "phone", "code"])
def test_a_photo_is_answered_with_the_question(chat, capsys, step):
    chat.says("/start")
    if step != "name":
        chat.says("Malee Srisuk")
    if step == "code":
        chat.says("0891112222")
    chat.sends_photo()

    assert "name" in chat.text or "number" in chat.text or "digits" in chat.text
