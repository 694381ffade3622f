"""Updates that are posted: with the secret, in order within a chat, until they are taken."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.telegram import Sandbox, SandboxUser
from tests.telegram_integration.sandbox.hook import Hook, hooked, wait_until


@pytest.fixture
def hook(sandbox: Sandbox) -> Iterator[Hook]:
    """Where updates are posted; failures are tried again at once."""
    sandbox.limit(webhook_backoff=0.02)
    with hooked() as hook:
        assert sandbox.call("setWebhook", url=hook.url, secret_token="a-secret_1")["ok"]
        yield hook
        sandbox.call("deleteWebhook")


def info(sandbox: Sandbox) -> dict[str, Any]:
    return dict(sandbox.call("getWebhookInfo")["result"])


def pending(sandbox: Sandbox) -> int:
    return int(info(sandbox)["pending_update_count"])


def test_an_update_is_posted_once_with_the_secret(sandbox: Sandbox, hook: Hook):
    alice = sandbox.user(5001).types("hello")
    hook.wait_for(1)
    wait_until(lambda: pending(sandbox) == 0)
    [(update, secret)] = hook.came
    assert secret == "a-secret_1"
    assert update["message"]["from"]["id"] == alice.id
    assert sandbox.counters()["delivered_twice"] == 0


def test_without_a_secret_there_is_no_header(sandbox: Sandbox, hook: Hook):
    sandbox.call("setWebhook", url=hook.url)
    sandbox.user(5001).types("hello")
    hook.wait_for(1)
    assert hook.came[0][1] is None


def test_what_was_not_taken_comes_again_and_what_follows_waits(sandbox: Sandbox, hook: Hook):
    hook.script.extend([500, 403, 503])
    alice = sandbox.user(5001)
    for text in ("one", "two", "three"):
        alice.types(text)
    hook.wait_for(6)
    assert hook.texts() == ["one", "one", "one", "one", "two", "three"]
    counted = sandbox.counters()
    assert (counted["webhook_failures"], counted["delivered_twice"]) == (3, 3)
    assert info(sandbox)["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"


def test_a_chat_that_fails_does_not_hold_up_others(sandbox: Sandbox, hook: Hook):
    sandbox.limit(webhook_backoff=30)
    hook.script.append(500)
    sandbox.user(5001).types("fails")
    hook.wait_for(1)
    sandbox.user(5002).types("passes")
    hook.wait_for(2)
    wait_until(lambda: pending(sandbox) == 1)
    assert hook.texts() == ["fails", "passes"]


def test_many_chats_are_posted_at_once_each_in_order(sandbox: Sandbox, hook: Hook):
    people = [sandbox.user(6000 + number) for number in range(20)]
    for text in ("one", "two", "three"):
        for person in people:
            person.types(text)
    hook.wait_for(60)
    wait_until(lambda: pending(sandbox) == 0)
    for person in people:
        theirs = [one["message"]["text"] for one, _ in hook.came if one["message"]["from"]["id"] == person.id]
        assert theirs == ["one", "two", "three"]


def test_nobody_there_is_told_and_nothing_is_lost(sandbox: Sandbox):
    with hooked() as hook:
        gone = hook.url
    sandbox.limit(webhook_backoff=0.02)
    sandbox.call("setWebhook", url=gone)
    alice = sandbox.user(5001).types("hello")
    wait_until(lambda: "last_error_message" in info(sandbox))
    assert pending(sandbox) == 1
    sandbox.call("deleteWebhook")
    [update] = sandbox.call("getUpdates")["result"]
    assert update["message"]["chat"]["id"] == alice.id


def test_nothing_is_posted_to_anybody_else(sandbox: Sandbox):
    sandbox.call("setWebhook", url="https://nadmor.example/hook")
    sandbox.user(5001).types("hello")
    wait_until(lambda: info(sandbox).get("last_error_message") == "The sandbox posts to loopback alone")


def test_waiting_updates_can_be_dropped(sandbox: Sandbox, alice: SandboxUser):
    assert pending(sandbox) == 1
    sandbox.call("deleteWebhook", drop_pending_updates=True)
    assert pending(sandbox) == 0
    alice.types("again")
    sandbox.call("setWebhook", url="https://nadmor.example/hook", drop_pending_updates=True)
    assert pending(sandbox) == 0
