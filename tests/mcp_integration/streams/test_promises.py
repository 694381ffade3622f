"""What must hold whatever happens: nothing lost, nothing twice, nothing without bounds."""

import json
import logging
import socket
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections, transaction

from tenants.context import inside
from tests.conftest import make_api_key
from tests.mcp_integration.streams.conftest import happen, numbered, numbers
from tests.support.streaming import Reader, listening, resident_bytes, served_elsewhere, wait_until
from tests.support.valve import Valve

BULK = """
INSERT INTO events_event (type, subject_type, subject_id, door, actor_role, actor_label, changes, data)
SELECT 'booking.status_changed', 'appointment', gen_random_uuid(), 'system', '', '', '{}',
       json_build_object('reference', 'N' || number, 'status', repeat('x', 1500))
FROM generate_series(%s, %s) AS number
"""


def many(first: int, last: int) -> None:
    """Write a lot of events in one transaction, as fast as can be."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BULK, [first, last])


def test_a_thousand_events_while_the_reader_drops_and_returns_six_times(reader, fresh_hospital):
    """None missing, none twice, in order: with four writers at once, and drops at any message."""
    total, drops = 1000, 6
    with reader.open() as messages:
        next(messages)
    with _writers(fresh_hospital, total):
        heard = []
        for drop in range(1, drops + 1):
            # An odd number of messages: in the middle of an event, too.
            wanted = drop * 251 - len(heard)
            heard += _read_until(reader, lambda here, wanted=wanted: len(here) >= wanted)
        heard += _read_until(reader, lambda here: len(numbers(heard + here)) >= total)

    told = [said for said in heard if said.event != "heartbeat"]
    for event in ("appointment_created", "resource_update"):
        ids = [said.id for said in told if said.event == event]
        assert len(ids) == len(set(ids)) == total
    assert sorted(numbers(heard)) == list(range(total))
    created = [int(said.data["reference"][1:]) for said in told if said.event == "appointment_created"]
    assert created == numbers(heard)


@contextmanager
def _writers(hospital, total):
    """Four threads that write so many events together, while the block runs."""
    count = 4

    def write(number):
        try:
            with inside(hospital):
                for turn in range(number, total, count):
                    happen("booking.created", data={"reference": f"N{turn}"})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def _read_until(reader, is_enough):
    """Connect, read until it is enough, and hang up."""
    heard = []
    with reader.open() as messages:
        for said in messages:
            heard.append(said)
            if is_enough(heard):
                break
    return heard


def test_two_processes_tell_the_same(reader):
    with served_elsewhere() as other, listening(reader) as here:
        with listening(Reader(other.url, reader.headers)) as there:
            numbered(50)
            there.wait_for(lambda heard: len(numbers(heard)) >= 50)
        numbered(5, first=50)
        with listening(Reader(other.url, reader.headers, last_id=there.reader.last_id)) as again:
            again.wait_for(lambda heard: len(numbers(heard)) >= 5)
        here.wait_for(lambda heard: len(numbers(heard)) >= 55)

    assert numbers(here.heard) == list(range(55))
    assert numbers(there.heard) == list(range(50))
    assert numbers(again.heard) == [50, 51, 52, 53, 54]


def test_events_are_told_while_redis_is_away_and_when_it_is_back(reader, settings, caplog):
    caplog.set_level(logging.WARNING)
    parts = urlsplit(django_settings.REDIS_URL)
    with Valve((parts.hostname, parts.port)) as valve:
        settings.REDIS_URL = parts._replace(
            netloc=parts.netloc.replace(str(parts.port), str(valve.port))
        ).geturl()
        with listening(reader) as client:
            numbered(5)
            client.wait_for(lambda heard: len(numbers(heard)) >= 5)

            valve.shut()
            numbered(5, first=5)
            client.wait_for(lambda heard: len(numbers(heard)) >= 10)
            client.wait_for(lambda _heard: "Redis is away" in caplog.text)

            valve.open()
            client.wait_for(lambda _heard: "Redis is back" in caplog.text)
            numbered(5, first=10)
            client.wait_for(lambda heard: len(numbers(heard)) >= 15)

    assert numbers(client.heard) == list(range(15))


def test_a_reader_that_stops_reading_is_cut_off_and_takes_little_memory(fresh_hospital, key):
    """Its place is kept by itself: when it comes back it misses nothing. Others notice nothing."""
    total = 8_000
    with served_elsewhere() as server, listening(Reader(server.url, {"X-API-Key": key})) as lively:
        asleep = _asleep(server.url, key)
        before = resident_bytes(server.pid)
        for first in range(0, total, 1000):
            many(first, first + 999)
            lively.wait_for(lambda heard, wanted=first + 1000: len(heard) >= wanted)
        grown = resident_bytes(server.pid) - before
        lively.wait_for(lambda heard: len(numbers(heard)) >= total)
        text = _wake(asleep)

        got = [line for line in text.split("\n") if line.startswith("data:")]
        told = [json.loads(line[5:]) for line in got[:-1]]
        some = [int(data["data"]["reference"][1:]) for data in told if "resource" in data]
        last_id = [
            line[4:]
            for line in text.split("\n\n")[:-1]
            for line in line.split("\n")
            if line.startswith("id:")
        ][-1]
        back = Reader(server.url, {"X-API-Key": key}, last_id=last_id)
        with listening(back) as again:
            again.wait_for(lambda heard: numbers(heard)[-1:] == [total - 1])

    assert numbers(lively.heard) == list(range(total))
    assert grown < 40 * 1024 * 1024
    assert len(some) < total
    assert numbers(again.heard)[0] - 1 in (some[-1], some[-1] + 1)
    assert numbers(again.heard) == list(range(numbers(again.heard)[0], total))


def _asleep(url: str, key: str) -> socket.socket:
    """A client that asks for the stream, and reads nothing."""
    parts = urlsplit(url)
    wire = socket.socket()
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.settimeout(60)
    wire.connect((parts.hostname, parts.port))
    wire.sendall(f"GET /api/mcp/sse HTTP/1.0\r\nHost: localhost\r\nX-API-Key: {key}\r\n\r\n".encode())
    return wire


def _wake(wire: socket.socket) -> str:
    """Everything that the server had sent, until it hangs up."""
    parts = []
    with wire:
        while part := wire.recv(65536):
            parts.append(part)
    return b"".join(parts).decode(errors="ignore").partition("\r\n\r\n")[2]


def test_no_more_streams_than_a_credential_may_have(reader, settings):
    settings.MCP_STREAMS_PER_CREDENTIAL = 2
    too_many = pytest.raises(AssertionError, match=r"429.*RATE_LIMIT.*too_many_streams")
    with listening(reader), listening(reader), too_many, reader.open():
        pass


def test_no_more_streams_than_a_process_may_have(server, reader, settings, fresh_hospital):
    settings.MCP_STREAMS_PER_PROCESS = 1
    other = Reader(server.url, {"X-API-Key": make_api_key(fresh_hospital, "read:bookings")})
    with listening(reader), pytest.raises(AssertionError, match=r"429"), other.open():
        pass

    assert wait_until(lambda: not _is_refused(other))


def _is_refused(reader):
    try:
        with reader.open():
            return False
    except AssertionError:
        return True


def test_a_server_that_ends_says_so_and_when_to_come_back(key):
    with served_elsewhere() as server, listening(Reader(server.url, {"X-API-Key": key})) as client:
        server.stop()
        client.wait_for(lambda heard: heard[-1].event == "error_event")
        client.join(20)

    farewell = client.heard[-1]
    assert farewell.data["details"]["reason"] == "server_restarts"
    assert 1000 <= farewell.retry <= 5000
    assert client.fault is None
