"""A slow or dead endpoint holds up nobody, and no endpoint gets more at once than it may."""

import pytest
from django.db import connection

from jobs import places
from tests.support.receiver import Receiver, answer, hang
from tests.support.threads import together
from tests.support.webhooks import deliver, endpoint
from webhooks import dispatch
from webhooks.claiming import claim
from webhooks.models import Attempt, Delivery, Webhook

MANY = 5000


@pytest.fixture
def other_receiver():
    with Receiver() as receiver:
        yield receiver


def queue(row, count, *, minutes_ago=0):
    """Deliveries of an endpoint that have been due for a while."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO public.webhooks_delivery"
            " (id, webhook_id, event_id, event_at, event_type, payload, next_attempt_at)"
            " SELECT gen_random_uuid(), %s, n, now(), 'booking.created', '{\"event\":\"booking.created\"}',"
            " now() - %s * interval '1 minute' FROM generate_series(1, %s) AS n",
            [row.pk, minutes_ago, count],
        )


def deliver_until(receiver, count):
    """Deliver in rounds until a receiver got so much: endpoints that are dead would keep a round going."""
    for _ in range(20):
        deliver(seconds=1)
        if len(receiver.requests) >= count:
            break
    assert len(receiver.requests) == count
    return receiver.requests[-1].at


def test_a_dead_endpoint_with_thousands_due_holds_up_nobody(
    in_hospital, other_hospital, receiver, other_receiver, short_patience
):
    dead, well = endpoint(other_hospital, other_receiver.url()), endpoint(in_hospital, receiver.url())
    other_receiver.always(hang())
    queue(dead, MANY, minutes_ago=600)
    queue(well, 200)

    last = deliver_until(receiver, 200)

    before = [request.at for request in other_receiver.requests if request.at < last]
    # Four went out before it was known to be dead; then one after the other, a second each.
    assert len(before) <= 4 + (last - before[0]) + 1
    assert other_receiver.most_at_once <= 4


def test_many_dead_endpoints_hold_up_nobody(
    in_hospital, other_hospital, receiver, short_patience, monkeypatch
):
    monkeypatch.setattr(dispatch, "LONG", 0.3)
    with Receiver() as dead:
        dead.always(hang())
        for number in range(20):
            queue(endpoint(other_hospital, dead.url(f"/{number}")), 100, minutes_ago=600)
        queue(endpoint(in_hospital, receiver.url()), 100)

        last = deliver_until(receiver, 100)

        before = [request.at for request in dead.requests if request.at < last]
        # Four to each before they were known to be dead; then their share of the threads, a second each.
        assert len(before) <= 4 * 20 + dispatch.TROUBLED * (last - before[0] + 1)


def test_endpoints_take_turns_whoever_has_waited_longer(in_hospital, receiver):
    queue(endpoint(in_hospital, receiver.url("/long")), 50, minutes_ago=60)
    queue(endpoint(in_hospital, receiver.url("/new")), 5)

    turns = claim(6, troubled=6)

    assert sorted(flight.url.rpartition("/")[2] for flight in turns) == ["long"] * 3 + ["new"] * 3


def test_whoever_has_something_under_way_comes_after_whoever_has_nothing(in_hospital):
    queue(endpoint(in_hospital, "https://hooks.example.org/long"), 50, minutes_ago=60)
    claim(1, troubled=1)
    queue(endpoint(in_hospital, "https://hooks.example.org/new"), 5)

    assert [flight.url for flight in claim(1, troubled=1)] == ["https://hooks.example.org/new"]


def test_an_endpoint_gets_four_at_once_at_most(in_hospital, receiver):
    queue(endpoint(in_hospital, receiver.url()), 30)
    receiver.always(answer(200, after=0.05))

    deliver()

    assert (len(receiver.requests), receiver.most_at_once) == (30, 4)


def test_an_endpoint_that_failed_last_gets_one_at_a_time(in_hospital, receiver):
    queue(endpoint(in_hospital, receiver.url()), 5)
    Webhook.objects.update(consecutive_failures=1)
    receiver.always(answer(500, after=0.05))

    deliver()

    assert (len(receiver.requests), receiver.most_at_once) == (5, 1)


def test_those_that_fail_get_a_share_of_the_threads_alone(in_hospital, other_hospital):
    for hospital in (in_hospital, other_hospital):
        for _ in range(10):
            queue(endpoint(hospital, "https://hooks.example.org/"), 10)
    Webhook.objects.update(consecutive_failures=3)

    assert len(claim(24, troubled=8)) == 8
    assert len(claim(24, troubled=3)) == 3
    assert claim(24, troubled=0) == []


def test_a_slow_endpoint_is_one_of_those(in_hospital):
    queue(endpoint(in_hospital, "https://hooks.example.org/slow"), 10)
    Webhook.objects.update(is_slow=True)
    queue(endpoint(in_hospital, "https://hooks.example.org/well"), 10)

    flights = claim(24, troubled=2)

    assert sorted(flight.is_troubled for flight in flights) == [False] * 4 + [True] * 2


# ── several processes ─────────────────────────────────────────────────────────
@pytest.fixture
def nothing_left(fresh_hospital):
    """What these tests write is committed, so it is removed."""
    yield
    for model in (Attempt, Delivery):
        model.objects.filter(webhook__hospital=fresh_hospital).delete()
    Webhook.objects.filter(hospital=fresh_hospital).delete()


def test_several_loops_at_once_deliver_each_once_and_four_at_a_time(fresh_hospital, nothing_left, receiver):
    queue(endpoint(fresh_hospital, receiver.url()), 60)
    receiver.always(answer(200, after=0.02))

    tried = together(fresh_hospital, [deliver] * 5)

    assert sum(tried) == len(receiver.requests) == len(set(receiver.message_ids())) == 60
    assert receiver.most_at_once <= 4
    assert sum(1 for count in tried if count) <= dispatch.PLACES


def test_claims_at_once_take_four_together_and_none_twice(fresh_hospital, nothing_left):
    queue(endpoint(fresh_hospital, "https://hooks.example.org/"), 50)

    taken = together(fresh_hospital, [lambda: claim(24, troubled=8)] * 6)

    numbers = [flight.delivery_id for flights in taken for flight in flights]
    assert len(numbers) == len(set(numbers)) == 4


def test_when_all_places_are_taken_a_further_loop_leaves_at_once(fresh_hospital, nothing_left, receiver):
    queue(endpoint(fresh_hospital, receiver.url()), 5)
    for number in range(dispatch.PLACES):
        assert places._ask("pg_try_advisory_lock", "webhooks", number)
    try:
        assert together(fresh_hospital, [deliver] * 2) == [0, 0]
    finally:
        for number in range(dispatch.PLACES):
            places._ask("pg_advisory_unlock", "webhooks", number)

    assert receiver.requests == []
    assert together(fresh_hospital, [deliver]) == [5]


def test_a_loop_whose_time_is_over_gives_its_place_to_another_while_it_waits(
    fresh_hospital, nothing_left, receiver, short_patience, monkeypatch
):
    monkeypatch.setattr(dispatch, "PLACES", 1)
    queue(endpoint(fresh_hospital, receiver.url()), 4)
    receiver.always(answer(200, after=0.6))
    woken = []
    monkeypatch.setattr(
        dispatch,
        "wake_dispatcher",
        lambda: woken.append(places._ask("pg_try_advisory_lock", "webhooks", 0)),
    )

    deliver(seconds=0.1)

    assert woken == [True]
    places._ask("pg_advisory_unlock", "webhooks", 0)
    assert Delivery.objects.filter(webhook__hospital=fresh_hospital, state="DELIVERED").count() == 4


def test_a_thread_that_never_comes_back_holds_up_nobody(in_hospital, receiver, monkeypatch):
    monkeypatch.setattr(dispatch, "LEASE", dispatch.LEASE / 100)
    queue(endpoint(in_hospital, receiver.url()), 6)
    real, first = dispatch.send, []

    def send(flight):
        if not first:
            first.append(flight.delivery_id)
            receiver._closing.wait(5)
        return real(flight)

    monkeypatch.setattr(dispatch, "send", send)
    deliver()

    assert first[0] not in receiver.message_ids()
    assert len(receiver.requests) == 5
    assert Delivery.objects.filter(state="PENDING").count() == 1
