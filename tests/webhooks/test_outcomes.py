"""Retries, the breaker, and switching off: by the database's clock, which these tests move."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.db.models.functions import Now

from core import clock
from events.outbox import history_of
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import outside
from tests.support.receiver import answer, hang
from tests.support.webhooks import deliver, happen, let_pass, relay
from webhooks.actions import reactivate, send_test
from webhooks.backoff import JITTER, SCHEDULE
from webhooks.models import Attempt, Delivery, State, Webhook, Why
from webhooks.notices import LANE
from webhooks.outcomes import BREAKS_AFTER, FAILING_FOR, PROBE_EVERY, SEVERAL


@pytest.fixture
def waiting(webhook):
    """A delivery that is due."""
    happen()
    relay()
    return Delivery.objects.get()


def the_pause():
    """How long the delivery waits for its next attempt, by the database's clock."""
    return Delivery.objects.annotate(left=F("next_attempt_at") - Now()).get().left


def several(count):
    for number in range(count):
        happen(subject_id=number)
    relay()


# ── retries ───────────────────────────────────────────────────────────────────
def test_a_delivery_is_tried_ten_times_with_growing_pauses_and_then_given_up(waiting, receiver):
    receiver.always(answer(500))
    for usual in SCHEDULE[1:]:
        Webhook.objects.update(consecutive_failures=0)
        assert deliver() == 1
        assert usual * (1 - JITTER) - timedelta(seconds=5) <= the_pause() <= usual * (1 + JITTER)
        assert deliver() == 0
        let_pass(seconds=usual.total_seconds() * (1 + JITTER))
    assert deliver() == 1

    waiting.refresh_from_db()
    assert (waiting.state, waiting.attempts, waiting.next_attempt_at) == (State.FAILED, 10, None)
    assert set(receiver.message_ids()) == {str(waiting.pk)}
    assert len(receiver.requests) == Attempt.objects.count() == 10
    let_pass(days=30)
    assert deliver() == 0


@pytest.mark.parametrize("status", [429, 503, 500])
@pytest.mark.parametrize(("asked", "given"), [("1", 300), ("420", 420), ("86400", 600)])
def test_a_receivers_wish_for_rest_is_granted_up_to_twice_the_usual_pause(
    waiting, receiver, status, asked, given
):
    Delivery.objects.update(attempts=1)
    receiver.always(answer(status, headers={"Retry-After": asked}))

    deliver()

    assert timedelta(seconds=given - 10) <= the_pause() <= timedelta(seconds=given)


# ── the breaker ───────────────────────────────────────────────────────────────
def test_after_ten_failures_in_a_row_an_endpoint_is_left_alone_but_for_one_try_in_five_minutes(
    webhook, receiver
):
    receiver.always(answer(500))
    several(30)
    deliver()

    webhook.refresh_from_db()
    assert webhook.consecutive_failures == len(receiver.requests) == BREAKS_AFTER
    assert deliver() == 0
    for _ in range(3):
        let_pass(seconds=PROBE_EVERY.total_seconds() + 1)
        assert deliver() == 1
        assert deliver() == 0


def test_one_success_closes_the_breaker_and_all_that_waits_goes_out(webhook, receiver):
    receiver.always(answer(500))
    several(30)
    deliver()
    receiver.always(answer(200))

    let_pass(hours=3)
    deliver()

    webhook.refresh_from_db()
    assert (webhook.consecutive_failures, webhook.open_until, webhook.failing_since) == (0, None, None)
    assert Delivery.objects.filter(state=State.DELIVERED).count() == 30


def test_what_the_breaker_keeps_back_uses_up_no_attempt(webhook, receiver):
    receiver.always(answer(500))
    several(30)
    deliver()
    before = list(Delivery.objects.order_by("id").values_list("attempts", flat=True))
    let_pass(hours=5)
    deliver()

    after = Delivery.objects.order_by("id").values_list("attempts", flat=True)
    assert sum(after) == sum(before) + 1


def test_a_test_gets_through_the_breaker(webhook, admin, receiver):
    receiver.always(answer(500))
    several(BREAKS_AFTER)
    deliver()
    receiver.always(answer(200))
    assert deliver() == 0

    send_test(admin, webhook_id=webhook.pk)
    deliver()

    assert "webhook.test" in [said["event"] for said in receiver.messages()]


def test_an_answer_that_takes_long_makes_an_endpoint_a_slow_one_until_it_is_quick_again(
    webhook, receiver, monkeypatch
):
    monkeypatch.setattr("webhooks.outcomes.SLOW", 0.2)
    receiver.script(answer(200, after=0.4))
    several(1)
    deliver()
    assert Webhook.objects.get().is_slow

    several(1)
    deliver()
    assert not Webhook.objects.get().is_slow


# ── switching off ─────────────────────────────────────────────────────────────
def test_an_endpoint_that_is_gone_is_switched_off_at_once_and_keeps_what_waits(webhook, receiver):
    receiver.always(answer(410))
    several(1)
    deliver()

    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_why) == (False, Why.GONE)
    assert Delivery.objects.get().state == State.KEPT
    assert deliver() == 0
    event = history_of("webhook", webhook.pk)[-1]
    assert (event.type, event.data, event.door) == ("webhook.disabled", {"why": "GONE"}, "system")


def fail_for(receiver, span):
    """Failures over a time, as many as it takes."""
    receiver.always(answer(500))
    several(SEVERAL)
    deliver()
    let_pass(seconds=span.total_seconds())
    deliver()


def test_an_endpoint_that_only_failed_for_five_days_is_switched_off(webhook, receiver):
    fail_for(receiver, FAILING_FOR + timedelta(seconds=1))

    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.disabled_why) == (False, Why.FAILING)
    assert not Delivery.objects.filter(state=State.PENDING).exists()


def test_an_endpoint_that_failed_for_less_is_not(webhook, receiver):
    fail_for(receiver, FAILING_FOR - timedelta(minutes=1))

    assert Webhook.objects.get().is_active


def test_one_success_within_the_five_days_starts_them_anew(webhook, receiver):
    fail_for(receiver, timedelta(days=3))
    receiver.always(answer(200))
    let_pass(hours=1)
    deliver()
    receiver.always(answer(500))
    several(SEVERAL)
    deliver()
    let_pass(days=3)
    deliver()

    assert Webhook.objects.get().is_active


def test_the_five_days_start_after_several_failures(webhook, receiver):
    receiver.always(answer(500))
    several(SEVERAL - 1)
    deliver()

    assert Webhook.objects.get().failing_since is None
    several(1)
    deliver()
    assert Webhook.objects.get().failing_since is not None


def notices():
    with outside():
        run_due(LANE)
    return mail.outbox


@pytest.fixture
def reachable(in_hospital):
    in_hospital.email = "it@ploy.example"
    in_hospital.save()
    return in_hospital


@pytest.mark.parametrize(("language", "word"), [("en", "switched off"), ("th", "")])
def test_the_hospital_is_told_by_mail_in_its_language(reachable, webhook, receiver, language, word):
    reachable.language = language
    reachable.save()
    receiver.always(answer(410))
    several(1)
    deliver()

    [letter] = notices()
    assert letter.to == ["it@ploy.example"]
    assert letter.extra_headers["Message-ID"].startswith(f"<webhook-{webhook.pk}-")
    assert reachable.name in letter.subject
    assert word in letter.subject
    assert webhook.url in letter.body
    assert "410" in letter.body
    assert len(notices()) == 1
    assert not Job.objects.filter(kind="webhook.switched_off").exists()


def test_a_letter_says_when_it_was_failing_for_days(reachable, webhook, receiver):
    fail_for(receiver, FAILING_FOR + timedelta(seconds=1))

    [letter] = notices()
    assert "five days" in letter.body


def test_no_letter_goes_out_when_somebody_switched_it_on_again_meanwhile(reachable, webhook, admin, receiver):
    receiver.always(answer(410))
    several(1)
    deliver()
    reactivate(admin, webhook_id=webhook.pk)

    assert notices() == []


def test_a_hospital_without_an_address_has_its_history(webhook, receiver):
    receiver.always(answer(410))
    several(1)
    deliver()

    assert notices() == []
    assert history_of("webhook", webhook.pk)[-1].type == "webhook.disabled"


def test_two_answers_of_gone_are_told_once(reachable, webhook, receiver):
    receiver.always(answer(410, after=0.2))
    several(4)
    deliver()

    assert [event.type for event in history_of("webhook", webhook.pk)].count("webhook.disabled") == 1
    assert len(notices()) == 1
    assert Delivery.objects.filter(state=State.KEPT).count() == 4
    assert not Delivery.objects.filter(lease_until__isnull=False).exists()


def test_failures_are_counted_also_when_nobody_answers(webhook, receiver, short_patience):
    receiver.always(hang())
    several(2)

    deliver()

    assert Webhook.objects.get().consecutive_failures == 2
    assert abs(clock.now() - Attempt.objects.latest("id").started_at) < timedelta(minutes=1)
