"""Figures for Prometheus: for whoever has the token, right, few, and of nobody."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from observing.metrics import _policy
from telegram_integration.models import TelegramBot, TelegramUpdate, TelegramUser
from tests.api.wire import day
from tests.observing.canary import EMAIL, NAME, NOTE, PHONE
from tests.observing.test_health import alive_workers, elsewhere, old_job, redis_at  # noqa: F401  -- fixtures

CREATE = "api/v1/tenants/<str:subdomain>/booking/create"


@pytest.fixture
def scrape(settings):
    """The samples by name and labels."""
    settings.METRICS_TOKEN = "the-token"

    def read() -> dict[tuple, float]:
        answer = Client(headers={"host": "10.1.2.3", "Authorization": "Bearer the-token"}).get("/metrics")
        assert answer.status_code == 200
        read.text = answer.content.decode()
        families = text_string_to_metric_families(read.text)
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in families
            for sample in family.samples
        }

    return read


def counted(samples, name: str, **labels: str) -> float:
    return samples.get((name, *sorted(labels.items())), 0)


# ── who may ───────────────────────────────────────────────────────────────────
def test_without_a_token_there_is_no_such_address(db):
    assert Client(raise_request_exception=False).get("/metrics").status_code == 404


@pytest.mark.parametrize(
    "given", ["", "the-token", "Bearer", "Bearer the-tokem", "Basic the-token", "Bearer \u0e01"]
)
def test_a_wrong_token_is_refused(settings, given):
    settings.METRICS_TOKEN = "the-token"
    answer = Client(headers={"Authorization": given}).get("/metrics")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert b"nadmor_" not in answer.content


# ── what ──────────────────────────────────────────────────────────────────────
def test_requests_are_counted_and_timed_by_route(rest, scrape):
    route = "api/v1/tenants/<str:subdomain>/booking/event-types"
    before = scrape()
    for _ in range(3):
        rest.get("/event-types")
    after = scrape()

    def added(name, **labels):
        return counted(after, name, **labels) - counted(before, name, **labels)

    labels = {"door": "api", "method": "GET", "status": "200"}
    assert added("nadmor_http_requests_total", route=route, **labels) == 3
    assert added("nadmor_http_request_seconds_count", route=route) == 3
    assert added("nadmor_http_request_seconds_bucket", route=route, le="+Inf") == 3


def test_bookings_are_counted_by_what_came_of_them(rest, check_up, scrape):
    body = {
        "event_type_id": check_up.pk, "date": day(), "time": "10:00",
        "guest_name": NAME, "guest_phone": PHONE, "guest_email": EMAIL, "notes": NOTE,
    }  # fmt: skip
    before = scrape()
    for status in (201, 201, 409, 400):
        changed = {"time": "nonsense"} if status == 400 else {"guest_phone": None} if status == 409 else {}
        key = {"Idempotency-Key": "k1"} if status == 201 else {}
        assert rest.post("/create", {**body, **changed}, headers=key).status_code == status
    after = scrape()

    outcomes = {
        outcome: counted(after, "nadmor_bookings_total", door="api", outcome=outcome)
        - counted(before, "nadmor_bookings_total", door="api", outcome=outcome)
        for outcome in ("booked", "repeated", "conflict", "refused", "failed")
    }
    assert outcomes == {"booked": 1, "repeated": 1, "conflict": 1, "refused": 1, "failed": 0}


def limited(header: str) -> HttpResponse:
    return HttpResponse(status=429, headers={"RateLimit": header} if header else {})


def test_what_was_beyond_a_limit_is_counted_by_policy():
    assert _policy(limited('"booking";r=0;t=9')) == "booking"
    assert _policy(limited(f'"{NAME}";r=0')) == _policy(limited("")) == "other"


def test_the_queue_redis_and_the_workers_are_told(old_job, alive_workers, scrape):  # noqa: F811
    samples = scrape()

    assert counted(samples, "nadmor_jobs_due", lane="unknown") == 1
    assert 600 <= counted(samples, "nadmor_jobs_oldest_seconds", lane="unknown") < 700
    assert counted(samples, "nadmor_jobs_given_up", lane="unknown") == 1
    assert counted(samples, "nadmor_redis_up") == counted(samples, "nadmor_database_up") == 1
    assert 0 <= counted(samples, "nadmor_worker_heartbeat_age_seconds") < 60


def test_what_is_away_is_said_to_be_away(django_db_setup, elsewhere, settings, nobody, scrape):  # noqa: F811
    elsewhere(nobody)
    redis_at(settings, nobody)
    samples = scrape()

    assert samples[("nadmor_database_up",)] == samples[("nadmor_redis_up",)] == 0
    assert not [name for name, *_ in samples if name.startswith(("nadmor_jobs", "nadmor_worker"))]


def test_labels_are_few_and_tell_of_nobody(rest, scrape):
    client = Client(raise_request_exception=False)
    client.generic("BREW", f"/{NAME}?q={PHONE}")
    for number in range(20):
        client.get(f"/nowhere/{NAME}/{number}")
        rest.get(f"/{NAME}{number}", phone=PHONE)
    samples = scrape()

    assert NAME not in scrape.text
    assert PHONE not in scrape.text
    methods = {dict(labels).get("method") for _, *labels in samples}
    assert "BREW" not in methods
    assert "OTHER" in methods


def test_webhooks_are_told_over_all_hospitals(fresh_hospital, scrape):
    samples = scrape()

    assert samples[("nadmor_webhook_deliveries_pending",)] >= 0
    assert samples[("nadmor_webhook_oldest_seconds",)] >= 0
    assert samples[("nadmor_webhook_endpoints", ("state", "switched_off"))] >= 0


def test_the_bot_is_told_over_all_hospitals(both_hospitals, scrape):
    bot, now = TelegramBot.objects.create(telegram_id=12345), datetime.now(UTC)
    try:
        TelegramUser.objects.create(telegram_id=1, name=NAME, phone_number=PHONE)
        TelegramUser.objects.create(telegram_id=2, last_active=now - timedelta(days=2))
        ended = {"done_at": now, "received_at": now - timedelta(seconds=2)}
        TelegramUpdate.objects.bulk_create(
            [
                TelegramUpdate(bot=bot, update_id=1, **ended),
                TelegramUpdate(bot=bot, update_id=2, error="Blocked", **ended),
                TelegramUpdate(bot=bot, update_id=3, error="ZeroDivisionError", **ended),
                TelegramUpdate(bot=bot, update_id=4, done_at=now - timedelta(hours=1)),
                TelegramUpdate(
                    bot=bot, update_id=5, payload={"text": NOTE}, received_at=now - timedelta(minutes=1)
                ),
            ]
        )
        samples = scrape()
    finally:
        for model in (TelegramUpdate, TelegramUser, TelegramBot):
            model.objects.all().delete()

    assert samples[("nadmor_telegram_active_users",)] == 1
    assert samples[("nadmor_telegram_updates_waiting",)] == 1
    assert 60 <= samples[("nadmor_telegram_oldest_seconds",)] < 120
    for outcome in ("answered", "blocked", "failed"):
        assert samples[("nadmor_telegram_updates", ("outcome", outcome))] == 1
    assert samples[("nadmor_telegram_answer_seconds", ("quantile", "0.95"))] == 2
    assert not [word for word in (NAME, PHONE, NOTE) if word in scrape.text]
