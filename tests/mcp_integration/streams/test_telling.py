"""What is told of an event: decided for every type there is."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from bookings.events import BookingEvent
from core.actor import Actor
from events.feed import Position, Told
from mcp_integration.streams.cursors import Place, cursor_text, read_cursor
from mcp_integration.streams.telling import HOSPITAL_FAMILIES, PLATFORM_FAMILIES, UNTOLD, family_of, hear
from records.events import RecordEvent
from registry.events import RegistryEvent
from subscriptions.events import SubscriptionEvent
from telegram_integration.events import TelegramEvent
from webhooks.events import WebhookEvent

HOSPITAL = [*BookingEvent, *RecordEvent, *WebhookEvent, *TelegramEvent]
PLATFORM = [*RegistryEvent, *SubscriptionEvent, "key.created", "key.revoked"]


def told(kind, **more) -> Told:
    about = {"changes": {}, "data": {}, **more}
    return Told(
        Position(7, 7, 7),
        kind,
        "thing",
        str(uuid4()),
        occurred_at=datetime(2026, 11, 20, tzinfo=UTC),
        **about,
    )


@pytest.mark.parametrize(
    ("kind", "families"),
    [*((kind, HOSPITAL_FAMILIES) for kind in HOSPITAL), *((kind, PLATFORM_FAMILIES) for kind in PLATFORM)],
)
def test_every_type_of_event_is_told_to_somebody_or_left_out_on_purpose(kind, families):
    assert (family_of(str(kind), families) is not None) != (kind in UNTOLD)


def test_what_is_left_out_exists():
    assert {str(kind) for kind in HOSPITAL} >= UNTOLD


@pytest.mark.parametrize("kind", [kind for kind in HOSPITAL if kind not in UNTOLD])
def test_no_word_of_what_was_recorded_leaves_but_ids_and_public_facts(kind):
    secret = {
        "reason": "CANARY",
        "name": "CANARY",
        "diagnosis": "CANARY",
        "patient_id": "CANARY",
        "code": "CANARY",
    }
    heard = hear(
        told(str(kind), data=secret, changes={"notes": ["CANARY", "CANARY"], "role": ["CANARY", "CANARY"]}),
        HOSPITAL_FAMILIES,
        timezone="Asia/Bangkok",
    )

    assert heard.messages
    assert all("CANARY" not in message.text for message in heard.messages)


def test_who_has_no_grant_hears_of_nothing():
    nobody = Actor.system("tests")
    for kind in HOSPITAL:
        heard = hear(told(str(kind)), HOSPITAL_FAMILIES, timezone="Asia/Bangkok")
        assert not heard.may_be_heard_by(nobody)


def test_at_a_hospital_nobody_hears_of_the_platforms_keys_and_users():
    everything = Actor.system("tests", "keys.read", "users.read", "webhooks.read", "hospitals.read")
    for kind in ("key.created", "user.changed", "webhook.changed"):
        heard = hear(told(kind), PLATFORM_FAMILIES, timezone=None)
        assert heard.may_be_heard_by(everything)
        assert not heard.may_be_heard_at(uuid4(), everything)


def test_a_platform_key_for_one_hospital_each_does_not_hear_of_all_of_them():
    hospital = Actor.system("tests", "hospital.read")
    here = uuid4()
    heard = hear(told("hospital.changed", data={"hospital_id": str(here)}), PLATFORM_FAMILIES, timezone=None)

    assert not heard.may_be_heard_by(hospital)
    assert heard.may_be_heard_at(here, hospital)
    assert not heard.may_be_heard_at(uuid4(), hospital)


def test_a_message_is_one_line_whatever_is_in_it():
    heard = hear(
        told("booking.created", data={"reference": "a\r\nid: 7\n\nevent: x"}),
        HOSPITAL_FAMILIES,
        timezone="Asia/Bangkok",
    )
    for message in heard.messages:
        assert message.as_sse().count(b"\n") == 3
        assert b"\r" not in message.as_sse()


def test_a_cursor_is_read_as_it_was_written():
    places = (Place(Position(2**62, 2**62, 2**32 - 1), 1), Place(Position(0, 0, 5)))

    assert read_cursor(cursor_text(places), 2) == places
