"""What is sent, and what is made of each answer."""

import socket
import struct
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.webhooks.receivers import OK, answer, receiver
from webhooks.client import EXCERPT_BYTES, MOST_BYTES, Reply, post

BODY = '{"title": "ตรวจ"}'.encode()


def sent(url: str, **headers: str) -> Reply:
    return post(url, headers=headers, body=BODY, seconds=5)


def told(status: str, *lines: str, body: bytes = b"") -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines, "", ""]
    return "\r\n".join(head).encode() + body


def test_the_request_says_what_it_carries_and_keeps_nothing_open():
    with receiver() as there:
        reply = post(there.url + "?a=%20b", headers={"webhook-id": "msg_1"}, body=BODY)

    (request,) = there.requests
    assert request.line == "POST /hook?a=%20b HTTP/1.1"
    assert request.body == BODY
    assert request.headers == {
        "host": f"127.0.0.1:{there.port}",
        "user-agent": request.headers["user-agent"],
        "accept": "*/*",
        "accept-encoding": "identity",
        "connection": "close",
        "content-type": "application/json",
        "content-length": str(len(BODY)),
        "webhook-id": "msg_1",
    }
    assert request.headers["user-agent"].startswith("NadMor/")
    assert (reply.status, reply.error, reply.retry_after, reply.excerpt) == (200, "", None, "ok")
    assert 0 < reply.seconds < 10


def test_each_post_has_a_connection_of_its_own():
    with receiver() as there:
        for _ in range(3):
            sent(there.url)

    assert there.connections == 3


def test_a_receiver_on_ipv6_is_reached():
    with receiver(address="::1") as there:
        reply = sent(there.url)

    assert (reply.status, there.requests[0].headers["host"]) == (200, f"[::1]:{there.port}")


@pytest.mark.parametrize(
    "status", ["200 OK", "201 Created", "204 No Content", "400 Bad", "410 Gone", "500 Oh"]
)
def test_the_status_is_told_as_it_came(status):
    with receiver(answer(told(status))) as there:
        reply = sent(there.url)

    assert (reply.status, reply.error) == (int(status[:3]), "")


NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("999999999", timedelta(days=7)),
        (format_datetime(NOW + timedelta(minutes=3), usegmt=True), timedelta(minutes=3)),
        (format_datetime(NOW + timedelta(days=30), usegmt=True), timedelta(days=7)),
        (format_datetime(NOW - timedelta(minutes=3), usegmt=True), None),
        ("-5", None), ("1.5", None), ("soon", None), ("", None), ("9" * 40, None),
        ("Fri, 32 Nov 2026 10:00:00 GMT", None), ("Fri, 20 Nov 99999 10:00:00 GMT", None),
    ],
)  # fmt: skip
def test_the_rest_that_a_receiver_asks_for_is_read_in_both_forms(time_machine, header, pause):
    time_machine.move_to(NOW, tick=False)
    with receiver(answer(told("429 Slow", f"Retry-After: {header}"))) as there:
        reply = sent(there.url)

    assert (reply.status, reply.retry_after) == (429, pause)


def test_the_beginning_of_the_body_is_kept_without_what_no_page_may_show():
    body = "ไม่พบ\x00\x1b[31m\u202ered\nline\ttab".encode() + b"\xff\xfe" + b"x" * 2000
    with receiver(answer(told("500 Oh", body=body))) as there:
        reply = sent(there.url)

    assert reply.excerpt.startswith("ไม่พบ[31mred\nline\ttab\ufffd\ufffdxxx")
    assert len(reply.excerpt) <= EXCERPT_BYTES


def test_a_body_in_pieces_is_put_together():
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with receiver(answer(raw)) as there:
        assert sent(there.url).excerpt == "abcde"


def test_a_compressed_answer_is_not_unfolded():
    bomb = b"\x1f\x8b" + bytes(200)
    with receiver(answer(told("200 OK", "Content-Encoding: gzip", body=bomb))) as there:
        reply = sent(there.url)

    assert reply.status == 200
    assert len(reply.excerpt) < 10


@pytest.mark.parametrize(
    "promise", ["Content-Length: 10000000000", "Transfer-Encoding: chunked", "X-Length: ?"]
)
def test_of_an_endless_answer_no_more_than_the_limit_is_read_and_the_status_stands(promise):
    chunk = b"x" * 65536
    piece = b"10000\r\n" + chunk + b"\r\n" if "chunked" in promise else chunk
    poured = []

    def pour(connection: socket.socket, _over) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\n{promise}\r\n\r\n".encode())
        for _ in range(200_000):
            connection.sendall(piece)
            poured.append(len(piece))

    with receiver(pour) as there:
        reply = sent(there.url)

    assert (reply.status, reply.error, len(reply.excerpt)) == (200, "", EXCERPT_BYTES)
    # What the two kernels had taken in before the connection was closed is all that got out.
    assert sum(poured) < 32 * 1024 * 1024


def test_endless_headers_are_no_answer():
    def pour(connection: socket.socket, _over) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for number in range(1_000_000):
            connection.sendall(f"X-{number}: {'x' * 1000}\r\n".encode())

    with receiver(pour) as there:
        reply = sent(there.url)

    assert (reply.status, reply.error) == (None, "bad_response")


def test_a_limit_of_what_is_read_holds_for_the_connection_itself():
    from webhooks.network import AnswerTooLong, Deadline, _Stream  # noqa: PLC0415

    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(b"x" * (MOST_BYTES + 1000))
        stream, got = _Stream(ours, Deadline(5), MOST_BYTES), 0
        while got < MOST_BYTES:
            got += len(stream.read(10_000_000))

        assert got == MOST_BYTES
        with pytest.raises(AnswerTooLong):
            stream.read(1)


def reset(connection: socket.socket, _over=None) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_in_the_body(connection: socket.socket, over) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun")
    over.wait(0.3)
    reset(connection)


@pytest.mark.parametrize(
    ("behave", "error"),
    [
        (reset, "connection_failed"),
        (answer(b""), "bad_response"),
        (answer(b"HTTP/1.1 200"), "bad_response"),
        (answer(b"SSH-2.0-OpenSSH_9.2\r\n"), "bad_response"),
        (answer(b"\x00\xff" * 500), "bad_response"),
        (answer(b"HTTP/1.1 abc OK\r\n\r\n"), "bad_response"),
        (answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok"), "bad_response"),
        # Nobody asked for another protocol.
        (answer(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nz"), "bad_response"),
    ],
)
def test_what_is_no_answer_has_no_status(behave, error):
    with receiver(behave) as there:
        reply = sent(there.url)

    assert (reply.status, reply.error, reply.excerpt) == (None, error, "")


@pytest.mark.parametrize(
    "behave",
    [
        reset_in_the_body,
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun"),
        answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\nzzz\r\n"),
    ],
)
def test_a_status_stands_when_the_body_breaks_off(behave):
    with receiver(behave) as there:
        reply = sent(there.url)

    assert (reply.status, reply.error, reply.excerpt) == (200, "", "begun")


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, 200),
        (b"HTTP/1.0 200 OK\r\n\r\nold", 200),
    ],
)
def test_rare_but_proper_answers_are_understood(raw, status):
    with receiver(answer(raw)) as there:
        assert sent(there.url).status == status


def test_where_nobody_listens_the_connection_failed():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    reply = sent(f"http://127.0.0.1:{port}/")

    assert (reply.status, reply.error) == (None, "connection_failed")


def test_a_receiver_that_answers_before_it_has_read_is_heard():
    def hasty(connection: socket.socket, _over) -> None:
        connection.sendall(told("413 Too Large"))

    with receiver(hasty) as there:
        reply = post(there.url, headers={}, body=b"x" * 10_000, seconds=5)

    assert reply.status == 413
