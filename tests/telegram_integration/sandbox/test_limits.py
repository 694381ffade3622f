"""Thirty messages a second, one a second to a chat, short bursts allowed."""

import pytest

from telegram_integration.sandbox.errors import Refused
from telegram_integration.sandbox.limits import Limits, Meter
from tests.support.telegram import Sandbox, SandboxUser


def refused(meter: Meter, chat_id: int, now: float) -> int:
    """After how many seconds Telegram would take it; 0 if it takes it now."""
    try:
        meter.take(chat_id, now)
    except Refused as error:
        return error.retry_after
    return 0


def test_thirty_a_second_to_all_chats_and_not_one_more():
    meter = Meter(Limits())
    assert [refused(meter, chat, 100.0) for chat in range(30)] == [0] * 30
    assert refused(meter, 31, 100.5) == 1
    assert refused(meter, 31, 101.0) == 0
    assert (meter.overall.most, meter.per_chat, meter.messages) == (30, 1, 31)


def test_a_chat_takes_a_burst_and_then_one_a_second():
    meter = Meter(Limits(burst=3))
    assert [refused(meter, 1, 100.0 + step / 10) for step in range(3)] == [0, 0, 0]
    assert refused(meter, 1, 100.3) == 1
    assert refused(meter, 2, 100.3) == 0
    assert [refused(meter, 1, at) for at in (101.2, 102.2, 103.2)] == [0, 0, 0]
    assert refused(meter, 1, 103.5) == 1
    assert meter.per_chat == 3


def test_what_was_refused_counts_for_nothing():
    meter = Meter(Limits(overall=1, per_chat=0))
    assert [refused(meter, 1, 100.0 + step / 100) for step in range(50)] == [0] + [1] * 49
    assert refused(meter, 1, 101.0) == 0
    assert meter.messages == 2


def test_without_limits_everything_is_taken():
    meter = Meter(Limits(overall=0, per_chat=0))
    assert not any(refused(meter, 1, 100.0) for _ in range(500))
    assert meter.overall.most == 500


def test_one_too_many_is_told_over_the_wire_and_sent_to_nobody(sandbox: Sandbox, alice: SandboxUser):
    sandbox.limit(burst=2, per_chat=0.01)
    answers = [sandbox.call("sendMessage", chat_id=alice.id, text=str(number)) for number in range(3)]
    assert [one["ok"] for one in answers] == [True, True, False]
    assert answers[2]["error_code"] == 429
    seconds = answers[2]["parameters"]["retry_after"]
    assert answers[2]["description"] == f"Too Many Requests: retry after {seconds}"
    assert 90 < seconds <= 100
    assert [one["text"] for one in alice.cards] == ["0", "1"]
    assert sandbox.counters()["too_many"] == 1
    assert sandbox.rates()["messages"] == 2


def test_edits_answers_and_deletions_are_no_messages(sandbox: Sandbox, alice: SandboxUser):
    sandbox.limit(burst=1, per_chat=0.01)
    [card] = [sandbox.call("sendMessage", chat_id=alice.id, text="0")["result"]["message_id"]]
    here = {"chat_id": alice.id, "message_id": card}
    assert all(sandbox.call("editMessageText", text=f"edit {number}", **here)["ok"] for number in range(20))
    assert sandbox.call("sendChatAction", chat_id=alice.id, action="typing")["ok"]
    assert sandbox.call("deleteMessage", **here)["ok"]


def test_a_limit_that_there_is_not_is_refused(sandbox: Sandbox):
    with pytest.raises(AssertionError, match="no limit speed"):
        sandbox.limit(speed=1)
