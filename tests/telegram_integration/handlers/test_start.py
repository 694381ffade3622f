"""/start: a greeting, the menu, or the hospital of a link."""

import pytest

from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.support.chat import Chat


def test_a_stranger_is_greeted_in_thai_and_offered_english(platform_bot, first_hospital):
    chat = Chat(platform_bot, language_code="en")
    chat.says("/start")

    assert chat.user.language == "th"
    assert "Ploy Hospital" in chat.text
    assert "🌐 English" in chat.labels
    chat.taps("🌐 English")
    assert chat.user.language == "en"
    assert "Welcome to <b>Ploy Hospital</b>" in chat.text
    assert "🌐 ภาษาไทย" in chat.labels


def test_a_patient_sees_the_menu_of_their_hospital(patient_chat):
    patient_chat.says("/start")

    assert "<b>Ploy Hospital</b>" in patient_chat.card.text
    assert "Hello <b>Alice ploy</b>." in patient_chat.card.text
    assert patient_chat.labels == [
        "📅 Book an appointment", "My appointments", "🌐 Language", "🏥 Hospital", "Help"
    ]  # fmt: skip


def test_a_link_chooses_the_hospital(chat, other_hospital):
    chat.says("/start rama")

    assert "Welcome to <b>Rama Hospital</b>" in chat.text
    assert chat.user.hospital == other_hospital


def test_a_link_leads_a_patient_to_another_hospital_and_back(patient_chat, other_hospital):
    patient_chat.says("/start RAMA")
    assert "Welcome to <b>Rama Hospital</b>" in patient_chat.text
    patient_chat.says("/start ploy")

    assert "Hello <b>Alice ploy</b>." in patient_chat.text


@pytest.mark.parametrize("payload", ["nowhere", "h_ploy", "โรงพยาบาล", "ploy rama", "x" * 3000, "'; DROP--"])
def test_a_link_to_nowhere_offers_the_list(chat, payload):
    chat.says(f"/start {payload}")

    assert "The hospital of this link is not here" in chat.text
    assert "✅ Ploy Hospital" in chat.labels
    chat.taps("Ploy Hospital")
    assert "Welcome to <b>Ploy Hospital</b>" in chat.text


def test_a_link_to_a_hospital_that_is_switched_off_offers_the_list(chat, other_hospital):
    Hospital.objects.filter(pk=other_hospital.pk).update(is_active=False)
    forget_hospitals()
    chat.says("/start rama")

    assert "does not take appointments here at present" in chat.text
    assert "✅ Ploy Hospital" in chat.labels
    assert not any("Rama" in label for label in chat.labels)


def test_starting_again_begins_anew(chat):
    chat.says("/start")
    chat.says("Malee Srisuk")
    chat.says("/start")

    assert chat.answers[-1].reply.cards[0].drops_contact_button
    assert "Welcome" in chat.card.text
