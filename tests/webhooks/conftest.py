"""A hospital with an endpoint that listens on loopback."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from accounts.permissions import Role
from core.actor import Actor
from events import relay
from tests.support.receiver import Receiver
from webhooks.actions import register_webhook
from webhooks.models import Webhook
from webhooks.subscribers import listen


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def only_webhooks_listen(monkeypatch) -> None:
    """Events of these tests tell of bookings that there are none of: nobody else may hear of them."""
    monkeypatch.setattr(relay, "_subscribers", [])
    listen()


@pytest.fixture
def admin(in_hospital, people, only_webhooks_listen) -> Actor:
    """Adam, who manages Ploy's webhooks."""
    return people.actor(Role.ADMIN)


@pytest.fixture
def webhook(admin, receiver) -> Webhook:
    """Ploy's endpoint, which wants everything."""
    return register_webhook(admin, url=receiver.url(), events=["*"])[0]


@pytest.fixture
def short_patience(monkeypatch) -> None:
    """Attempts end after a second."""
    monkeypatch.setattr(settings, "WEBHOOK_SECONDS", 1)
