"""Updates are asked for by one process, kept before they are confirmed, and what is wrong is waited out."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import OperationalError

from telegram_integration.inbox import polling, running
from telegram_integration.inbox.keeping import keep_all
from telegram_integration.inbox.leases import PollingLeases
from telegram_integration.inbox.running import BotProcess
from telegram_integration.models import TelegramBot, TelegramUpdate
from tests.telegram_integration.inbox.working import PATIENCE, until, until_done


@contextmanager
def at_work(*, polls: bool = True) -> Iterator[BotProcess]:
    """The whole process in a thread, with the real handlers."""
    ready, made = threading.Event(), []

    async def serve() -> None:
        made.append((asyncio.get_running_loop(), BotProcess(polls=polls, on_ready=lambda _: ready.set())))
        await made[0][1].run()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(PATIENCE)
    loop, process = made[0]
    try:
        yield process
    finally:
        loop.call_soon_threadsafe(process.stopping.set)
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Pauses that a test can wait for."""
    monkeypatch.setattr(polling, "AFTER_CONFLICT", 0.2)
    monkeypatch.setattr(polling, "WITHOUT_DATABASE", 0.1)
    monkeypatch.setattr(polling, "SHORTEST", 0.1)
    monkeypatch.setattr(running, "ASK_FOR_LEASES_EVERY", 0.2)


@pytest.fixture
def malee(telegram):
    return telegram.user(5001, first_name="Malee", language_code="en")


def test_what_is_typed_is_answered(open_bot, telegram, malee):
    with at_work():
        malee.types("/start").wait_for()
        until_done()
        assert telegram.bot()["is_polling"]

    # The last question that was asked confirmed it: nothing comes again.
    assert telegram.bot()["pending_update_count"] == 0
    assert not telegram.refusals()


def test_a_tap_is_answered_by_two_requests(open_bot, telegram, malee):
    with at_work():
        malee.types("/language").wait_for()
        before = telegram.counters()["calls"]
        malee.taps("English").wait_for_answer()
        until_done()
        after = telegram.counters()["calls"]

    made = {
        name: after[name] - before.get(name, 0) for name in after if not name.startswith(("get", "setMy"))
    }
    assert {name: number for name, number in made.items() if number} == {
        "answerCallbackQuery": 1, "editMessageText": 1,
    }  # fmt: skip


def test_without_polling_only_the_inbox_is_worked_off(open_bot, telegram, malee):
    malee.types("/help")
    payload = {"update_id": 900, "message": _message(malee, "/help")}
    with at_work(polls=False):
        keep_all(open_bot, [payload])
        until_done()
        malee.wait_for()

    assert telegram.calls("getUpdates") == []
    assert telegram.bot()["pending_update_count"] > 0


def _message(user, text):
    entity = {"type": "bot_command", "offset": 0, "length": len(text)}
    sender = {"id": user.id, "is_bot": False, "first_name": "Malee", "language_code": "en"}
    chat = {"id": user.id, "type": "private"}
    return {"message_id": 1, "date": 1, "chat": chat, "from": sender, "text": text, "entities": [entity]}


def test_two_processes_never_poll_one_bot_and_the_second_takes_over(open_bot, telegram, malee):
    with at_work():
        until(lambda: telegram.bot()["is_polling"])
        with at_work():
            malee.types("/help").wait_for()
            until_done()
            assert not [one for one in telegram.refusals() if one["code"] == 409]
    with at_work():
        malee.types("/language").wait_for()
    assert not [one for one in telegram.refusals() if one["code"] == 409]


def test_a_lease_is_one_sessions_and_goes_with_its_connection(both_hospitals):
    with closing(PollingLeases()) as first:
        with closing(PollingLeases()) as second:
            assert first.hold([1, 2]) == {1, 2}
            assert second.hold([2, 3]) == {3}
            assert first.hold([1]) == {1}
            assert second.hold([2, 3]) == {2, 3}
        # The server's end of a connection goes a moment after ours.
        until(lambda: first.hold([1, 3]) == {1, 3})


def test_a_webhook_that_is_set_is_said_and_waited_out(open_bot, telegram, malee, caplog):
    telegram.call("setWebhook", url="https://nadmor.example/telegram/webhook")
    with at_work():
        until(lambda: "a webhook is set" in caplog.text)
        telegram.call("deleteWebhook")
        malee.types("/help").wait_for()

    assert caplog.text.count("is not polled") == 1
    assert "is polled again" in caplog.text


@pytest.mark.parametrize("kind", ["500", "502", "reset", "429"])
def test_while_telegram_is_away_it_is_asked_again(open_bot, telegram, malee, kind):
    telegram.fail_next("getUpdates", kind, times=2, retry_after=1)
    with at_work():
        malee.types("/help").wait_for()
    assert TelegramUpdate.objects.count() == 1


def test_a_batch_is_confirmed_only_when_it_is_kept(open_bot, telegram, malee, monkeypatch, caplog):
    fails = [3]

    def moody(bot, batch):
        if fails[0]:
            fails[0] -= 1
            assert telegram.bot()["pending_update_count"] > 0
            raise OperationalError("gone")
        return keep_all(bot, batch)

    monkeypatch.setattr(polling, "keep_all", moody)
    with at_work():
        malee.types("/help").wait_for()
        until_done()

    assert caplog.text.count("updates wait to be kept") == 1


def test_the_bots_name_and_commands_are_told_to_telegram_where_they_differ(open_bot, telegram):
    with at_work():
        until(lambda: _languages(telegram.calls("setMyShortDescription"))[-1:] == ["en"])
    assert TelegramBot.objects.get().username
    commands = telegram.call("getMyCommands", language_code="en")["result"]
    assert {"start", "book", "myappointments", "cancel", "help", "language", "hospital"} == {
        one["command"] for one in commands
    }
    told = len(telegram.calls())
    with at_work():
        until(lambda: len(telegram.calls("getMyShortDescription")) == 6)
    assert not [one for one in telegram.calls()[told:] if one["method"].startswith("setMy")]


def _languages(calls):
    return [one["arguments"].get("language_code", "") for one in calls]


def test_nothing_of_what_was_said_stays(open_bot, telegram, malee):
    with at_work():
        malee.types("/start").wait_for()
        until_done()

    assert set(TelegramUpdate.objects.values_list("error", flat=True)) == {""}
    assert all(row.payload == {} for row in TelegramUpdate.objects.all())
