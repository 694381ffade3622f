"""Receivers that hang, drip, pour, lead astray or say no: limits hold, and the good one waits for none."""

import itertools
import socket
import struct
from contextlib import ExitStack
from statistics import quantiles

from tests.faults import ledger
from tests.faults.platform import eventually
from tests.support.receiver import Receiver, answer, drip, hang, redirect

BOOKINGS, DEADLINE, MOST_BYTES = 8, 15, 64 * 1024
# What a loaded machine may add to a deadline (seconds), and what the kernel takes in for a reader that has
# stopped reading (bytes).
LEEWAY, IN_KERNELS = 1.5, 8 * 1024**2
RETRY_AFTER = 8
SLOWER = 2.0  # seconds that a good delivery may take longer beside bad ones


def pour_and_count(counted):
    """A body without an end; `counted` gets what went out before the caller hung up."""

    def behave(exchange):
        exchange.head(200, {"Content-Length": str(10 * 1024**3)})
        block = b"x" * 65536
        for number in itertools.count():
            try:
                exchange.write(block)
            except OSError:
                counted.append(number * len(block))
                return

    return behave


def drip_head(exchange):
    """A status line of which a byte comes each second."""
    for sign in b"HTTP/1.1 200 OK\r\n" + b"X-Slow: " + b"y" * 60:
        exchange.write(bytes([sign]))
        if not exchange.pause(1):
            return


def cut(exchange):
    """A reset in place of an answer."""
    wire = exchange.handler.connection
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.handler.close_connection = True


def once_busy():
    """429 once, then 200: after ten failures in a row it would be left alone for minutes."""
    busy = answer(429, headers={"Retry-After": str(RETRY_AFTER)})
    behaviours = itertools.chain([busy], itertools.repeat(answer(200)))

    def behave(exchange):
        next(behaviours)(exchange)

    return behave


BAD = {
    "hangs": lambda _: hang(60),
    "drips a byte a second": lambda _: drip(every=1, count=600),
    "drips its head": lambda _: drip_head,
    "sends 10 GB": pour_and_count,
    "redirects to a metadata address": lambda _: redirect("http://169.254.169.254/latest/meta-data/"),
    "answers 410": lambda _: answer(410),
    "answers 429": lambda _: once_busy(),
    "resets": lambda _: cut,
}


def ways(platform, hospital):
    """How long each booking's webhook took to the good receiver, from the answer to the booking (seconds)."""
    taken = []
    for _ in range(BOOKINGS):
        outcome = hospital.book()
        assert outcome.status == 201, outcome
        ledger.seconds_until_told(platform, hospital, ledger.promised([outcome]), within=60)
        reference = outcome.body["reference"]
        came = next(
            one.at for one in platform.receiver.requests
            if one.path == f"/{hospital.subdomain}"
            and platform.read(one)["data"].get("reference") == reference
        )  # fmt: skip
        taken.append(max(0.0, came - outcome.at - outcome.seconds))
    return taken


def attempts_of(platform, webhook):
    return platform.sql(
        "SELECT status, error, ms FROM webhooks_attempt WHERE webhook_id = %s ORDER BY started_at", webhook
    )


def test_bad_receivers_are_left_in_time_and_do_not_hold_up_a_good_one(platform, note):
    hospital, counted = platform.ploy, []
    alone = ways(platform, hospital)
    with ExitStack() as stack:
        bad = {name: stack.enter_context(Receiver()) for name in BAD}
        for name, receiver in bad.items():
            receiver.always(BAD[name](counted))
        ids = {name: platform.register(hospital, receiver.url()) for name, receiver in bad.items()}
        try:
            beside = ways(platform, hospital)
            done, _ = eventually(lambda: all(attempts_of(platform, ids[name]) for name in BAD), 60, every=0.5)
            assert done, {name: len(attempts_of(platform, ids[name])) for name in BAD}
            again, _ = eventually(lambda: later_attempts(bad["answers 429"]), 60)
            tried = {name: attempts_of(platform, ids[name]) for name in BAD}
            conditions = dict(platform.sql("SELECT id::text, disabled_why FROM webhooks"))
        finally:
            for number in ids.values():
                hospital.manage("DELETE", f"/api/v1/webhooks/{number}")

    longest = max(ms for rows in tried.values() for _, _, ms in rows) / 1000
    assert longest <= DEADLINE + LEEWAY
    assert outcomes(tried["hangs"]) == {(None, "timeout")}
    assert outcomes(tried["drips its head"]) == {(None, "timeout")}
    assert outcomes(tried["drips a byte a second"]) == {(200, "")}
    assert outcomes(tried["sends 10 GB"]) == {(200, "")}
    assert counted
    assert max(counted) <= MOST_BYTES + IN_KERNELS
    assert outcomes(tried["redirects to a metadata address"]) == {(302, "redirect")}
    assert {status for status, _ in outcomes(tried["resets"])} == {None}
    assert conditions[ids["answers 410"]] == "GONE"
    assert len(bad["answers 410"].requests) <= 4  # what was under way when it said so
    assert again >= RETRY_AFTER
    # The slowest of a few on a busy machine says little; the middle and most of them say it.
    assert typical(beside) <= typical(alone) + SLOWER
    number = sum(len(rows) for rows in tried.values())
    note(
        "receivers that hang, drip, pour, redirect, answer 410 or 429, or reset",
        tries=number, slowest=longest,
        besides=f"the good receiver beside them: {typical(beside):.2f} s at the 80th percentile,"
        f" alone {typical(alone):.2f} s; at most {max(counted) // 1024} KiB of 10 GB left the sender",
    )  # fmt: skip


def later_attempts(receiver):
    """The shortest pause between two attempts of one message, 0 if there was no second."""
    times = {}
    pauses = []
    for request in list(receiver.requests):
        if request.message_id in times:
            pauses.append(request.at - times[request.message_id])
        times[request.message_id] = request.at
    return min(pauses, default=0)


def outcomes(rows):
    return {(status, error) for status, error, _ in rows}


def typical(seconds):
    return quantiles(seconds, n=5)[-1]
