"""The buckets: how much leaves in a second, of a bot and to a chat, with Redis and without."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from telegram_integration.models import TelegramBot
from telegram_integration.sending import bucket
from telegram_integration.sending.bucket import Whose, pause, spent, take
from tests.support.smtp import nobody_listens


@pytest.fixture
def bot():
    """A bot that nobody has used: of it the bucket needs the key alone."""
    return TelegramBot(telegram_id=1)


@pytest.fixture
def without_redis(settings):
    with nobody_listens() as port:
        settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
        yield


def taken(bot, *, seconds, workers=4):
    """How many messages to as many people leave, asked for by several threads, and in how many seconds."""
    begun = time.monotonic()
    until = begun + seconds

    def work(_):
        count = 0
        while time.monotonic() < until:
            wait = take(bot, uuid4(), patience=0.05)
            count += not wait.seconds
        return count

    with ThreadPoolExecutor(workers) as pool:
        count = sum(pool.map(work, range(workers)))
    return count, time.monotonic() - begun


def test_a_bot_sends_no_more_in_a_second_than_it_may(bot, settings):
    settings.TELEGRAM_MESSAGES_PER_SECOND = 40

    count, seconds = taken(bot, seconds=2)
    assert 10 <= count <= seconds * 40 + 5


def test_one_bot_does_not_hold_up_another(bot, settings):
    settings.TELEGRAM_MESSAGES_PER_SECOND = 1
    assert not take(bot, uuid4()).seconds
    assert take(bot, uuid4()).whose is Whose.BOTS

    assert not take(TelegramBot(telegram_id=2), uuid4()).seconds


def test_a_chat_gets_one_message_a_second_and_others_go_on(bot):
    malee, somsri = uuid4(), uuid4()
    assert not take(bot, malee).seconds

    wait = take(bot, malee, patience=0.2)
    assert (wait.whose, 0 < wait.seconds <= 1) == (Whose.CHATS, True)
    assert not take(bot, somsri).seconds

    time.sleep(wait.seconds)
    assert not take(bot, malee).seconds


def test_what_has_to_wait_takes_nothing(bot, settings):
    """Else a chat that is asked about again and again would never be free."""
    settings.TELEGRAM_MESSAGES_PER_SECOND = 10
    malee = uuid4()
    take(bot, malee)
    waits = [take(bot, malee).seconds for _ in range(20)]

    assert max(waits) <= 1
    assert not take(bot, uuid4(), patience=1).seconds


def test_a_worker_waits_for_its_turn_under_the_rate_and_not_longer_than_it_wants(bot, settings):
    settings.TELEGRAM_MESSAGES_PER_SECOND = 4
    take(bot, uuid4())

    assert take(bot, uuid4(), patience=0.01).whose is Whose.BOTS
    assert not take(bot, uuid4(), patience=1).seconds


def test_replies_do_not_wait_but_are_counted_up_to_a_point(bot, settings):
    settings.TELEGRAM_MESSAGES_PER_SECOND = 20
    malee = uuid4()
    for _ in range(200):
        spent(bot, malee)

    assert take(bot, malee).whose is Whose.CHATS
    wait = take(bot, uuid4())
    assert wait.whose is Whose.BOTS
    assert wait.seconds <= 3


def test_a_pause_of_one_chat_is_no_pause_of_others(bot):
    malee = uuid4()
    pause(bot, malee, 30)

    wait = take(bot, malee)
    assert (wait.whose, 25 < wait.seconds <= 30) == (Whose.CHATS, True)
    assert not take(bot, uuid4()).seconds


def test_when_several_chats_hear_of_a_pause_in_a_moment_the_whole_bot_makes_it(bot):
    for _ in range(3):
        pause(bot, uuid4(), 20)

    wait = take(bot, uuid4())
    assert (wait.whose, 15 < wait.seconds <= 20) == (Whose.BOTS, True)
    assert not take(TelegramBot(telegram_id=2), uuid4()).seconds


def test_one_chat_that_hears_of_a_pause_often_is_one_chat(bot):
    malee = uuid4()
    for _ in range(10):
        pause(bot, malee, 20)

    assert not take(bot, uuid4()).seconds


def test_a_shorter_pause_does_not_end_a_longer_one(bot):
    malee = uuid4()
    pause(bot, malee, 30)
    pause(bot, malee, 1)
    spent(bot, malee)

    assert take(bot, malee).seconds > 20


def test_no_key_tells_who_somebody_is(bot):
    somebody = uuid4()
    take(bot, somebody)
    spent(bot, somebody)
    pause(bot, somebody, 1)

    shared = bucket._shared()
    keys = [key.decode() for key in shared._redis.scan_iter(f"{shared._prefix}{bot.pk.hex}*")]
    names = ["", f":{somebody.hex}", ":told"]
    assert {key.removeprefix(shared._prefix) for key in keys} == {bot.pk.hex + name for name in names}
    assert all(shared._redis.pttl(key) > 0 for key in keys), "kept for ever"


# ── while Redis is away ────────────────────────────────────────────────────────
def test_without_redis_a_process_takes_its_share_alone(bot, settings, without_redis):
    settings.TELEGRAM_MESSAGES_PER_SECOND = 40

    count, seconds = taken(bot, seconds=2)
    assert 3 <= count <= seconds * 40 / bucket.PLACES + 2


def test_without_redis_chats_and_pauses_are_kept_to(bot, settings, without_redis):
    malee, somsri = uuid4(), uuid4()
    assert not take(bot, malee).seconds
    assert take(bot, malee).whose is Whose.CHATS

    spent(bot, somsri)
    assert take(bot, somsri).whose is Whose.CHATS
    pause(bot, uuid4(), 20)
    assert take(bot, uuid4()).seconds > 15, "nobody knows what other processes heard"


def test_a_redis_that_comes_back_is_asked_again(bot, settings, without_redis, monkeypatch):
    take(bot, uuid4())
    shared = bucket._shared()
    assert shared._ask_again_at > time.monotonic()

    asked = []
    monkeypatch.setattr(shared, "_ask_again_at", 0.0)
    monkeypatch.setattr(shared, "_take", lambda **_: asked.append(1) or [0, 0])
    assert not take(bot, uuid4()).seconds
    assert asked == [1]
