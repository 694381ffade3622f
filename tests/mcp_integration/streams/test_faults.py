"""Hints, outages, and a database that was put back to an earlier moment."""

import pytest
from django.db import OperationalError

from events.feed import Position, end_of_feed, read_after
from mcp_integration.streams import checking, feed, hubs
from mcp_integration.streams.reading import read
from tests.mcp_integration.streams.conftest import happen, numbered, numbers
from tests.support.catalogue import make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted
from tests.support.streaming import listening, wait_until


def feeds_of(schema):
    """The feeds of a schema that are read in this process at the moment."""
    return [one._feeds[schema] for one in list(hubs._hubs.values()) if schema in one._feeds]


def test_a_hint_has_news_told_without_waiting_for_the_next_look(reader, monkeypatch):
    monkeypatch.setattr(feed, "POLL", 600.0)
    with listening(reader) as client:
        numbered(1)
        client.wait_for(lambda heard: numbers(heard) == [0])


def test_without_a_hint_the_feed_looks_by_itself(reader, monkeypatch):
    monkeypatch.setattr("events.hints._bell.ring", lambda _schema: None)
    with listening(reader) as client:
        numbered(1)
        client.wait_for(lambda heard: numbers(heard) == [0])


def test_a_feed_that_cannot_be_read_for_a_while_goes_on_where_it_was(reader, monkeypatch):
    monkeypatch.setattr(feed, "POLL", 0.1)
    failures = []

    def fail(*_arguments, **_named):
        failures.append(1)
        raise OperationalError

    with listening(reader) as client:
        with monkeypatch.context() as broken:
            broken.setattr(feed, "read", fail)
            numbered(3)
            wait_until(lambda: len(failures) >= 3)
        client.wait_for(lambda heard: len(numbers(heard)) >= 3)

    assert numbers(client.heard) == [0, 1, 2]
    assert client.of("error_event") == []


def test_after_a_restore_everybody_hears_that_the_stream_starts_over(reader, fresh_hospital, monkeypatch):
    """The database goes away and comes back at an earlier moment: the place that was read to is no more."""
    monkeypatch.setattr(feed, "POLL", 0.1)

    def fail(*_arguments, **_named):
        [one] = feeds_of(fresh_hospital.schema_name)
        one.place = Position(2**40, 2**40, 7)
        raise OperationalError

    with listening(reader) as client:
        numbered(1)
        client.wait_for(lambda heard: numbers(heard) == [0])
        with monkeypatch.context() as broken:
            broken.setattr(feed, "read", fail)
            [one] = feeds_of(fresh_hospital.schema_name)
            wait_until(lambda: one._was_away)
        client.wait_for(lambda heard: any(said.event == "error_event" for said in heard))
        numbered(1, first=1)
        client.wait_for(lambda heard: numbers(heard)[-1:] == [1])

    [said] = client.of("error_event")
    assert said.data["error"] == "cursor_unknown"
    assert numbers(client.heard) == [0, 1]


def test_who_cannot_be_checked_does_not_listen_for_ever(reader, monkeypatch, settings):
    settings.MCP_STREAM_CHECK_INTERVAL = 0.2
    monkeypatch.setattr(checking, "DEADLINE", checking.MARGIN + 2)

    def fail(*_arguments):
        raise OperationalError

    monkeypatch.setattr(checking, "check", fail)
    with listening(reader) as client:
        client.wait_for(lambda heard: heard[-1].event == "error_event")

    assert client.heard[-1].data["details"]["reason"] == "cannot_be_checked"


def test_a_feed_is_read_while_somebody_listens_and_once_for_all_of_them(reader, fresh_hospital):
    with listening(reader), listening(reader):
        assert len(feeds_of(fresh_hospital.schema_name)) == 1

    assert wait_until(lambda: feeds_of(fresh_hospital.schema_name) == [])


@pytest.mark.parametrize("count", [1, 3])
def test_what_happened_costs_six_statements_however_much_it_is(fresh_hospital, fresh_people, count):
    place = end_of_feed()
    service, patient = make_service(fresh_people.dr_bob), str(fresh_people.alice.pk)
    for seat in range(1, count + 1):
        happen(subject_id=insert_appointment(service, fresh_people.dr_bob, seat=seat))
        happen("patient.changed", "patient", patient)
        happen("waiting_list.joined", "waiting_list_entry")
        happen("record.created", "medical_record", data={"patient_id": patient})
    wait_until(lambda: len(read_after(place).events) == count * 4)

    with counted() as statements:
        reading = read(fresh_hospital, place)

    assert len(reading.heard) == count * 4
    assert len(statements) == 6
