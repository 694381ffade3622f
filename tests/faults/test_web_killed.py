"""kill -9 of web processes: whoever asks again with the same key gets the booking that was made."""

import random
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace

from tests.faults import ledger
from tests.faults.clients import Load
from tests.faults.mortal import LAST_WISH

TRIES = 20
ROUNDS, CLIENTS = 3, 12


@contextmanager
def mortal_web(platform):
    """The web process of `tests.faults.mortal` in place of the platform's own."""
    usual = platform.web.command
    platform.web.stop()
    platform.web.command = ["tests.faults.mortal" if word == "config.wsgi" else word for word in usual]
    platform.web.start()
    try:
        yield
    finally:
        platform.web.stop()
        platform.web.command = usual
        platform.web.start()


def until_answered(act, seconds=30):
    """Ask again until there is an answer, as a client does whose connection broke; each outcome."""
    outcomes, began = [act()], time.monotonic()
    while outcomes[-1].status in (0, 503) and time.monotonic() - began < seconds:
        time.sleep(0.25)
        outcomes.append(act())
    return outcomes


def test_a_booking_whose_answer_died_is_answered_again_under_its_key_and_its_event_arrives(platform, note):
    hospital, slowest, references = platform.ploy, 0.0, []
    with mortal_web(platform):
        for attempt in range(TRIES):
            _, body = hospital.somebody()
            key = {"Idempotency-Key": f"died-{attempt}"}
            first = hospital.call("POST", "/create", body, **key, **{"X-Die": LAST_WISH})
            assert first.status == 0, first
            again = until_answered(lambda: hospital.call("POST", "/create", body, **key))[-1]  # noqa: B023

            assert again.status == 201, again
            assert again.headers["idempotency-replayed"] == "true"
            booked = platform.sql(
                "SELECT reference FROM bookings_appointment WHERE guest_phone = %s",
                body["guest_phone"], schema=hospital.schema,
            )  # fmt: skip
            assert booked == [(again.body["reference"],)]
            references.append(again.body["reference"])
            slowest = max(slowest, again.seconds)
    told = ledger.seconds_until_told(platform, hospital, references, within=60)
    note(
        "web process killed after COMMIT, before the answer", tries=TRIES, slowest=slowest,
        twice=ledger.told_twice(platform, hospital, references),
        besides=f"asked again: the same booking; the last webhook came {told:.1f} s later",
    )  # fmt: skip


def test_all_web_processes_killed_under_load_lose_no_booking_and_make_none_twice(platform, note):
    hospital, chance, broken = platform.ploy, random.Random(1), Counter()

    def book():
        person, body = hospital.somebody()
        key = {"Idempotency-Key": f"load-{person.number}"}
        tried = until_answered(lambda: hospital.call("POST", "/create", body, **key))
        broken[len(tried) > 1] += 1
        return replace(tried[-1], person=person)

    answered, longest = [], 0.0
    for _ in range(ROUNDS):
        with Load(book, threads=CLIENTS) as load:
            time.sleep(1 + chance.random())
            platform.web.kill()
            began = time.monotonic()
            platform.web.start()
            longest = max(longest, time.monotonic() - began)
            time.sleep(0.5)
        answered += load.outcomes

    assert {one.status for one in answered} == {201}
    assert broken[True] >= ROUNDS, "nobody was hit"
    promises = ledger.promised(answered)
    assert len(promises) == len(answered)
    assert ledger.lost(platform, hospital, promises) == []
    assert ledger.doubled(platform, hospital) == []
    ledger.seconds_until_told(platform, hospital, promises, within=90)
    note(
        f"all web processes killed and started anew under load, {len(answered):,} bookings", tries=ROUNDS,
        twice=ledger.told_twice(platform, hospital, promises), back_after=longest,
        besides=f"{broken[True]} asked again with the same key, each has one booking",
    )  # fmt: skip
