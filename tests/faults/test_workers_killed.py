"""kill -9 of workers at the worst moments: nothing is lost, and what comes twice comes under one id."""

import time
from collections.abc import Callable

import psycopg
import pytest

from tests.faults import ledger
from tests.faults.daemons import kill, owner_of_connection
from tests.faults.platform import eventually
from tests.support.receiver import Exchange, answer, hang

TRIES, WHOLE_TRIES = 4, 2
LONGEST = 60  # seconds until a broken delivery is made again: its lease is 30 s
_BLOCKED = """
SELECT client_port FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database() AND pid <> pg_backend_pid()
"""


class Murderer:
    """A receiver's behaviour: kills whoever delivers the first message of a booking, by a way of its own."""

    def __init__(self, platform, way: Callable[[Exchange, object], None]) -> None:
        self.platform, self.way = platform, way
        self.victims: list[str] = []
        self.is_out = True

    def __call__(self, exchange: Exchange) -> None:
        said = self.platform.read(exchange.received)
        is_first = exchange.received.message_id not in self.victims
        if not (self.is_out and is_first and said["event"] == "booking.created"):
            answer(200)(exchange)
            return
        self.victims.append(exchange.received.message_id)
        sender = owner_of_connection(self.platform.worker.family(), exchange.handler.client_address[1])
        self.way(exchange, sender)


def before_the_answer(exchange, sender):
    kill(sender)


def after_the_answer(exchange, sender):
    # Stopped, so that it cannot note the 200 that is on its way to it.
    sender.suspend()
    answer(200)(exchange)
    time.sleep(0.05)
    kill(sender)


@pytest.mark.parametrize(
    ("way", "named"),
    [
        (before_the_answer, "worker child killed while it delivers"),
        (after_the_answer, "worker child killed between the receiver's 200 and the mark in the database"),
    ],
)
def test_a_delivery_whose_process_is_killed_is_made_again_under_its_id(platform, note, way, named):
    murderer = Murderer(platform, way)
    platform.receiver.always(murderer)
    outcomes = {platform.ploy: [], platform.rama: []}
    try:
        for _ in range(TRIES):
            for hospital, made in outcomes.items():
                made.append(hospital.book())
                count = sum(map(len, outcomes.values()))
                assert eventually(lambda: len(murderer.victims) == count, LONGEST)[0], named  # noqa: B023  -- now
        murderer.is_out = False
        began, twice = time.monotonic(), 0
        for hospital, made in outcomes.items():
            references = ledger.promised(made)
            # The broken one is on the list already: what is waited for is the next one.
            assert came(platform, hospital, references, 2, within=LONGEST)
            assert len(references) == TRIES
            twice += ledger.told_twice(platform, hospital, references)
        back_after = time.monotonic() - began
    finally:
        platform.receiver.always(answer(200))

    assert platform.worker.is_running()
    note(named, tries=2 * TRIES, twice=twice, back_after=back_after, besides="each came again under its id")


def test_what_a_whole_worker_that_is_killed_was_delivering_is_delivered_by_the_next(platform, note):
    hospital, longest, twice = platform.ploy, 0.0, 0
    for _ in range(WHOLE_TRIES):
        platform.receiver.always(hang(20))
        broken = ledger.promised([hospital.book() for _ in range(3)])
        assert came(platform, hospital, broken, 1, within=LONGEST)
        platform.worker.kill()
        platform.receiver.always(answer(200))
        unbroken = ledger.promised([hospital.book()])
        platform.worker.start()
        began = time.monotonic()
        assert came(platform, hospital, broken, 2, within=LONGEST)
        ledger.seconds_until_told(platform, hospital, unbroken, within=LONGEST)
        longest = max(longest, time.monotonic() - began)
        assert len(broken | unbroken) == 4
        twice += ledger.told_twice(platform, hospital, broken | unbroken)
    note(
        "whole worker killed while it delivers", tries=WHOLE_TRIES, twice=twice, back_after=longest,
        besides="three under way each time; each came again under its id",
    )  # fmt: skip


def came(platform, hospital, references, times, *, within):
    """Whether the hospital's other system was told of each booking so often."""

    def often_enough():
        found = ledger.arrivals(platform, hospital)
        return all(len(found[one]) >= times for one in references)

    return eventually(often_enough, within)[0]


def test_an_event_whose_relay_is_killed_in_its_transaction_is_handed_on_once_by_another(platform, note):
    hospital, longest, references = platform.rama, 0.0, {}
    for _ in range(TRIES):
        platform.worker.freeze()
        made = hospital.book()
        references |= ledger.promised([made])
        with psycopg.connect(platform.postgres.url) as wire:
            # The relay will come as far as its last statement, which marks the event, and wait there.
            wire.execute(f"SELECT id FROM {hospital.schema}.events_event WHERE relayed_at IS NULL FOR UPDATE")
            platform.worker.thaw()
            blocked, _ = eventually(lambda: platform.sql(_BLOCKED), 30)
            assert blocked, "the relay did not come"
            sender = owner_of_connection(platform.worker.family(), blocked[0][0])
            assert sender is not None
            kill(sender)
            wire.rollback()
        longest = max(longest, ledger.seconds_until_told(platform, hospital, references, within=LONGEST))
    assert ledger.told_twice(platform, hospital, references) == 0
    note("relay killed inside its transaction", tries=TRIES, back_after=longest)
