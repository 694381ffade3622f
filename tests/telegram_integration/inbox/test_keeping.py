"""Each update is kept once, whatever it looks like."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from telegram_integration.inbox.keeping import NotAnUpdate, chat_of, keep, keep_all
from telegram_integration.models import TelegramUpdate
from tests.telegram_integration.inbox.working import tap, text


def test_an_update_is_kept_once(platform_bot):
    assert keep(platform_bot, text(7, said="สวัสดี 🙏"))
    assert not keep(platform_bot, text(7, said="another text"))

    [row] = TelegramUpdate.objects.all()
    assert (row.update_id, row.chat_id, row.payload["message"]["text"]) == (7, 5001, "สวัสดี 🙏")
    assert (row.attempts, row.done_at, row.error) == (0, None, "")


def test_a_batch_with_old_and_new_ones_says_how_many_were_new(platform_bot):
    keep(platform_bot, text(7))

    assert keep_all(platform_bot, [text(7), text(8), text(9), text(9)]) == 2
    assert keep_all(platform_bot, []) == 0


@pytest.mark.parametrize(
    ("payload", "chat"),
    [
        (text(1, chat=42), 42),
        (tap(1, chat=42), 42),
        ({"callback_query": {"from": {"id": 42}, "data": "x"}}, 42),
        ({"my_chat_member": {"chat": {"id": 42}}}, 42),
        ({"message": {"chat": {"id": -100123}}}, -100123),
        ({"poll": {}}, 0),
        ({"message": "nonsense"}, 0),
        ({"message": {"chat": {"id": 10**30}}}, 0),
    ],
    ids=["message", "tap", "tap-without-message", "blocked", "group", "other", "nonsense", "too-large"],
)
def test_the_chat_is_found_wherever_it_stands(payload, chat):
    assert chat_of(payload) == chat


@pytest.mark.parametrize("number", [None, "7", 1.5, True, -1, 2**63], ids=str)
def test_what_has_no_number_is_no_update(platform_bot, number):
    with pytest.raises(NotAnUpdate):
        keep(platform_bot, {"update_id": number})


def test_what_the_database_cannot_hold_is_left_out_of_a_text(platform_bot):
    keep(platform_bot, text(7, said="a\0b\ud800c 😀"))

    assert TelegramUpdate.objects.get().payload["message"]["text"] == "ab?c 😀"


def test_what_is_done_holds_no_text(platform_bot):
    keep(platform_bot, text(7))

    with pytest.raises(IntegrityError, match="what_is_done_holds_no_text"), transaction.atomic():
        TelegramUpdate.objects.update(done_at=Now())
