"""Updates are answered in order per chat, once, whatever goes wrong; nobody waits for another's trouble."""

import threading
import time
from collections import defaultdict

import pytest
from django.conf import settings as django_settings
from django.db import connection

from telegram_integration.bots import give_bot, token_of
from telegram_integration.inbox import worker
from telegram_integration.inbox.claiming import Outcomes, settle_and_claim
from telegram_integration.inbox.keeping import keep, keep_all
from telegram_integration.models import TelegramChat, TelegramUpdate, TelegramUser
from tests.support.threads import together
from tests.telegram_integration.inbox.working import (
    NOBODY,
    echo,
    reply,
    tap,
    text,
    until,
    until_done,
    waiting,
    working,
)

MALEE, ALICE = 5001, 5002
OWN_TOKEN = "220201543:another-for-tests-only-another-for-test"


@pytest.fixture
def quick(monkeypatch):
    """Pauses that a test can wait for."""
    monkeypatch.setattr(worker, "PAUSES", (0.05, 0.05, 0.05, 0.05))
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.1)


@pytest.fixture
def people(telegram):
    """Malee and Alice, who have started the bot."""
    both = [telegram.user(number, first_name="Malee", language_code="en") for number in (MALEE, ALICE)]
    return [one.starts() for one in both]


def texts(user) -> list[str]:
    return [card["text"] for card in user.cards]


def outcomes() -> dict[int, str]:
    return dict(TelegramUpdate.objects.exclude(done_at=None).values_list("update_id", "error"))


def test_new_messages_are_counted_against_what_reminders_may_send(open_bot, people, monkeypatch):
    counted: list[tuple] = []
    monkeypatch.setattr(worker, "spent", lambda bot, user_id: counted.append((bot.pk, user_id)))
    keep_all(open_bot, [text(1), tap(2, chat=ALICE)])
    with working(lambda _, payload: reply(payload, "one", "two")):
        until_done()

    # The second card of the tap alone: its first one takes the place of the tapped card.
    assert counted == [(open_bot.pk, NOBODY)] * 3


def test_what_waits_is_answered_and_done(open_bot, people):
    keep_all(open_bot, [text(1, said="one"), text(2, said="two"), text(3, chat=ALICE, said="three")])
    with working(echo):
        until_done()

    assert [texts(one) for one in people] == [["one", "two"], ["three"]]
    assert outcomes() == {1: "", 2: "", 3: ""}


def test_with_several_workers_a_chat_is_answered_in_order_and_each_once(open_bot, telegram):
    people = {number: telegram.user(number).starts() for number in range(6001, 6007)}
    at_work: dict[int, int] = defaultdict(int)
    order: dict[int, list[int]] = defaultdict(list)

    def answers(bot, payload):
        chat = payload["message"]["chat"]["id"]
        at_work[chat] += 1
        assert at_work[chat] == 1, "two of a chat at once"
        time.sleep(0.01)
        order[chat].append(payload["update_id"])
        at_work[chat] -= 1
        return echo(bot, payload)

    numbers = range(1, 11)
    keep_all(open_bot, [text(n * 10 + c % 10, chat=c, said=str(n)) for n in numbers for c in people])
    with working(answers, workers=3):
        until_done()

    for number, user in people.items():
        assert order[number] == [n * 10 + number % 10 for n in numbers]
        assert texts(user) == [str(n) for n in numbers]
    assert not any(outcomes().values())


def test_an_update_whose_worker_was_killed_is_taken_over(open_bot, people):
    keep_all(open_bot, [text(1, said="one"), text(2, said="two")])
    settle_and_claim(Outcomes(), bots=[open_bot.pk], most=1)
    with working(echo):
        time.sleep(1.2)
        assert waiting() == 2
        TelegramUpdate.objects.filter(update_id=1).update(lease_until="2026-01-01T00:00Z")
        until_done()

    assert texts(people[0]) == ["one", "two"]


def test_an_update_posted_a_hundred_times_is_answered_once(open_bot, both_hospitals, people):
    with working(echo, workers=2):
        together(both_hospitals[0], [lambda: keep(open_bot, text(1, said="one"))] * 100)
        until_done()
        keep(open_bot, text(2, said="two"))
        until_done()

    assert texts(people[0]) == ["one", "two"]


def test_each_bot_answers_those_who_wrote_to_it(open_bot, both_hospitals, telegram):
    own = give_bot(both_hospitals[0], OWN_TOKEN)
    telegram.ask("POST", "/bots", token=OWN_TOKEN)
    both = {"bot": str(own.telegram_id)}, {"bot": str(open_bot.telegram_id)}
    for which in both:
        telegram.ask("POST", "/users", params=which, id=MALEE, first_name="Malee")
        telegram.ask("POST", f"/users/{MALEE}/start", params=which)
    keep(open_bot, text(1, said="shared"))
    keep(own, text(1, said="own"))
    with working(echo):
        until_done()

    seen = [telegram.ask("GET", f"/users/{MALEE}/chat", params=which)["messages"] for which in both]
    assert [[one["text"] for one in some if one["from_bot"]] for some in seen] == [["own"], ["shared"]]


def test_a_long_answer_keeps_its_lease(open_bot, people, quick, monkeypatch):
    monkeypatch.setattr(worker, "RENEW_EVERY", 0.2)
    goes_on = threading.Event()
    calls = []

    def answers(bot, payload):
        calls.append(payload["update_id"])
        goes_on.wait(20)
        return echo(bot, payload)

    keep(open_bot, text(1))
    with working(answers, workers=2):
        until(lambda: bool(calls))
        first = TelegramUpdate.objects.get().lease_until
        until(lambda: TelegramUpdate.objects.get().lease_until > first)
        goes_on.set()
        until_done()
    assert calls == [1]


def test_a_poisoned_update_ends_after_five_attempts_and_the_chat_goes_on(open_bot, people, quick, caplog):
    tried = []

    def answers(bot, payload):
        if payload["message"]["text"] == "poison":
            tried.append(payload["update_id"])
            raise ZeroDivisionError("poison")
        return echo(bot, payload)

    TelegramUser.objects.create(telegram_id=MALEE, language="en")
    keep_all(open_bot, [text(1, said="poison"), text(2, said="after"), text(3, chat=ALICE, said="other")])
    with working(answers):
        until_done()

    assert tried == [1] * worker.MOST_ATTEMPTS
    assert outcomes() == {1: "ZeroDivisionError", 2: "", 3: ""}
    assert texts(people[0]) == ["Something went wrong here. Type /start to go on.", "after"]
    assert "poison" not in caplog.text


def test_an_update_that_kills_each_worker_ends_too(open_bot, people):
    keep(open_bot, text(1))
    TelegramUpdate.objects.update(attempts=worker.MOST_ATTEMPTS, lease_until="2026-01-01T00:00Z")
    with working(lambda *_: pytest.fail("it is not tried again")):
        until_done()

    assert outcomes() == {1: "Killed"}
    assert len(people[0].cards) == 1


def test_who_is_told_to_wait_holds_up_nobody_and_is_answered_then(open_bot, telegram, people):
    telegram.fail_next("sendMessage", "429", retry_after=6, chat_id=MALEE)
    numbers = range(2, 5)
    keep(open_bot, text(1, said="waits"))
    keep_all(open_bot, [text(n, chat=ALICE, said=str(n)) for n in numbers])
    with working(echo):
        until(lambda: len(people[1].cards) == len(numbers))
        assert texts(people[0]) == []
        until_done()

    assert texts(people[0]) == ["waits"]
    assert outcomes()[1] == ""


def test_more_chats_that_wait_than_there_are_places_hold_up_nobody(open_bot, telegram, people):
    chats = range(7001, 7001 + django_settings.TELEGRAM_CONCURRENCY + 2)
    for chat in chats:
        telegram.user(chat).starts()
        telegram.fail_next("sendMessage", "429", retry_after=20, chat_id=chat)
    keep_all(open_bot, [text(chat, chat=chat) for chat in chats])
    with working(echo):
        until(lambda: len(telegram.calls("sendMessage")) >= len(chats))
        keep(open_bot, text(1, chat=ALICE, said="me"))
        until(lambda: texts(people[1]) == ["me"], seconds=10)

    # Ended in the middle, the answers are given back for others to make.
    assert waiting() == len(chats)
    assert not TelegramUpdate.objects.filter(done_at=None, lease_until__gt="2100-01-01T00:00Z").exists()
    assert len(settle_and_claim(Outcomes(), bots=[open_bot.pk], most=100)) == len(chats)


def test_an_answer_that_telegram_never_got_is_sent_when_it_is_back(open_bot, telegram, people):
    telegram.fail_next("sendMessage", "429", times=2, retry_after=1)
    keep(open_bot, text(1, said="patience"))
    with working(echo):
        until_done()

    assert texts(people[0]) == ["patience"]
    assert TelegramUpdate.objects.get().attempts == 1


@pytest.mark.parametrize("kind", ["lost", "500"])
def test_a_message_of_which_nobody_knows_is_not_sent_twice(open_bot, telegram, people, kind):
    telegram.fail_next("sendMessage", kind)
    keep_all(open_bot, [text(1, said="one"), text(2, said="two")])
    with working(echo):
        until_done()

    assert texts(people[0]) == (["one", "two"] if kind == "lost" else ["two"])
    assert len(telegram.calls("sendMessage")) <= 2


def test_whoever_blocked_the_bot_is_marked_and_the_update_is_done(open_bot, telegram, people):
    user = TelegramUser.objects.create(telegram_id=MALEE)
    TelegramChat.objects.create(bot=open_bot, user=user)
    telegram.fail_next("sendMessage", "403")

    def answers(bot, payload):
        made = echo(bot, payload)
        return type(made)(chat_id=made.chat_id, reply=made.reply, user_id=user.pk)

    keep(open_bot, text(1))
    with working(answers):
        until_done()

    assert outcomes() == {1: "Blocked"}
    assert TelegramChat.objects.get().blocked_at is not None


def test_what_telegram_does_not_take_is_apologised_for(open_bot, people):
    keep_all(open_bot, [text(1), text(2, said="fine")])
    with working(lambda bot, one: reply(one, "<b>broken") if one["update_id"] == 1 else echo(bot, one)):
        until_done()

    assert outcomes() == {1: "Refused", 2: ""}
    sorry, fine = texts(people[0])
    assert ("/start" in sorry, fine) == (True, "fine")


def test_nothing_to_answer_is_done_at_once(open_bot, telegram):
    keep_all(open_bot, [text(1), {"update_id": 2, "my_chat_member": {"chat": {"id": MALEE}}}])
    with working(lambda *_: None):
        until_done()

    assert telegram.calls("sendMessage") == []
    assert outcomes() == {1: "", 2: ""}


@pytest.fixture
def database_port():
    """Has every new connection to the database go to another port; those that are open stay."""
    before = connection.settings_dict["PORT"]

    def go(port: int) -> None:
        connection.settings_dict["PORT"] = port or before

    yield go
    connection.settings_dict["PORT"] = before


def test_a_database_that_goes_away_for_a_moment_is_waited_for(open_bot, people, database_port, caplog):
    with working(echo):
        keep(open_bot, text(1, said="one"))
        until_done()
        database_port(9)
        keep_all(open_bot, [text(2, said="two"), text(3, said="three")])
        until(lambda: "the database is away" in caplog.text)
        time.sleep(1.5)
        assert waiting() == 2
        database_port(0)
        until_done()

    assert texts(people[0]) == ["one", "two", "three"]
    assert caplog.text.count("the database is away") == 1
    assert caplog.text.count("the database is back") == 1


def test_a_database_that_goes_away_under_an_answer_costs_no_update(
    open_bot, people, database_port, monkeypatch
):
    monkeypatch.setattr(worker, "PAUSES", (0.05, 0.05, 0.05, 0.05))
    tried = []

    def answers(bot, payload):
        tried.append(payload["update_id"])
        if len(tried) == 1:
            database_port(9)
            TelegramUser.objects.count()
        return echo(bot, payload)

    keep(open_bot, text(1, said="one"))
    with working(answers):
        until(lambda: bool(tried))
        time.sleep(1)
        database_port(0)
        TelegramUpdate.objects.update(lease_until=None)
        until_done()

    assert texts(people[0]) == ["one"]


def test_what_is_being_answered_at_the_end_is_ended(open_bot, people):
    begun, goes_on = threading.Event(), threading.Event()

    def answers(bot, payload):
        begun.set()
        goes_on.wait(20)
        return echo(bot, payload)

    keep_all(open_bot, [text(1, said="last"), text(2, said="later")])
    with working(answers):
        assert begun.wait(20)
        threading.Timer(0.5, goes_on.set).start()

    assert texts(people[0]) == ["last"]
    assert outcomes() == {1: ""}


def test_no_line_names_a_token_or_says_what_somebody_wrote(open_bot, telegram, people, quick, caplog):
    caplog.set_level("DEBUG")
    telegram.fail_next("sendMessage", "500")
    telegram.fail_next("sendMessage", "reset")

    def answers(bot, payload):
        if payload["update_id"] == 3:
            raise ValueError(payload["message"]["text"])
        return echo(bot, payload)

    keep_all(open_bot, [text(n, said="chest pain", chat=MALEE + n % 2) for n in range(1, 6)])
    with working(answers):
        until_done()

    assert caplog.records
    assert token_of(open_bot) not in caplog.text
    assert "chest pain" not in caplog.text
