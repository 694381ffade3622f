"""From an event to rows of what has to be delivered."""

import pytest

from events import relay as events_relay
from events.models import Event
from tenants.context import inside, outside
from tests.support.webhooks import MANAGER, endpoint, happen, relay
from webhooks.actions import deactivate, remove_webhook
from webhooks.models import Delivery
from webhooks.subscribers import queue_deliveries

URL = "https://hooks.example.org/one"


@pytest.fixture(autouse=True)
def alone(only_webhooks_listen):
    """Nobody else hears of bookings that there are none of."""


def queued(row):
    return list(
        Delivery.objects.filter(webhook=row).order_by("event_id").values_list("event_type", flat=True)
    )


def test_an_event_is_queued_for_each_endpoint_that_wants_its_type(in_hospital):
    all_of_them = endpoint(in_hospital, URL)
    two = endpoint(in_hospital, URL, "booking.created", "patient.registered")
    other = endpoint(in_hospital, URL, "booking.cancelled")
    happen("booking.created")
    happen("booking.rescheduled")
    happen("patient.registered", subject_type="patient", data={})

    relay()

    assert queued(all_of_them) == ["booking.created", "booking.rescheduled", "patient.registered"]
    assert queued(two) == ["booking.created", "patient.registered"]
    assert queued(other) == []


@pytest.mark.parametrize("kind", ["booking.held", "booking.hold_expired", "patient.changed", "user.changed"])
def test_an_event_that_is_nobodys_business_is_queued_for_nobody(in_hospital, kind):
    row = endpoint(in_hospital, URL)
    happen(kind)

    relay()

    assert queued(row) == []


def test_what_happens_to_endpoints_is_told_to_no_endpoint(in_hospital):
    row = endpoint(in_hospital, URL)
    endpoint(in_hospital, URL)

    relay()

    assert queued(row) == []


def test_an_event_that_is_handed_on_twice_is_queued_once(in_hospital):
    row = endpoint(in_hospital, URL)
    event = Event.objects.get(pk=happen().pk)

    for _ in range(3):
        queue_deliveries(event)

    [delivery] = Delivery.objects.filter(webhook=row)
    assert (delivery.event_id, delivery.state, delivery.attempts) == (event.pk, "PENDING", 0)


def test_the_other_hospitals_endpoints_hear_nothing(in_hospital, other_hospital):
    ours, theirs = endpoint(in_hospital, URL), endpoint(other_hospital, URL)
    happen()
    with inside(other_hospital):
        happen("booking.cancelled")

    relay()

    assert queued(ours) == ["booking.created"]
    assert queued(theirs) == ["booking.cancelled"]


def test_an_endpoint_that_is_off_or_removed_gets_nothing_queued(in_hospital):
    off, gone = endpoint(in_hospital, URL), endpoint(in_hospital, URL)
    deactivate(MANAGER, webhook_id=off.pk)
    remove_webhook(MANAGER, webhook_id=gone.pk)
    happen()

    relay()

    assert queued(off) == queued(gone) == []


def test_an_event_of_the_platform_is_queued_for_nobody(in_hospital):
    row = endpoint(in_hospital, URL)
    with outside():
        happen()

    relay()

    assert queued(row) == []


def test_an_event_whose_transaction_is_rolled_back_queues_nothing(in_hospital, monkeypatch):
    row = endpoint(in_hospital, URL)

    def choke(_):
        raise ValueError

    monkeypatch.setattr(events_relay, "_subscribers", [*events_relay._subscribers, (frozenset(), choke)])
    happen()

    relay()

    assert queued(row) == []
    assert Event.objects.filter(relayed_at=None).exists()
