"""Every write to webhooks honours ``Idempotency-Key``."""

from datetime import UTC, datetime

import pytest

from tests.api.hooks import BODY, Hooks, delivery
from tests.api.wire import refusal
from webhooks.models import Delivery, Webhook

KEY = {"Idempotency-Key": "once-please"}


@pytest.fixture
def hooks(hospital) -> Hooks:
    return Hooks(hospital)


def twice(hooks: Hooks, method: str, path: str, body=None):
    """Ask twice with one key; the second answer must be the first, and say so."""
    first, second = (hooks.ask(method, path, body, headers=KEY) for _ in range(2))
    assert first.status_code < 300, first.content
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert "Idempotency-Replayed" not in first
    assert second["Idempotency-Replayed"] == "true"
    return first


def test_a_repeated_registration_makes_one_webhook_and_tells_the_same_secret(hooks):
    answer = twice(hooks, "POST", "/register", BODY)

    assert Webhook.objects.count() == 1
    assert answer.json()["secret"].startswith("whsec_")


def test_a_repeated_rotation_rotates_once(hooks):
    told = hooks.register()
    rotated = twice(hooks, "POST", f"/{told['id']}/rotate-secret")

    assert rotated.json()["secret"] != told["secret"]


def test_a_repeated_test_sends_one(hooks):
    twice(hooks, "POST", f"/{hooks.register()['id']}/test")

    assert Delivery.objects.count() == 1


def test_a_repeated_resend_is_answered_again_and_not_refused(hooks):
    webhook_id = hooks.register()["id"]

    twice(hooks, "POST", f"/{webhook_id}/deliveries/{delivery(webhook_id).pk}/resend")


def test_a_repeated_recovery_change_and_removal_are_answered_again(hooks):
    path = f"/{hooks.register()['id']}"

    twice(hooks, "POST", f"{path}/recover", {"since": datetime.now(UTC).isoformat()})
    twice(hooks, "PATCH", path, {"description": "changed"})
    twice(hooks, "DELETE", path)


def test_the_key_with_another_body_is_refused(hooks):
    hooks.ask("POST", "/register", BODY, headers=KEY)

    answer = hooks.ask("POST", "/register", {**BODY, "events": ["*"]}, headers=KEY)

    refusal(answer, 409, "CONFLICT", "idempotency_key_reused")
    assert Webhook.objects.count() == 1


def test_a_refusal_is_not_kept(hooks):
    refusal(hooks.ask("POST", "/register", {**BODY, "events": []}, headers=KEY), 400, "VALIDATION_ERROR")

    assert hooks.ask("POST", "/register", BODY, headers=KEY).status_code == 201


def test_one_key_in_two_hospitals_is_two(hooks, other_hospital):
    there = Hooks(other_hospital)

    mine, other = (one.ask("POST", "/register", BODY, headers=KEY).json() for one in (hooks, there))

    assert mine["id"] != other["id"]


def test_the_kept_secret_is_not_readable_in_the_database(hospital, hooks):
    """An answer is kept for a day; who copies the database must not have the secret with it."""
    from tenants.context import inside  # noqa: PLC0415
    from tests.api.stored import everything_stored  # noqa: PLC0415

    told = hooks.ask("POST", "/register", BODY, headers=KEY).json()

    from django.db import connection  # noqa: PLC0415

    assert everything_stored("ploy")
    with inside(hospital), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '|') FROM events_idempotencykey t")
        [(kept,)] = cursor.fetchall()
    assert kept
    assert told["secret"].removeprefix("whsec_")[:20] not in kept
