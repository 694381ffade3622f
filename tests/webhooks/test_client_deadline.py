"""Every way to keep us waiting ends with the deadline, on the wall's clock."""

import contextlib
import socket
import threading
import time

import pytest

from config.settings import base
from tests.webhooks.receivers import PATIENCE, Names, drip, hang, receiver
from webhooks import network
from webhooks.client import Reply, post

DEADLINE = 1.0
# Far below what a receiver would keep us for, far above what two busy processors add.
SOON = 6.0


def sent(url: str) -> Reply:
    began = time.monotonic()
    reply = post(url, headers={}, body=b"{}", seconds=DEADLINE)
    assert time.monotonic() - began < SOON
    assert DEADLINE * 0.9 < reply.seconds < SOON
    return reply


def test_an_attempt_may_take_fifteen_seconds():
    assert base.WEBHOOK_SECONDS == 15


def test_that_is_what_holds_unless_told_otherwise(settings):
    settings.WEBHOOK_SECONDS = 0.5

    with receiver(hang) as there:
        reply = post(there.url, headers={}, body=b"{}")

    assert reply.error == "timeout"
    assert 0.4 < reply.seconds < SOON


@pytest.mark.parametrize(
    "behave",
    [
        hang,
        drip(b"", b"H"),
        drip(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        drip(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    ],
    ids=["hangs", "drips the status", "drips one header", "drips headers", "drips answers before the answer"],
)
def test_a_receiver_that_never_comes_to_a_status_ends_with_the_deadline(behave):
    with receiver(behave) as there:
        reply = sent(there.url)

    assert (reply.status, reply.error) == (None, "timeout")


@pytest.mark.parametrize(
    "behave",
    [
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    ],
    ids=["of a length", "chunked", "until it closes"],
)
def test_a_body_that_drips_ends_with_the_deadline_and_the_status_stands(behave):
    with receiver(behave) as there:
        reply = sent(there.url)

    assert (reply.status, reply.error) == (200, "")
    assert set(reply.excerpt) == {"x"}


def test_a_receiver_that_does_not_read_ends_with_the_deadline():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        reply = post(url, headers={}, body=b"x" * 50_000_000, seconds=DEADLINE)

    assert (reply.status, reply.error) == (None, "timeout")
    assert reply.seconds < SOON


def test_a_listener_that_takes_no_more_connections_ends_with_the_deadline():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(("127.0.0.1", port))
        reply = sent(f"http://127.0.0.1:{port}/")
        for one in waiting:
            one.close()

    assert (reply.status, reply.error) == (None, "timeout")


@pytest.mark.parametrize("behave", [hang, drip(b"\x16\x03\x03\x40\x00", b"\x02")], ids=["hangs", "drips"])
def test_a_handshake_that_never_ends_ends_with_the_deadline(behave):
    def serve(listener: socket.socket, over: threading.Event) -> None:
        connection, _peer = listener.accept()
        with contextlib.suppress(OSError):
            behave(connection, over)
        connection.close()

    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=[listener, over], daemon=True)
        thread.start()
        reply = sent(f"https://127.0.0.1:{listener.getsockname()[1]}/")
        over.set()
        thread.join(PATIENCE)

    assert (reply.status, reply.error) == (None, "timeout")


@pytest.fixture
def silence(monkeypatch):
    """A name server that never answers while the test runs."""
    over, asked = threading.Event(), threading.Semaphore(0)

    def getaddrinfo(*_args: object, **_options: object) -> list[object]:
        asked.release()
        over.wait(PATIENCE)
        return []

    monkeypatch.setattr("webhooks.network.socket.getaddrinfo", getaddrinfo)
    yield asked
    over.set()
    for thread in threading.enumerate():
        if thread.name == "webhook-lookup":
            thread.join(PATIENCE)


def test_a_name_server_that_hangs_ends_with_the_deadline(silence):
    reply = sent("https://hook.example/")

    assert (reply.status, reply.error) == (None, "timeout")


def test_lookups_that_hang_are_few_and_end_with_the_deadline_too(silence, monkeypatch):
    monkeypatch.setattr(network, "_lookups", threading.BoundedSemaphore(1))

    assert [sent("https://hook.example/").error for _ in range(2)] == ["timeout", "timeout"]
    assert silence.acquire(blocking=False)
    assert not silence.acquire(blocking=False)


def test_many_posts_at_once_do_not_wait_for_a_slow_one():
    replies: list[Reply] = []

    def good() -> None:
        replies.append(post(well.url, headers={}, body=b"{}", seconds=10))

    with receiver(hang) as ill, receiver() as well:
        slow = threading.Thread(target=lambda: post(ill.url, headers={}, body=b"{}", seconds=8))
        slow.start()
        threads = [threading.Thread(target=good) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert slow.is_alive()
        ill.over.set()
        slow.join(PATIENCE)

    assert [reply.status for reply in replies] == [200] * 16


def test_the_first_address_that_swallows_everything_leaves_time_for_the_second(monkeypatch):
    names = Names()
    monkeypatch.setattr("webhooks.network.socket.getaddrinfo", names.getaddrinfo)
    with socket.socket() as deaf:
        deaf.bind(("127.83.19.20", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(("127.83.19.20", port))
        names.lead("hook.example", ["127.83.19.20", "127.83.19.21"])
        with receiver(address="127.83.19.21", port=port) as there:
            reply = post(f"http://hook.example:{port}/", headers={}, body=b"{}", seconds=4)
        for one in waiting:
            one.close()

    assert (reply.status, there.connections) == (200, 1)
