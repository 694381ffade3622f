"""Whoever watches gets an answer on any host, whatever is away, within about a second."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.conf import settings as current
from django.db import connection
from django.test import Client

from jobs.queue import put
from observing import health
from observing.health import Check, Found, State, watch
from observing.looks import Look
from observing.outside import HEARTBEAT, HEARTBEAT_KEPT
from observing.tasks import heartbeat
from telegram_integration.inbox import presence
from telegram_integration.inbox.keeping import keep
from telegram_integration.models import TelegramBot, TelegramUpdate
from tenants.context import outside

# What is written out of the process's own world: the answer must not name any of it.
INTERNALS = (b"127.0.0.1", b"psycopg", b"redis.", b"Error", b"postgres", b"h_ploy", b"nadmor")


def get(path="/health/ready", host="10.1.2.3", **options):
    return Client(headers={"host": host}).get(path, **options)


def states(answer) -> dict[str, str]:
    return {name: check["status"] for name, check in answer.json()["checks"].items()}


@pytest.fixture
def alive_workers():
    """A worker has just noted that it lives; afterwards nobody remembers."""
    heartbeat()
    yield
    with redis.Redis.from_url(current.REDIS_URL) as client:
        client.delete(HEARTBEAT)


@pytest.fixture
def elsewhere():
    """Has every new connection to the database go to another port."""
    before = connection.settings_dict["PORT"]

    def go(port: int) -> None:
        connection.settings_dict["PORT"] = port

    yield go
    connection.settings_dict["PORT"] = before


def redis_at(settings, port: int) -> None:
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"


# ── alive ─────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "host", ["localhost", "ploy.localhost", "nowhere.example", "10.1.2.3", "[::1]", "bad!"]
)
def test_alive_on_any_host_without_asking_anybody(host, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = get("/health", host)

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert body.pop("status") == "ok"
    stamp = datetime.fromisoformat(body.pop("timestamp"))
    assert abs((datetime.now(UTC) - stamp).total_seconds()) < 60
    assert body == {}


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/metrics"])
def test_head_has_no_body_and_other_methods_are_refused(path, settings, django_db_setup):
    settings.METRICS_TOKEN = "token"
    client = Client(headers={"Authorization": "Bearer token"})

    head = client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) > 0
    for method in ("post", "put", "patch", "delete", "options"):
        refused = getattr(client, method)(path)
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")


# ── ready ─────────────────────────────────────────────────────────────────────
def test_ready_with_everything_there(django_db_setup, alive_workers):
    answer = get()

    assert answer.status_code == 200
    assert answer.json()["status"] == "ok"
    assert states(answer) == dict.fromkeys(("database", "redis", "workers", "queue", "limits", "bot"), "ok")
    assert not [word for word in INTERNALS if word in answer.content]


def test_without_redis_bookings_go_on(django_db_setup, settings, nobody):
    redis_at(settings, nobody)
    answer = get()

    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert states(answer) == {
        "database": "ok", "redis": "unavailable", "workers": "unknown", "queue": "ok", "limits": "degraded",
        "bot": "ok",
    }  # fmt: skip


def test_a_redis_that_hangs_costs_less_than_a_second(django_db_setup, settings, silence):
    redis_at(settings, silence)
    started = time.monotonic()
    answer = get()

    assert states(answer)["redis"] == "unavailable"
    assert answer.status_code == 200
    assert time.monotonic() - started < 1.3


def test_without_the_database_nobody_is_sent_here(django_db_setup, elsewhere, nobody):
    elsewhere(nobody)
    answer = get()

    assert (answer.status_code, answer.json()["status"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert (states(answer)["database"], states(answer)["queue"]) == ("unavailable", "unknown")
    assert not [word for word in INTERNALS if word in answer.content]


def test_a_database_that_hangs_costs_about_a_second_for_all_who_ask(django_db_setup, elsewhere, silence):
    elsewhere(silence)
    started = time.monotonic()
    answers = [get() for _ in range(3)]

    assert {answer.status_code for answer in answers} == {503}
    assert time.monotonic() - started < 2
    assert get("/health").status_code == 200


def test_back_again_without_a_restart(django_db_setup, elsewhere, nobody):
    before = connection.settings_dict["PORT"]
    elsewhere(nobody)
    assert get().status_code == 503
    elsewhere(before)
    time.sleep(1.1)

    assert get().status_code == 200


def test_workers_that_never_came_and_that_fell_silent(django_db_setup):
    with redis.Redis.from_url(current.REDIS_URL) as client:
        client.delete(HEARTBEAT)
        assert states(get())["workers"] == "never"
        client.set(HEARTBEAT, time.time() - health.WORKERS_LATE_AFTER - 5, ex=HEARTBEAT_KEPT)
        health.redis_look.forget()
        answer = get()
        client.delete(HEARTBEAT)

    assert states(answer)["workers"] == "late"
    assert answer.json()["checks"]["workers"]["seconds"] >= health.WORKERS_LATE_AFTER
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")


@pytest.fixture
def old_job(fresh_hospital):
    """A job that should have been done long ago, and one that was given up."""
    with outside():
        put("tests.observing", "old", lane="tests")
        put("tests.observing", "hopeless", lane="tests")
        with connection.cursor() as cursor:
            change = "UPDATE jobs_job SET due_at = {} WHERE kind = 'tests.observing' AND subject = '{}'"
            cursor.execute(change.format("now() - interval '10 minutes'", "old"))
            cursor.execute(change.format("NULL", "hopeless"))
    yield
    with outside(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM jobs_job WHERE kind = 'tests.observing'")


def test_a_queue_that_waits_is_told_with_its_age(old_job):
    found = get().json()["checks"]["queue"]

    assert found["status"] == "late"
    assert 600 <= found["seconds"] < 700


def test_a_later_room_adds_its_check(django_db_setup, monkeypatch):
    monkeypatch.setattr(health, "_checks", dict(health._checks))
    watch(Check("bot", Look(lambda: 1 / 0, patience=0.2), lambda _: Found(State.OK)))

    answer = get()
    assert states(answer)["bot"] == "unavailable"
    assert answer.status_code == 200


# ── a look ────────────────────────────────────────────────────────────────────
def test_one_look_is_shared_by_all_who_ask():
    times = []

    def look():
        times.append(1)
        time.sleep(0.1)
        return len(times)

    one = Look(look, patience=1)
    assert [one.see() for _ in range(5)] == [1] * 5
    one.forget()
    assert one.see() == 2


def test_a_look_that_hangs_is_not_waited_for_twice():
    one = Look(lambda: time.sleep(1), patience=0.2)
    started = time.monotonic()
    for _ in range(5):
        with pytest.raises(TimeoutError):
            one.see()

    assert time.monotonic() - started < 0.9


# ── the bot ───────────────────────────────────────────────────────────────────
@pytest.fixture
def a_bot(both_hospitals):
    """The platform has a bot, which nobody has started yet."""
    with redis.Redis.from_url(current.REDIS_URL) as client:
        client.delete(presence._key())
        yield TelegramBot.objects.create(telegram_id=12345)
        client.delete(presence._key())
    TelegramUpdate.objects.all().delete()
    TelegramBot.objects.all().delete()


def note_that_it_answers(ago: float) -> None:
    with redis.Redis.from_url(current.REDIS_URL) as client:
        client.set(presence._key(), time.time() - ago)


def test_a_bot_that_nobody_started_is_told_and_bookings_go_on(a_bot):
    answer = get()

    assert states(answer)["bot"] == "never"
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("ago", "state"), [(1, "ok"), (health.BOT_LATE_AFTER + 5, "late")], ids=["answers", "silent"]
)
def test_a_bot_answers_or_fell_silent(a_bot, ago, state):
    note_that_it_answers(ago)

    found = get().json()["checks"]["bot"]
    assert found["status"] == state
    assert abs(found["seconds"] - ago) < 30


def test_a_process_of_the_bot_notes_that_it_answers(a_bot):
    async def for_a_moment() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(presence.keep_saying_alive(), 1)

    asyncio.run(for_a_moment())

    assert get().json()["checks"]["bot"]["status"] == "ok"


@pytest.mark.parametrize(("is_active", "state"), [(True, "late"), (False, "ok")], ids=["at-work", "off"])
def test_somebody_who_waits_for_an_answer_is_told(a_bot, is_active, state):
    note_that_it_answers(1)
    keep(a_bot, {"update_id": 1})
    TelegramUpdate.objects.update(received_at=datetime.now(UTC) - timedelta(minutes=5))
    TelegramBot.objects.update(is_active=is_active)

    assert states(get())["bot"] == state


def test_without_redis_nobody_knows_of_the_bot(a_bot, settings, nobody):
    redis_at(settings, nobody)

    assert states(get())["bot"] == "unknown"
