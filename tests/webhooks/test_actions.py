"""What a hospital does with its webhooks, and what its history says of it."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from core import clock
from core.errors import InvalidInput, Kind
from core.sealing import CannotUnseal
from events.models import Event
from events.outbox import history_of
from tenants.context import current_hospital
from tests.support.booking import refused
from tests.support.receiver import answer
from tests.support.threads import reasons, together
from tests.support.webhooks import MANAGER, deliver, endpoint, happen, let_pass, relay
from webhooks.actions import (
    MOST_WEBHOOKS,
    change_webhook,
    deactivate,
    reactivate,
    register_webhook,
    remove_webhook,
    resend,
    rotate_secret,
    send_test,
)
from webhooks.keyring import open_secrets
from webhooks.models import Delivery, State, Webhook, Why
from webhooks.queries import webhooks_for

URL = "https://hooks.example.org/one"


def history(row):
    return [event.type for event in history_of("webhook", row.pk)]


def wrong_fields(caught):
    return set(caught.value.data["fields"])


# ── registering ───────────────────────────────────────────────────────────────
def test_registering_gives_a_secret_that_is_stored_sealed(admin):
    row, secret = register_webhook(admin, url=URL, events=["booking.created"], description="Our website")

    row = Webhook.objects.get(pk=row.pk)
    assert (row.url, row.events, row.is_active) == (URL, ["booking.created"], True)
    assert secret.startswith("whsec_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT webhooks::text FROM public.webhooks WHERE id = %s", [row.pk])
        assert secret.removeprefix("whsec_") not in cursor.fetchone()[0]
    assert open_secrets(row.pk, row.secret) == [secret]


def test_a_secret_that_is_copied_to_another_row_opens_nothing(admin):
    one, two = (register_webhook(admin, url=URL, events=["*"])[0] for _ in range(2))

    with pytest.raises(CannotUnseal):
        open_secrets(two.pk, one.secret)


def test_events_are_kept_once_each_and_in_one_order(admin):
    row, _ = register_webhook(
        admin, url=URL, events=["patient.registered", "booking.created", "patient.registered"]
    )

    assert row.events == ["booking.created", "patient.registered"]
    assert register_webhook(admin, url=URL, events=["booking.created", "*"])[0].events == ["*"]


@pytest.mark.parametrize(
    "events", [[], ["booking.held"], ["booking.created", "user.changed"], ["webhook.test"], "booking.created"]
)
def test_events_that_are_none_are_refused(admin, events):
    with pytest.raises(InvalidInput) as caught:
        register_webhook(admin, url=URL, events=events)
    assert wrong_fields(caught) == {"events"}


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/", "https://user:pw@example.org/", "https://10.0.0.1/"]
)
def test_an_address_that_may_not_be_is_refused(admin, url):
    with pytest.raises(InvalidInput) as caught:
        register_webhook(admin, url=url, events=["*"])
    assert wrong_fields(caught) == {"webhook_url"}
    assert not Webhook.objects.exists()


def test_there_is_a_limit_to_endpoints_and_one_that_was_removed_does_not_count(admin):
    rows = [register_webhook(admin, url=URL, events=["*"])[0] for _ in range(MOST_WEBHOOKS)]

    with refused("too_many_webhooks") as caught:
        register_webhook(admin, url=URL, events=["*"])
    assert (caught.value.kind, caught.value.data) == (Kind.CONFLICT, {"limit": MOST_WEBHOOKS})

    remove_webhook(admin, webhook_id=rows[0].pk)
    register_webhook(admin, url=URL, events=["*"])


def test_two_who_register_at_once_do_not_pass_the_limit_together(fresh_hospital):
    try:
        for _ in range(MOST_WEBHOOKS - 2):
            register_webhook(MANAGER, url=URL, events=["*"])

        register = partial(register_webhook, MANAGER, url=URL, events=["*"])
        outcomes = together(fresh_hospital, [register] * 8)

        assert reasons(outcomes) == ["too_many_webhooks"] * 6
        assert Webhook.objects.filter(hospital=fresh_hospital).count() == MOST_WEBHOOKS
    finally:
        Webhook.objects.filter(hospital=fresh_hospital).delete()


# ── changing ──────────────────────────────────────────────────────────────────
def test_what_is_given_is_changed_and_told(admin):
    row = endpoint(current_hospital(), URL, "booking.created")

    changed = change_webhook(
        admin, webhook_id=row.pk, url="https://hooks.example.org/two", description="Ours"
    )

    assert (changed.url, changed.events, changed.description) == (
        "https://hooks.example.org/two",
        ["booking.created"],
        "Ours",
    )
    assert history_of("webhook", row.pk)[-1].changes == {
        "url": [URL, "https://hooks.example.org/two"],
        "description": ["", "Ours"],
    }


def test_a_change_that_changes_nothing_leaves_no_trace(admin):
    row = endpoint(current_hospital(), URL)

    change_webhook(admin, webhook_id=row.pk, url=URL, events=["*"])

    assert history(row) == ["webhook.registered"]


def test_what_waits_goes_to_the_new_address(webhook, admin, receiver):
    happen()
    relay()
    change_webhook(admin, webhook_id=webhook.pk, url=receiver.url("/new"))

    deliver()

    assert [request.path for request in receiver.requests] == ["/new"]


def test_a_new_address_starts_without_the_failures_of_the_old_one(webhook, admin, receiver):
    Webhook.objects.update(
        consecutive_failures=50, failing_since=clock.now(), open_until=clock.now() + timedelta(minutes=5)
    )

    row = change_webhook(admin, webhook_id=webhook.pk, url=receiver.url("/new"))

    row.refresh_from_db()
    assert (row.consecutive_failures, row.failing_since, row.open_until) == (0, None, None)


# ── switching off and on, removing ────────────────────────────────────────────
def test_an_endpoint_that_is_switched_off_keeps_what_waits_and_sends_nothing(webhook, admin, receiver):
    happen()
    relay()

    row = deactivate(admin, webhook_id=webhook.pk)

    assert (row.is_active, row.disabled_why) == (False, Why.ASKED)
    assert deliver() == 0
    assert Delivery.objects.get().state == State.KEPT
    assert history(webhook) == ["webhook.registered", "webhook.disabled"]


def test_switching_on_again_forgets_failures_and_sends_what_happens_from_then_on(webhook, admin, receiver):
    happen()
    relay()
    deactivate(admin, webhook_id=webhook.pk)
    Webhook.objects.update(consecutive_failures=50, open_until=clock.now() + timedelta(days=1))

    reactivate(admin, webhook_id=webhook.pk)
    later = happen("booking.cancelled")
    relay()
    deliver()

    assert [said["data"]["sequence"] for said in receiver.messages()] == [later.pk]
    assert history(webhook)[-1] == "webhook.reactivated"


def test_switching_twice_is_told_once(webhook, admin):
    for switch in (deactivate, deactivate, reactivate, reactivate):
        switch(admin, webhook_id=webhook.pk)

    assert history(webhook) == ["webhook.registered", "webhook.disabled", "webhook.reactivated"]


def test_an_endpoint_that_is_removed_is_gone_with_its_secret(webhook, admin, receiver):
    happen()
    relay()

    remove_webhook(admin, webhook_id=webhook.pk)

    assert not webhooks_for(admin).exists()
    assert Webhook.objects.get().secret == ""
    assert deliver() == 0
    assert history(webhook)[-1] == "webhook.removed"
    for verb in (remove_webhook, change_webhook, rotate_secret, deactivate, reactivate, send_test):
        with refused("webhook_not_found"):
            verb(admin, webhook_id=webhook.pk)


# ── secrets ───────────────────────────────────────────────────────────────────
def test_for_a_day_after_a_rotation_both_secrets_sign(admin, receiver):
    row, old = register_webhook(admin, url=receiver.url(), events=["*"])
    same, new = rotate_secret(admin, webhook_id=row.pk)
    assert same.pk == row.pk
    assert old != new
    happen()
    relay()
    deliver()

    [request] = receiver.requests
    assert len(request.headers["webhook-signature"].split()) == 2
    for secret in (old, new):
        assert Verifier(secret).verify(request.body, dict(request.headers))["event"] == "booking.created"


def test_after_a_day_the_old_secret_signs_no_more(admin, receiver):
    row, old = register_webhook(admin, url=receiver.url(), events=["*"])
    _, new = rotate_secret(admin, webhook_id=row.pk)
    let_pass(hours=24, seconds=1)
    happen()
    relay()
    deliver()

    [request] = receiver.requests
    assert Verifier(new).verify(request.body, dict(request.headers))
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(request.body, dict(request.headers))


def test_rotating_again_ends_the_oldest_secret(admin):
    row, _ = register_webhook(admin, url=URL, events=["*"])
    secrets = [rotate_secret(admin, webhook_id=row.pk)[1] for _ in range(2)]

    row.refresh_from_db()
    assert open_secrets(row.pk, row.previous_secret, row.secret) == secrets
    assert row.previous_secret_until - clock.now() > timedelta(hours=23)
    assert history(row) == ["webhook.registered"] + ["webhook.secret_rotated"] * 2


def test_no_secret_is_in_the_history(admin):
    row, secret = register_webhook(admin, url=URL, events=["*"])
    _, new = rotate_secret(admin, webhook_id=row.pk)

    told = str(list(Event.objects.values()))
    assert secret not in told
    assert new not in told


# ── tests and resending ───────────────────────────────────────────────────────
def test_a_test_goes_to_its_endpoint_alone_whatever_it_subscribed_to(admin, receiver):
    row = endpoint(current_hospital(), receiver.url("/asked"), "patient.registered")
    endpoint(current_hospital(), receiver.url("/others"))

    delivery = send_test(admin, webhook_id=row.pk)
    relay()
    deliver()

    [request] = receiver.requests
    assert request.path == "/asked"
    assert request.message_id == request.json["id"] == str(delivery.pk)
    assert request.json["event"] == "webhook.test"
    assert request.json["data"]["webhook_id"] == str(row.pk)


def test_a_test_is_tried_once(webhook, admin, receiver):
    receiver.always(answer(500))
    delivery = send_test(admin, webhook_id=webhook.pk)

    deliver()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (State.FAILED, 1)


def test_a_delivery_is_sent_again_under_its_old_id(webhook, admin, receiver):
    happen()
    relay()
    deliver()

    resend(admin, delivery_id=Delivery.objects.get().pk)
    deliver()

    first, second = receiver.requests
    assert first.message_id == second.message_id
    assert first.body == second.body
    assert history(webhook)[-1] == "webhook.resent"
    assert Delivery.objects.get().state == State.DELIVERED


def test_a_delivery_that_waits_for_its_next_attempt_is_sent_now(webhook, admin, receiver):
    receiver.script(answer(500))
    happen()
    relay()
    deliver()
    assert deliver() == 0

    again = resend(admin, delivery_id=Delivery.objects.get().pk)

    assert (again.state, again.attempts) == (State.PENDING, 0)
    assert deliver() == 1
    assert Delivery.objects.get().state == State.DELIVERED


def test_a_delivery_that_is_being_sent_is_not_sent_twice(webhook, admin):
    happen()
    relay()
    Delivery.objects.update(lease_until=clock.now() + timedelta(seconds=30))

    with refused("delivery_under_way"):
        resend(admin, delivery_id=Delivery.objects.get().pk)


@pytest.mark.parametrize("verb", [send_test, resend])
def test_to_an_endpoint_that_is_off_nothing_is_sent(webhook, admin, verb):
    happen()
    relay()
    deactivate(admin, webhook_id=webhook.pk)
    what = {"webhook_id": webhook.pk} if verb is send_test else {"delivery_id": Delivery.objects.get().pk}

    with refused("webhook_inactive"):
        verb(admin, **what)
    assert Delivery.objects.get().state == State.KEPT
