"""Talking to Telegram from any thread and process: faults are told by what to do about them."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from telegram_integration.client import connection
from telegram_integration.client.calls import call, hang_up
from telegram_integration.client.errors import Away, BadToken, Blocked, Refused, Unknown, Wait, Why
from tests.support.telegram import Sandbox

MALEE = 5001


@pytest.fixture
def telegram(settings, monkeypatch):
    """A make-believe Telegram; whoever waits for it waits for a second at most."""
    monkeypatch.setattr(connection, "READ", 1.0)
    with Sandbox() as sandbox:
        sandbox.limit(overall=0, per_chat=0)
        settings.TELEGRAM_API_BASE_URL = sandbox.url
        sandbox.user(MALEE, first_name="Malee").starts()
        yield sandbox
        hang_up()


def say(bot, text="hello", chat_id=MALEE):
    return call(bot, "send_message", chat_id=chat_id, text=text)


def test_a_message_is_sent_and_told(telegram, platform_bot):
    sent = say(platform_bot)

    assert (sent.chat.id, sent.text) == (MALEE, "hello")
    assert telegram.counters()["calls"].get("getMe", 0) == 0


def test_many_threads_share_the_connections(telegram, platform_bot):
    with ThreadPoolExecutor(16) as pool:
        sent = list(pool.map(lambda number: say(platform_bot, str(number)).text, range(64)))

    assert sent == [str(number) for number in range(64)]


def test_a_forked_process_has_a_line_of_its_own(telegram, platform_bot):
    say(platform_bot, "before")
    child = os.fork()
    if child == 0:
        try:
            say(platform_bot, "from the child")
            os._exit(0)
        except BaseException:  # noqa: BLE001  -- whatever it is, the parent sees the status
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    say(platform_bot, "after")

    assert [one["arguments"]["text"] for one in telegram.calls("sendMessage")] == [
        "before", "from the child", "after",
    ]  # fmt: skip


def test_after_hanging_up_the_next_call_connects_anew(telegram, platform_bot):
    say(platform_bot)
    hang_up()
    hang_up()

    assert say(platform_bot).text == "hello"


@pytest.mark.parametrize(
    ("weather", "fault"),
    [
        ({"kind": "403"}, Blocked),
        ({"kind": "429", "retry_after": 7}, Wait),
        ({"kind": "401"}, BadToken),
        ({"kind": "500"}, Unknown),
        ({"kind": "502"}, Unknown),
        ({"kind": "timeout", "seconds": 5}, Unknown),
        ({"kind": "reset"}, Unknown),
        ({"kind": "lost"}, Unknown),
    ],
    ids=lambda one: one["kind"] if isinstance(one, dict) else one.__name__,
)
def test_each_fault_has_its_name(telegram, platform_bot, weather, fault):
    telegram.fail_next("sendMessage", **weather)

    with pytest.raises(fault) as caught:
        say(platform_bot)
    assert type(caught.value) is fault
    if fault is Wait:
        assert caught.value.seconds == 7


def test_where_nobody_listens_nothing_was_sent(platform_bot, settings):
    settings.TELEGRAM_API_BASE_URL = "http://127.0.0.1:9"

    with pytest.raises(Away):
        say(platform_bot)
    hang_up()


def test_what_telegram_refuses_says_why(telegram, platform_bot):
    sent = say(platform_bot, "one")
    edit = {"chat_id": MALEE, "message_id": sent.message_id, "text": "one"}

    def why(method, **arguments):
        with pytest.raises(Refused) as caught:
            call(platform_bot, method, **arguments)
        return caught.value.why

    assert why("edit_message_text", **edit) is Why.UNCHANGED
    assert why("edit_message_text", **edit | {"message_id": 999}) is Why.GONE
    assert why("answer_callback_query", callback_query_id="1") is Why.STALE
    assert why("send_message", chat_id=404, text="x") is Why.NO_CHAT
    assert why("send_message", chat_id=MALEE, text="<b>", parse_mode="HTML") is Why.OTHER


def test_no_fault_names_the_token_or_the_text(telegram, platform_bot, caplog):
    caplog.set_level("DEBUG")
    for kind in ("403", "500", "reset", "401"):
        telegram.fail_next("sendMessage", kind)
        with pytest.raises(Exception) as caught:  # noqa: PT011  -- any of them
            say(platform_bot, "chest pain")
        told = f"{caught.value!r} {caught.value} {caught.value.__cause__} {caught.getrepr()}".replace(
            'say(platform_bot, "chest pain")', ""
        )
        assert telegram.token not in str(caught.value)
        assert caught.value.__cause__ is None
        assert telegram.token.partition(":")[2] not in told
    say(platform_bot, "chest pain")

    assert telegram.token.partition(":")[2] not in caplog.text
    assert "chest pain" not in caplog.text
