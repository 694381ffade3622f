"""What the database itself refuses."""

from uuid import uuid4

import pytest

from core import clock
from tests.support.rows import insert, refused_by
from tests.support.webhooks import endpoint, happen, relay
from webhooks.models import Delivery, State, Webhook

URL = "https://hooks.example.org/one"


@pytest.fixture
def row(in_hospital, only_webhooks_listen):
    return endpoint(in_hospital, URL)


@pytest.fixture
def delivery(row):
    happen()
    relay()
    return Delivery.objects.get()


def test_the_table_has_the_columns_that_others_know(row):
    assert Webhook._meta.db_table == "webhooks"
    columns = {field.column for field in Webhook._meta.concrete_fields}
    assert {"id", "url", "events", "hospital_id", "secret", "is_active", "created_at"} <= columns


@pytest.mark.parametrize("events", [[], ["booking.held"], ["*", "nothing"]])
def test_an_endpoint_wants_events_that_there_are(row, events):
    with refused_by("webhook_wants_known_events"):
        Webhook.objects.update(events=events)


@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"disabled_at": clock.now()},
        {"disabled_why": "GONE"},
        {"removed_at": clock.now()},
        {"is_active": False, "disabled_at": clock.now()},
    ],
)
def test_an_endpoint_is_on_or_was_switched_off_at_a_time_for_a_reason(row, fields):
    with refused_by("webhook_is_active_or_was_switched_off"):
        Webhook.objects.update(**fields)


@pytest.mark.parametrize("fields", [{"previous_secret": "x"}, {"previous_secret_until": clock.now()}])
def test_a_previous_secret_has_an_end(row, fields):
    with refused_by("webhook_previous_secret_has_an_end"):
        Webhook.objects.update(**fields)


def test_an_event_is_delivered_to_an_endpoint_once(delivery):
    with refused_by("one_delivery_of_each_event"):
        Delivery.objects.create(
            webhook_id=delivery.webhook_id,
            event_id=delivery.event_id,
            event_at=delivery.event_at,
            event_type="x",
            payload="{}",
        )


def test_an_event_whose_number_was_given_out_before_a_restore_is_another_one(delivery):
    Delivery.objects.create(
        webhook_id=delivery.webhook_id,
        event_id=delivery.event_id,
        event_at=clock.now(),
        event_type="x",
        payload="{}",
    )

    assert Delivery.objects.filter(event_id=delivery.event_id).count() == 2


@pytest.mark.parametrize(
    "fields", [{"state": State.FAILED}, {"state": State.KEPT}, {"next_attempt_at": None}]
)
def test_a_delivery_waits_for_a_time_as_long_as_it_waits(delivery, fields):
    with refused_by("delivery_waits_for_a_time"):
        Delivery.objects.update(**fields)


@pytest.mark.parametrize(
    "fields", [{"state": State.DELIVERED, "next_attempt_at": None}, {"delivered_at": clock.now()}]
)
def test_what_was_delivered_was_delivered_at_a_time(delivery, fields):
    with refused_by("delivery_has_a_time_when_delivered"):
        Delivery.objects.update(**fields)


def test_a_plain_insert_waits_from_now_on(row):
    number = uuid4()
    facts = {"event_id": 7, "event_at": clock.now(), "event_type": "x", "payload": "{}"}
    insert("public.webhooks_delivery", id=number, webhook_id=row.pk, **facts)

    found = Delivery.objects.get(pk=number)
    assert (found.state, found.attempts, found.lease_until) == (State.PENDING, 0, None)
    assert abs((clock.now() - found.next_attempt_at).total_seconds()) < 60
