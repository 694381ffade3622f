from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from core import clock
from core.actor import Actor, Door
from events.models import Event
from events.outbox import history_of, record
from tenants.context import inside

SOMEBODY = Actor(door=Door.API, grants=frozenset(), role="NURSE", user_id=uuid4(), label="Nora")


def note(kind="thing.happened", subject_id="1", **told):
    return record(SOMEBODY, kind, subject_type="thing", subject_id=subject_id, **told)


def test_an_event_tells_what_happened_to_what_and_who_did_it(in_hospital):
    event = note(changes={"status": ["A", "B"]}, data={"reference": "K7QM-4TXR"})
    event.refresh_from_db()

    assert (event.type, event.subject_type, event.subject_id) == ("thing.happened", "thing", "1")
    assert (event.door, event.actor_role, event.actor_label) == ("api", "NURSE", "Nora")
    assert event.actor_user_id == SOMEBODY.user_id
    assert (event.changes, event.data) == ({"status": ["A", "B"]}, {"reference": "K7QM-4TXR"})
    assert event.relayed_at is None
    assert abs((clock.now() - event.occurred_at).total_seconds()) < 60


def test_an_event_without_changes_and_data_has_empty_ones(in_hospital):
    event = note()

    assert (event.changes, event.data) == ({}, {})


def test_values_that_json_does_not_know_are_written_plainly(in_hospital):
    told = {
        "when": datetime(2026, 11, 20, 2, tzinfo=UTC),
        "day": date(2026, 11, 20),
        "price": Decimal("1.50"),
    }
    event = note(data=told)
    event.refresh_from_db()

    assert event.data == {"when": "2026-11-20T02:00:00Z", "day": "2026-11-20", "price": "1.50"}


def test_events_are_numbered_in_the_order_of_their_making(in_hospital):
    ids = [note().pk for _ in range(5)]

    assert ids == sorted(set(ids))


def test_an_event_outside_of_a_transaction_is_refused(fresh_hospital):
    with pytest.raises(RuntimeError):
        note()
    assert not Event.objects.exists()
    with transaction.atomic():
        note()
    assert Event.objects.count() == 1


def test_an_event_goes_with_the_transaction_that_it_belongs_to(fresh_hospital):
    with transaction.atomic():
        note()
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_an_event_is_written_where_it_happened(hospital, other_hospital):
    with inside(hospital):
        note()
    with inside(other_hospital):
        assert not Event.objects.exists()
    assert not Event.objects.filter(type="thing.happened").exists()


def test_an_event_is_never_changed(in_hospital):
    event = note()
    event.type = "thing.unhappened"

    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        Event.objects.get(pk=event.pk).save(update_fields=["type"])
    assert Event.objects.get().type == "thing.happened"


def test_an_event_is_never_deleted(in_hospital):
    event = note()

    with pytest.raises(TypeError):
        event.delete()
    assert Event.objects.count() == 1


def test_the_history_of_a_record_is_its_own_oldest_first(in_hospital):
    for kind in ("thing.made", "thing.moved"):
        note(kind)
    note(subject_id="2")
    record(SOMEBODY, "other.made", subject_type="other", subject_id="1")

    assert [event.type for event in history_of("thing", 1)] == ["thing.made", "thing.moved"]
    assert history_of("thing", "3") == []


def test_a_long_name_is_cut_and_not_refused(in_hospital):
    event = record(Actor.system("x" * 300), "thing.happened", subject_type="thing", subject_id=1)

    assert Event.objects.get(pk=event.pk).actor_label == "x" * 100


def test_an_event_says_what_it_is(in_hospital):
    assert str(note()) == "thing.happened 1"
