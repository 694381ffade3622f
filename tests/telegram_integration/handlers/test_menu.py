"""The menu, language, hospitals, help, and what nobody asked for."""

from datetime import timedelta

import pytest

from telegram_integration.models import TelegramUser
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.support.statements import counted


@pytest.fixture
def many_hospitals(hospital, other_hospital) -> None:
    """Twenty hospitals: rows alone, as the list needs no more."""
    Hospital.objects.bulk_create(
        [
            Hospital(schema_name=f"h_more{number}", subdomain=f"more{number}", name=f"More {number:02} <b>")
            for number in range(18)
        ]
    )


# ── language ──────────────────────────────────────────────────────────────────


def test_the_language_is_chosen_by_two_taps_and_kept(patient_chat):
    patient_chat.says("/start")
    patient_chat.taps("Language")
    assert patient_chat.labels == ["ภาษาไทย", "✅ English"]
    patient_chat.taps("ภาษาไทย")

    assert patient_chat.user.language == "th"
    assert len(patient_chat.messages) == 1
    patient_chat.says("/language")
    assert patient_chat.labels == ["✅ ภาษาไทย", "English"]


def test_the_language_is_each_persons_own(patient_chat, chat):
    patient_chat.says("/language")
    patient_chat.taps("ภาษาไทย")

    assert chat.user.language == "en"


# ── hospitals ─────────────────────────────────────────────────────────────────


def test_hospitals_are_listed_eight_a_page(patient_chat, many_hospitals):
    patient_chat.says("/hospital")
    assert len(patient_chat.labels) == 8 + 1 + 1
    assert "◀" not in patient_chat.labels
    patient_chat.taps("▶")
    assert {"◀", "▶"} <= set(patient_chat.labels)
    patient_chat.taps("▶")

    assert "▶" not in patient_chat.labels
    assert {"✅ Ploy Hospital", "Rama Hospital", "More 16 <b>"} <= set(patient_chat.labels)
    assert len(patient_chat.messages) == 1


def test_the_list_is_read_by_two_statements_however_long_it_is(patient_chat, many_hospitals):
    patient_chat.says("/hospital")
    with counted() as statements:
        patient_chat.says("/hospital")

    assert len(statements) == 3, statements


def test_a_chosen_hospital_is_kept(patient_chat, other_hospital):
    patient_chat.says("/hospital")
    patient_chat.taps("Rama Hospital")

    assert patient_chat.user.hospital == other_hospital
    assert "Welcome to <b>Rama Hospital</b>" in patient_chat.text


def test_the_hospital_at_hand_may_be_chosen_again(patient_chat):
    patient_chat.says("/hospital")
    patient_chat.taps("Ploy Hospital")

    assert "Hello <b>Alice ploy</b>." in patient_chat.text


def test_a_hospital_that_was_switched_off_meanwhile_cannot_be_chosen(patient_chat, other_hospital):
    patient_chat.says("/hospital")
    Hospital.objects.filter(pk=other_hospital.pk).update(is_active=False)
    forget_hospitals()
    patient_chat.taps("Rama Hospital")

    assert "does not take appointments here at present" in patient_chat.text
    assert "Main menu" in patient_chat.labels


# ── help and cancel ───────────────────────────────────────────────────────────


def test_help_tells_what_there_is_and_how_to_reach_the_hospital(patient_chat, hospital):
    Hospital.objects.filter(pk=hospital.pk).update(phone_number="02 123 4567", address_line1="1 <Rama IV> Rd")
    forget_hospitals()
    patient_chat.says("/help")

    for word in (
        "/book",
        "/myappointments",
        "/cancel",
        "02 123 4567",
        "1 &lt;Rama IV&gt; Rd",
        "Your data",
        "block",
    ):
        assert word in patient_chat.text
    patient_chat.taps("Main menu")
    assert "Hello" in patient_chat.text


def test_a_stranger_gets_help_too(chat):
    chat.says("/help")
    chat.taps("Main menu")

    assert "Welcome" in chat.text


def test_cancel_says_so_and_shows_the_menu(patient_chat):
    patient_chat.says("/cancel")

    assert "All right, I leave that." in patient_chat.text
    assert "📅 Book an appointment" in patient_chat.labels


# ── strays ────────────────────────────────────────────────────────────────────


def test_an_unknown_command_shows_the_menu(patient_chat, chat):
    patient_chat.says("/fly me")
    assert "I do not know this command." in patient_chat.text
    assert "📅 Book an appointment" in patient_chat.labels
    chat.says("/fly")
    assert "I do not know this command." in chat.text
    assert "What is your name?" in chat.text


@pytest.mark.parametrize("text", ["hello", "สวัสดี", "<b>", "0891112222", "ก" * 1_000_000, "\x00"])
def test_a_text_that_nobody_asked_for_shows_the_menu(patient_chat, text):
    patient_chat.says(text)

    assert "Please choose" in patient_chat.text or "text and buttons" in patient_chat.text
    assert "📅 Book an appointment" in patient_chat.labels


def test_a_stranger_who_says_hello_is_greeted(chat):
    chat.says("hello")

    assert chat.text.startswith("👋 Welcome to <b>Ploy Hospital</b>")


def test_a_photo_that_nobody_asked_for_shows_the_menu(patient_chat):
    patient_chat.sends_photo()

    assert "I can only read text and buttons." in patient_chat.text
    assert "📅 Book an appointment" in patient_chat.labels


def test_a_contact_that_nobody_asked_for_changes_nothing(patient_chat):
    before = TelegramUser.objects.filter(pk=patient_chat.user.pk).values().get()
    patient_chat.shares("+66891112222")

    assert patient_chat.answers[-1].reply.cards[0].drops_contact_button
    after = TelegramUser.objects.filter(pk=patient_chat.user.pk).values().get()
    assert after["last_active"] - before["last_active"] < timedelta(minutes=1)
    assert {**after, "last_active": None} == {**before, "last_active": None}


def test_a_text_after_registering_is_no_answer_to_anything(chat, in_hospital):
    chat.says("/start")
    chat.says("Malee Srisuk")
    chat.shares("+66891112222")
    chat.says("thank you")

    assert "I did not ask anything just now." in chat.text
    assert "📅 Book an appointment" in chat.labels


def test_two_people_do_not_meet(platform_bot, patient_chat, chat):
    chat.says("/start")
    patient_chat.says("Malee Srisuk")

    assert "I did not ask anything just now." in patient_chat.text
