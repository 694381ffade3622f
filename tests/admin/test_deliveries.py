"""Deliveries in the admin: read with their attempts, found again, sent once more."""

from datetime import UTC, datetime, timedelta

import pytest

from events.models import Event
from tenants.context import inside
from tests.api.hooks import attempt, delivery
from tests.support.webhooks import endpoint
from webhooks.models import Delivery, Webhook

DELIVERIES = "/admin/webhooks/delivery/"


@pytest.fixture
def own(in_hospital) -> Webhook:
    """Ploy's webhook."""
    return endpoint(in_hospital, "https://his.example.org/hook", "booking.created")


@pytest.fixture
def theirs(other_hospital) -> Webhook:
    """Rama's webhook."""
    return endpoint(other_hospital, "https://rama.example.org/hook")


def page(row: Delivery, name: str = "change") -> str:
    return f"{DELIVERIES}{row.pk}/{name}/"


def history(hospital, row: Webhook) -> list[tuple[str, str, str]]:
    with inside(hospital):
        events = Event.objects.filter(subject_type="webhook", subject_id=str(row.pk)).order_by("id")
        return [(event.type, event.door, event.actor_label) for event in events]


def test_a_delivery_tells_its_attempts_and_what_is_sent(operator, own):
    row = delivery(str(own.pk), state="FAILED")
    attempt(row, status=None, error="refused_address", excerpt="")
    attempt(row, status=500, ms=321, excerpt="<script>oh</script>")

    told = operator.get(page(row)).text

    for text in (
        "Given up",
        "500",
        "321 ms",
        "network that is not allowed",
        "&lt;script&gt;oh",
        "&quot;sequence&quot;: 1",
    ):
        assert text in told
    assert "<script>oh" not in told


def test_deliveries_are_found_by_state_event_webhook_and_id(operator, own, theirs):
    failed = delivery(str(own.pk), 1, state="FAILED")
    done = delivery(str(theirs.pk), 2, event_type="patient.registered")

    def found(**asked):
        return {row.pk for row in operator.get(DELIVERIES, **asked).context["cl"].result_list}

    assert found() == {failed.pk, done.pk}
    assert found(state__exact="FAILED") == {failed.pk}
    assert found(event="patient.registered") == {done.pk}
    assert found(webhook__id__exact=str(own.pk)) == {failed.pk}
    assert found(q=str(done.pk)) == {done.pk}
    assert found(q="rama") == {done.pk}


def test_a_delivery_is_sent_again_after_a_question(operator, hospital, own):
    row = delivery(str(own.pk), state="FAILED")

    operator.get(page(row, "resend"))
    assert Delivery.objects.get().state == "FAILED"
    operator.post(page(row, "resend"), {})

    assert Delivery.objects.get().state == "PENDING"
    assert history(hospital, own)[-1] == ("webhook.resent", "admin", "Olga")


def test_chosen_deliveries_are_sent_again_and_refusals_told(operator, own):
    failed = delivery(str(own.pk), 1, state="FAILED")
    busy = delivery(str(own.pk), 2, state="PENDING", lease_until=datetime.now(UTC) + timedelta(minutes=1))

    told = operator.act(DELIVERIES, "resend_chosen", failed, busy).text

    assert "1 message is sent again." in told
    assert "being sent at this moment" in told


@pytest.mark.parametrize("name", ["change", "delete"])
def test_a_delivery_is_not_changed_or_deleted(operator, own, name):
    row = delivery(str(own.pk))

    assert operator.post(page(row, name), {"post": "yes", "state": "KEPT"}).status_code == 403
    assert Delivery.objects.get().state == "DELIVERED"
