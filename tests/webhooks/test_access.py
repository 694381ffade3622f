"""Who may do what with webhooks, and that no hospital sees another's."""

from uuid import uuid4

import pytest

from accounts.caller import actor_of
from accounts.models import User
from accounts.permissions import Role
from apikeys.scopes import grants_of
from core import clock
from core.actor import Actor, Door
from core.errors import NotAllowed, NotFound
from events.outbox import history_of
from tenants.context import inside, outside
from tests.support.booking import refused
from tests.support.webhooks import MANAGER, deliver, endpoint, happen, relay
from webhooks import actions
from webhooks.models import Webhook
from webhooks.queries import (
    attempts_for,
    deliveries_for,
    delivery_for,
    webhook_for,
    webhooks_for,
)

URL = "https://hooks.example.org/one"
VERBS = {
    "register": lambda actor, **_: actions.register_webhook(actor, url=URL, events=["*"]),
    "change": lambda actor, row, **_: actions.change_webhook(actor, webhook_id=row.pk, events=["*"]),
    "remove": lambda actor, row, **_: actions.remove_webhook(actor, webhook_id=row.pk),
    "rotate": lambda actor, row, **_: actions.rotate_secret(actor, webhook_id=row.pk),
    "deactivate": lambda actor, row, **_: actions.deactivate(actor, webhook_id=row.pk),
    "reactivate": lambda actor, row, **_: actions.reactivate(actor, webhook_id=row.pk),
    "test": lambda actor, row, **_: actions.send_test(actor, webhook_id=row.pk),
    "resend": lambda actor, sent, **_: actions.resend(actor, delivery_id=sent.pk),
    "recover": lambda actor, row, **_: actions.recover(actor, webhook_id=row.pk, since=clock.now()),
}
ABOUT_ONE = sorted(set(VERBS) - {"register"})


@pytest.fixture
def sent(webhook, receiver):
    """Something that Ploy's endpoint got."""
    happen()
    relay()
    deliver()
    return webhook.deliveries.get()


def nobody(*scopes):
    return Actor(door=Door.API, grants=grants_of(scopes), label="key")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT])
def test_only_an_administrator_manages_webhooks(webhook, sent, people, verb, role):
    actor = people.actor(role)

    with pytest.raises(NotAllowed):
        VERBS[verb](actor, row=webhook, sent=sent)
    for seen in (webhooks_for, deliveries_for, attempts_for):
        assert not seen(actor).exists()


@pytest.mark.parametrize("verb", VERBS)
def test_a_key_needs_the_scope_for_webhooks(webhook, sent, verb):
    with pytest.raises(NotAllowed):
        VERBS[verb](nobody("admin:hospital", "write:bookings"), row=webhook, sent=sent)

    VERBS[verb](nobody("manage:webhooks"), row=webhook, sent=sent)


@pytest.mark.parametrize("verb", ABOUT_ONE)
def test_another_hospitals_webhook_is_not_found(webhook, sent, other_hospital, verb):
    before = Webhook.objects.values().get()

    with inside(other_hospital), pytest.raises(NotFound):
        VERBS[verb](MANAGER, row=webhook, sent=sent)

    assert Webhook.objects.values().get() == before


def test_another_hospital_sees_no_row_of_ours(webhook, sent, other_hospital):
    assert (webhooks_for(MANAGER).count(), deliveries_for(MANAGER).count()) == (1, 1)
    assert attempts_for(MANAGER).count() == 1

    with inside(other_hospital):
        for seen in (webhooks_for, deliveries_for, attempts_for):
            assert not seen(MANAGER).exists()
        with refused("webhook_not_found"):
            webhook_for(MANAGER, webhook.pk)
        with refused("delivery_not_found"):
            delivery_for(MANAGER, sent.pk)


@pytest.mark.parametrize("number", [uuid4(), "", "1", "not a uuid", "é", "0" * 400, "%00"])
def test_an_id_that_there_is_none_of_is_not_found(webhook, number):
    with refused("webhook_not_found"):
        webhook_for(MANAGER, number)
    with refused("delivery_not_found"):
        delivery_for(MANAGER, number)


def test_an_operator_sees_and_manages_all_hospitals_webhooks_from_the_platform(
    webhook, sent, in_hospital, other_hospital
):
    theirs = endpoint(other_hospital, URL)
    with outside():
        operator = actor_of(User.objects.get(email="operator@nadmor.example"), Door.ADMIN)

        assert set(webhooks_for(operator)) == {webhook, theirs}
        actions.deactivate(operator, webhook_id=theirs.pk)
        actions.rotate_secret(operator, webhook_id=webhook.pk)

    assert [event.type for event in history_of("webhook", webhook.pk)][-1] == "webhook.secret_rotated"
    with inside(other_hospital):
        last = history_of("webhook", theirs.pk)[-1]
        assert (last.type, last.actor_label) == ("webhook.disabled", "Olga")


def test_a_key_or_an_administrator_who_is_in_no_hospital_sees_nothing(webhook, admin):
    with outside():
        for actor in (nobody("manage:webhooks"), nobody("manage:webhooks", "admin:platform"), admin):
            assert not webhooks_for(actor).exists()
            with pytest.raises(NotFound):
                actions.remove_webhook(actor, webhook_id=webhook.pk)
