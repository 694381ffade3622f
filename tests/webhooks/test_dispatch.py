"""Delivering what is due: at least once, under one id, and to nobody who is switched off."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from standardwebhooks.webhooks import Webhook as Verifier

from core import clock
from tenants.context import inside
from tests.support.receiver import answer, break_off, hang, pour, redirect
from tests.support.webhooks import deliver, endpoint, happen, let_pass, relay
from webhooks import dispatch
from webhooks.actions import register_webhook
from webhooks.claiming import LEASE, claim
from webhooks.models import Attempt, Delivery, State, Webhook
from webhooks.outcomes import note_reply


@pytest.fixture
def waiting(webhook):
    """A delivery that is due."""
    happen()
    relay()
    return Delivery.objects.get()


def test_what_is_due_is_delivered_once_and_written_down(webhook, waiting, receiver):
    receiver.always(answer(202, b"thank you"))

    assert deliver() == 1
    assert deliver() == 0

    waiting.refresh_from_db()
    attempt = Attempt.objects.get()
    assert (waiting.state, waiting.attempts, waiting.next_attempt_at) == (State.DELIVERED, 1, None)
    assert waiting.lease_until is None
    assert abs(clock.now() - waiting.delivered_at) < timedelta(minutes=1)
    assert (attempt.status, attempt.error, attempt.excerpt, attempt.is_success) == (
        202,
        "",
        "thank you",
        True,
    )
    assert (attempt.delivery_id, attempt.webhook_id) == (waiting.pk, webhook.pk)
    assert len(receiver.requests) == 1


def test_a_message_verifies_by_another_implementation(admin, receiver):
    _, secret = register_webhook(admin, url=receiver.url(), events=["*"])
    happen()
    relay()
    deliver()

    [request] = receiver.requests
    assert Verifier(secret).verify(request.body, dict(request.headers)) == request.json


def test_every_attempt_has_the_same_id_and_the_same_bytes_and_a_time_of_its_own(webhook, waiting, receiver):
    receiver.script(answer(500), break_off(), answer(200))
    for _ in range(3):
        assert deliver() == 1
        let_pass(hours=1)

    assert len({request.body for request in receiver.requests}) == 1
    assert set(receiver.message_ids()) == {str(waiting.pk)}
    assert len({request.headers["webhook-timestamp"] for request in receiver.requests}) >= 1
    assert list(Attempt.objects.order_by("id").values_list("status", "error")) == [
        (500, ""),
        (None, "bad_response"),
        (200, ""),
    ]


@pytest.mark.parametrize("status", [199 + 1, 201, 204, 299])
def test_any_2xx_is_success(waiting, receiver, status):
    receiver.always(answer(status))

    deliver()

    assert Delivery.objects.get().state == State.DELIVERED


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 429, 500, 502, 503, 504])
def test_no_other_status_is(waiting, receiver, status):
    receiver.always(answer(status))

    deliver()

    again = Delivery.objects.get()
    assert (again.state, again.attempts) == (State.PENDING, 1)
    assert Attempt.objects.get().status == status


def test_a_redirect_is_a_failure_and_is_not_followed(waiting, receiver):
    receiver.always(redirect(receiver.url("/elsewhere")))

    deliver()

    assert [request.path for request in receiver.requests] == ["/hook"]
    assert Delivery.objects.get().state == State.PENDING


def test_an_answer_without_end_does_no_harm(waiting, receiver):
    receiver.always(pour(200))

    deliver()

    assert Delivery.objects.get().state == State.DELIVERED
    assert len(Attempt.objects.get().excerpt) <= 512


@pytest.mark.parametrize("body", [b"\x00\xff\xfe", "ก".encode() * 600, b"\xed\xa0\x80" * 300])
def test_any_answer_can_be_written_down(waiting, receiver, body):
    receiver.always(answer(500, body))

    deliver()

    assert Delivery.objects.get().attempts == 1
    assert len(Attempt.objects.get().excerpt.encode()) <= 512


def test_a_receiver_that_hangs_is_given_up_at_the_deadline(waiting, receiver, short_patience):
    receiver.always(hang())

    deliver()

    assert Attempt.objects.get().error == "timeout"
    assert Attempt.objects.get().ms >= 900


def test_the_lease_outlasts_every_attempt():
    assert LEASE.total_seconds() > settings.WEBHOOK_SECONDS + 5


def test_what_is_being_sent_by_one_process_is_taken_by_no_other(waiting):
    assert len(claim(10, troubled=10)) == 1
    assert claim(10, troubled=10) == []


def test_what_a_process_took_that_died_is_sent_by_another_under_the_same_id(waiting, receiver):
    claim(10, troubled=10)
    assert deliver() == 0

    let_pass(seconds=LEASE.total_seconds() + 1)

    assert deliver() == 1
    assert receiver.message_ids() == [str(waiting.pk)]
    assert Delivery.objects.get().state == State.DELIVERED


def test_an_answer_that_comes_after_the_lease_counts_if_it_was_a_success(waiting, receiver):
    [late] = claim(10, troubled=10)
    let_pass(seconds=LEASE.total_seconds() + 1)
    receiver.always(answer(500))
    deliver()

    note_reply(late, dispatch.Reply(200, "", 31.0))

    assert Delivery.objects.get().state == State.DELIVERED
    assert Attempt.objects.count() == 2


def test_a_failure_that_comes_after_the_lease_takes_nothing_back(waiting, receiver):
    [late] = claim(10, troubled=10)
    let_pass(seconds=LEASE.total_seconds() + 1)
    deliver()

    note_reply(late, dispatch.Reply(None, "timeout", 31.0))

    assert Delivery.objects.get().state == State.DELIVERED


def test_a_failure_that_comes_after_the_lease_leaves_alone_what_another_process_is_sending(waiting):
    [late] = claim(10, troubled=10)
    let_pass(seconds=LEASE.total_seconds() + 1)
    [now] = claim(10, troubled=10)

    note_reply(late, dispatch.Reply(None, "timeout", 31.0))

    waiting.refresh_from_db()
    assert (waiting.lease_until, waiting.attempts) == (now.lease_until, 0)
    assert claim(10, troubled=10) == []


def test_a_hospital_that_is_switched_off_waits_and_loses_nothing(waiting, in_hospital, receiver):
    in_hospital.is_active = False
    in_hospital.save()
    assert deliver() == 0

    in_hospital.is_active = True
    in_hospital.save()
    assert deliver() == 1
    assert receiver.message_ids() == [str(waiting.pk)]


def test_one_round_delivers_for_every_hospital(webhook, waiting, other_hospital, receiver):
    endpoint(other_hospital, receiver.url("/theirs"))
    with inside(other_hospital):
        happen("booking.cancelled")
    relay()

    assert deliver() == 2

    said = {request.path: request.json for request in receiver.requests}
    assert {path: (one["event"], one["data"]["subdomain"]) for path, one in said.items()} == {
        "/hook": ("booking.created", "ploy"),
        "/theirs": ("booking.cancelled", "rama"),
    }


def test_each_hospitals_messages_are_signed_by_its_own_secret(admin, other_hospital, receiver):
    secrets = {"ploy": register_webhook(admin, url=receiver.url(), events=["*"])[1]}
    with inside(other_hospital):
        secrets["rama"] = register_webhook(admin, url=receiver.url(), events=["*"])[1]
        happen()
    happen()
    relay()
    deliver()

    assert len(receiver.requests) == 2
    for request in receiver.requests:
        mine = secrets[request.json["data"]["subdomain"]]
        assert Verifier(mine).verify(request.body, dict(request.headers))


def test_an_endpoint_that_is_removed_while_it_is_called_is_no_trouble(waiting):
    [flight] = claim(10, troubled=10)
    Delivery.objects.all().delete()
    Webhook.objects.all().delete()

    for status in (200, 500, 410):
        note_reply(flight, dispatch.Reply(status, "", 0.1))
    assert not Attempt.objects.exists()


def test_an_endpoint_that_is_switched_off_while_it_is_called_keeps_what_fails(waiting, receiver):
    [flight] = claim(10, troubled=10)
    Delivery.objects.update(state=State.KEPT, next_attempt_at=None)

    note_reply(flight, dispatch.Reply(500, "", 0.1))

    assert Delivery.objects.get().state == State.KEPT


def test_what_was_queued_just_when_it_was_switched_off_is_not_sent(waiting, receiver):
    Webhook.objects.update(is_active=False, disabled_at=clock.now(), disabled_why="ASKED")

    assert deliver() == 0
    assert receiver.requests == []


def test_a_secret_that_cannot_be_read_is_a_failure_of_that_endpoint_alone(webhook, waiting, receiver):
    endpoint(webhook.hospital, receiver.url("/well"))
    happen()
    relay()
    Webhook.objects.filter(pk=webhook.pk).update(secret="moved from elsewhere")

    deliver()

    assert [request.path for request in receiver.requests] == ["/well"]
    assert set(Attempt.objects.filter(webhook=webhook).values_list("error", flat=True)) == {
        "secret_unreadable"
    }


def test_what_cannot_be_written_down_holds_up_nobody(webhook, waiting, receiver, monkeypatch):
    happen("booking.cancelled")
    relay()
    real = dispatch.note_reply

    def choke(flight, reply):
        if flight.delivery_id == waiting.pk:
            raise ValueError("what the receiver said")
        real(flight, reply)

    monkeypatch.setattr(dispatch, "note_reply", choke)
    deliver()

    assert len(receiver.requests) == 2
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 1


def test_a_round_leaves_no_lock_behind(waiting):
    deliver()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND classid = hashtext('nadmor:webhooks')::bigint::bit(32)::bigint",
        )
        assert cursor.fetchone() == (0,)
