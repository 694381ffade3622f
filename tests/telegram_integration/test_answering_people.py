"""Who writes: their rows, and what is kept up about them at each update."""

from datetime import timedelta

from core import clock
from telegram_integration.models import TelegramChat, TelegramUser
from tests.support.chat import Chat
from tests.support.statements import counted


def test_somebody_new_is_remembered_once_with_their_chat(platform_bot, first_hospital):
    newcomer = Chat(platform_bot)
    newcomer.says("/start")
    newcomer.says("hello")

    user = TelegramUser.objects.get(telegram_id=newcomer.telegram_id)
    assert (user.language, user.is_verified, user.hospital) == ("th", False, None)
    assert TelegramChat.objects.filter(user=user, bot=platform_bot).count() == 1


def test_the_main_menu_costs_one_statement(patient_chat):
    patient_chat.says("/start")
    with counted() as statements:
        patient_chat.taps("Help")
        patient_chat.taps("Main menu")

    assert len(statements) == 2, statements


def test_last_active_is_written_every_five_minutes_at_most(patient_chat):
    TelegramUser.objects.update(last_active="2026-01-01T00:00:00Z")
    patient_chat.says("/start")
    patient_chat.says("/start")
    first = patient_chat.user.last_active
    patient_chat.says("/start")

    assert clock.now() - first < timedelta(minutes=1)
    assert patient_chat.user.last_active == first


def test_a_changed_user_name_is_written(patient_chat):
    patient_chat.says("/start")
    patient_chat.sender["username"] = "alice_new"
    patient_chat.says("/start")

    assert patient_chat.user.telegram_username == "alice_new"


def test_blocking_and_coming_back_is_remembered(patient_chat):
    patient_chat.says("/start")
    member = {"chat": patient_chat._chat, "from": patient_chat.sender, "date": 1}
    patient_chat.sends_update(my_chat_member=member | {"new_chat_member": {"status": "kicked"}})
    blocked = TelegramChat.objects.get(user=patient_chat.user)
    assert patient_chat.answers[-1] is None
    assert blocked.blocked_at is not None
    patient_chat.sends_update(my_chat_member=member | {"new_chat_member": {"status": "member"}})
    blocked.refresh_from_db()
    assert blocked.blocked_at is None


def test_whoever_writes_again_has_let_us_in_again(patient_chat):
    patient_chat.says("/start")
    TelegramChat.objects.update(blocked_at="2026-01-01T00:00:00Z")
    patient_chat.says("/start")

    assert TelegramChat.objects.get(user=patient_chat.user).blocked_at is None
