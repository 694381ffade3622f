"""How webhooks fare, by REST; and whose they are where the key belongs to the platform."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.hooks import BODY, IDLE, NOWHERE, Hooks, attempt, delivery
from tests.api.wire import MOMENT, refusal, wrong
from webhooks.models import Webhook, Why


@pytest.fixture
def hooks(hospital) -> Hooks:
    return Hooks(hospital)


def test_health_tells_how_the_last_day_went(hooks):
    told = hooks.register()
    waiting = delivery(told["id"], state="PENDING", attempts=0)
    delivery(told["id"], 2, state="KEPT")
    for number in range(19):
        attempt(waiting, ms=10 + number)
    attempt(waiting, status=500, ms=4000)
    attempt(waiting, status=500, ms=9000, started_at=datetime.now(UTC) - timedelta(hours=25))
    Webhook.objects.filter(pk=told["id"]).update(consecutive_failures=1)

    health = hooks.get(f"/{told['id']}").json()["health"]

    assert health == {
        **IDLE, "condition": "FAILING", "attempts": 20, "success_ratio": 0.95, "p95_ms": 28, "waiting": 1,
        "oldest_waiting": MOMENT, "kept": 1, "consecutive_failures": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "condition"),
    [
        ({}, "HEALTHY"),
        ({"is_slow": True}, "SLOW"),
        ({"consecutive_failures": 3}, "FAILING"),
        ({"consecutive_failures": 10, "open_until": datetime(2100, 1, 1, tzinfo=UTC)}, "PAUSED"),
        ({"consecutive_failures": 10, "open_until": datetime(2020, 1, 1, tzinfo=UTC)}, "FAILING"),
        (
            {"is_active": False, "disabled_at": datetime(2026, 1, 1, tzinfo=UTC), "disabled_why": Why.GONE},
            "OFF",
        ),
    ],
)
def test_health_is_said_in_a_word(hooks, fields, condition):
    told = hooks.register()
    attempt(delivery(told["id"]))
    Webhook.objects.filter(pk=told["id"]).update(**fields)

    assert hooks.get(f"/{told['id']}").json()["health"]["condition"] == condition


# ── keys of the platform ──────────────────────────────────────────────────────
def test_a_key_of_the_platform_names_the_hospital(hospital, other_hospital, hooks):
    platform = Hooks(None)

    answer = platform.post("/register?subdomain=ploy", BODY)

    assert Webhook.objects.get(pk=answer.json()["id"]).hospital == hospital
    assert platform.get("/", subdomain="ploy").json() == hooks.get("/").json()
    assert platform.get("/", subdomain="rama").json()["count"] == 0
    refusal(
        platform.get(f"/{answer.json()['id']}", subdomain="rama"),
        404,
        "RESOURCE_NOT_FOUND",
        "webhook_not_found",
    )


def test_a_key_of_the_platform_that_names_none_or_nowhere_gets_nothing(db):
    platform = Hooks(None)

    for path in ("/register", f"/{NOWHERE}/test"):
        wrong(platform.post(path, BODY), "subdomain")
    wrong(platform.get("/", subdomain=""), "subdomain")
    for name in ("nowhere", "\x00", "ก" * 300, "ploy ", "' OR 1=1"):
        refusal(platform.get("/", subdomain=name), 404, "RESOURCE_NOT_FOUND", "hospital_not_found")


def test_a_hospitals_key_may_name_its_own_hospital_and_no_other(hooks, other_hospital):
    assert hooks.get("/", subdomain="ploy").status_code == 200
    for subdomain in ("rama", "nowhere", ""):
        refusal(hooks.get("/", subdomain=subdomain), 404, "RESOURCE_NOT_FOUND", "hospital_not_found")
