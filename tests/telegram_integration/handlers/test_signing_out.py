"""Whoever signs out is a stranger again, at that hospital alone."""

from telegram_integration.models import TelegramLink
from tests.telegram_integration.registering import link_of


def sign_out(chat) -> None:
    chat.says("/help")
    chat.taps("Sign out")
    chat.taps("Yes, sign out")


def test_signing_out_unties_the_chat_and_forgets_the_person(patient_chat):
    sign_out(patient_chat)

    user = patient_chat.user
    assert "You are signed out of <b>Ploy Hospital</b>." in patient_chat.text
    assert not TelegramLink.objects.filter(user=user).exists()
    assert (user.name, user.phone_number, user.is_verified) == ("", "", False)
    patient_chat.taps("Start again")
    assert "Welcome" in patient_chat.text


def test_signing_out_asks_first(patient_chat):
    patient_chat.says("/help")
    patient_chat.taps("Sign out")
    patient_chat.taps("Main menu")

    assert link_of(patient_chat)
    assert "Hello" in patient_chat.text


def test_signing_out_twice_is_signing_out_once(patient_chat):
    sign_out(patient_chat)
    first = patient_chat.answers[-1]

    assert patient_chat.again() == first.reply


def test_the_link_to_another_hospital_stays(patient_chat, other_hospital, other_people):
    user = patient_chat.user
    TelegramLink.objects.create(
        user=user, hospital=other_hospital, patient_id=other_people.alice.pk, proof="CODE"
    )
    sign_out(patient_chat)

    assert link_of(patient_chat).hospital == other_hospital
    assert patient_chat.user.phone_number
