"""Sending what was missed."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import InvalidInput
from events.models import Event
from events.outbox import history_of
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import inside, outside
from tests.support.booking import refused
from tests.support.receiver import answer
from tests.support.webhooks import deliver, endpoint, happen, let_pass, relay
from webhooks import recovery
from webhooks.actions import deactivate, reactivate, recover
from webhooks.models import Delivery, State, Webhook

HOUR_AGO = timedelta(hours=1)


def run_recovery():
    with outside():
        run_due(recovery.LANE)


def since():
    return clock.now() - HOUR_AGO


def test_what_happened_while_it_was_off_and_what_was_kept_is_sent(webhook, admin, receiver):
    kept = happen()
    relay()
    deactivate(admin, webhook_id=webhook.pk)
    missed = [happen("booking.cancelled"), happen("booking.rescheduled")]
    relay()
    reactivate(admin, webhook_id=webhook.pk)
    assert deliver() == 0

    recover(admin, webhook_id=webhook.pk, since=since())
    run_recovery()
    deliver()

    assert sorted(said["data"]["sequence"] for said in receiver.messages()) == [
        kept.pk,
        *(event.pk for event in missed),
    ]
    webhook.refresh_from_db()
    assert (webhook.recovered, webhook.recovering_since, webhook.recovering_after) == (3, None, None)
    assert history_of("webhook", webhook.pk)[-1].type == "webhook.recovered"


def test_what_was_delivered_is_not_sent_again(webhook, admin, receiver):
    happen()
    relay()
    deliver()

    recover(admin, webhook_id=webhook.pk, since=since())
    run_recovery()

    assert deliver() == 0
    assert len(receiver.requests) == 1


def test_what_was_given_up_is_sent_under_its_old_id(webhook, admin, receiver):
    receiver.always(answer(500))
    happen()
    relay()
    Delivery.objects.update(attempts=9)
    deliver()
    assert Delivery.objects.get().state == State.FAILED
    receiver.always(answer(200))

    recover(admin, webhook_id=webhook.pk, since=since())
    run_recovery()
    deliver()

    first, second = receiver.requests
    assert first.message_id == second.message_id
    assert first.body == second.body


def test_only_what_it_subscribed_to_and_since_that_time_is_sent(in_hospital, admin, receiver):
    happen("booking.cancelled")
    relay()
    row = endpoint(in_hospital, receiver.url(), "booking.cancelled")
    wanted = happen("booking.cancelled")
    happen("booking.created")
    happen("booking.held")
    moment = wanted.occurred_at

    recover(admin, webhook_id=row.pk, since=moment)
    run_recovery()
    deliver()

    sequences = [said["data"]["sequence"] for said in receiver.messages()]
    # In a test all happens at one time: both were at that moment.
    assert set(sequences) == set(
        Event.objects.filter(type="booking.cancelled", occurred_at__gte=moment).values_list("pk", flat=True)
    )
    assert wanted.pk in sequences


def test_nothing_of_another_hospital_is_sent(webhook, admin, other_hospital, receiver):
    with inside(other_hospital):
        happen()

    recover(admin, webhook_id=webhook.pk, since=since())
    run_recovery()

    assert deliver() == 0


def test_much_is_queued_in_several_steps(webhook, admin, receiver, monkeypatch):
    monkeypatch.setattr(recovery, "BATCH", 4)
    deactivate(admin, webhook_id=webhook.pk)
    for number in range(10):
        happen(subject_id=number)
    relay()
    reactivate(admin, webhook_id=webhook.pk)

    recover(admin, webhook_id=webhook.pk, since=since())
    assert recovery.recover_some(str(webhook.pk)) is not None
    webhook.refresh_from_db()
    assert (webhook.recovered, webhook.recovering_since is not None) == (4, True)

    run_recovery()
    webhook.refresh_from_db()
    assert (webhook.recovered, webhook.recovering_since) == (10, None)
    assert not Job.objects.filter(kind=recovery.RECOVER).exists()
    assert Delivery.objects.filter(state=State.PENDING).count() == 10


def test_recovering_ends_when_the_endpoint_is_switched_off(webhook, admin):
    recover(admin, webhook_id=webhook.pk, since=since())
    deactivate(admin, webhook_id=webhook.pk)

    run_recovery()

    row = Webhook.objects.get()
    assert row.recovering_since is None
    assert not Job.objects.filter(kind=recovery.RECOVER).exists()


def test_asking_twice_keeps_the_earlier_time(webhook, admin):
    long_ago = clock.now() - timedelta(days=3)
    recover(admin, webhook_id=webhook.pk, since=long_ago)

    assert recover(admin, webhook_id=webhook.pk, since=since()).recovering_since == long_ago


@pytest.mark.parametrize("away", [timedelta(days=-31), timedelta(hours=1)])
def test_a_time_too_long_ago_or_to_come_is_refused(webhook, admin, away):
    with pytest.raises(InvalidInput) as caught:
        recover(admin, webhook_id=webhook.pk, since=clock.now() + away)
    assert set(caught.value.data["fields"]) == {"since"}


def test_an_endpoint_that_is_off_recovers_nothing(webhook, admin):
    deactivate(admin, webhook_id=webhook.pk)

    with refused("webhook_inactive"):
        recover(admin, webhook_id=webhook.pk, since=since())


def test_what_waits_for_its_next_attempt_waits_on(webhook, admin, receiver):
    receiver.always(answer(500))
    happen()
    relay()
    deliver()
    let_pass(seconds=10)
    deliver()

    recover(admin, webhook_id=webhook.pk, since=since())
    run_recovery()

    assert Delivery.objects.get().attempts == 2
    assert deliver() == 0
