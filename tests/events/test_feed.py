"""The feed: every event once, in an order that nothing is ever added before."""

from contextlib import suppress
from threading import Event as Signal
from time import monotonic, sleep

import pytest
from django.db import connection, connections, transaction

from core.actor import Actor
from events.feed import CursorUnknown, Position, end_of_feed, event_at, read_after
from events.models import Event
from events.outbox import note, record
from tenants.context import inside
from tests.support.threads import together

SOMEBODY = Actor.system("tests")
# How long to wait for another thread, or for a transaction of another test in the same cluster (seconds).
PATIENCE = 120


def happen(number, kind="thing.happened", **told):
    with transaction.atomic():
        return record(SOMEBODY, kind, subject_type="thing", subject_id=number, **told)


def subjects(events):
    return [event.subject_id for event in events]


def readable(position):
    """What may be read after a place, once other tests' transactions in the same cluster have ended."""
    deadline = monotonic() + PATIENCE
    while monotonic() < deadline:
        batch = read_after(position)
        if not batch.is_held_back:
            return batch.events
        sleep(0.02)
    raise AssertionError("some transaction does not end")


def settled():
    """Wait until everything written so far may be read; return the end."""
    readable(Position(0, 0, 0))
    return end_of_feed()


def test_events_come_in_batches_in_their_order(fresh_hospital):
    start = settled()
    for number in range(5):
        happen(number)
    every = readable(start)

    first = read_after(start, limit=2)
    rest = read_after(first.events[-1].position, limit=200)

    assert subjects(every) == ["0", "1", "2", "3", "4"]
    assert subjects(first.events) == ["0", "1"]
    assert subjects(rest.events) == ["2", "3", "4"]
    assert every[-1].position == end_of_feed()


def test_an_event_tells_what_was_recorded(fresh_hospital):
    start = settled()
    happen(7, "booking.moved", changes={"status": ["A", "B"]}, data={"reference": "K7QM-4TXR"})

    [told] = readable(start)

    row = Event.objects.get()
    assert (told.type, told.subject_type, told.subject_id) == ("booking.moved", "thing", "7")
    assert (told.changes, told.data) == ({"status": ["A", "B"]}, {"reference": "K7QM-4TXR"})
    assert told.occurred_at == row.occurred_at
    assert (told.position.xid, told.position.id) == (row.xid, row.pk)


def test_a_smaller_id_that_is_committed_later_is_not_missed(fresh_hospital):
    """The slow transaction takes the first id; the quick one the second, and ends first."""
    start = settled()
    slow_has_written, quick_has_ended = Signal(), Signal()
    seen = []

    def slow():
        with transaction.atomic():
            record(SOMEBODY, "thing.happened", subject_type="thing", subject_id="slow")
            slow_has_written.set()
            assert quick_has_ended.wait(PATIENCE)
            # The quick one is there for everybody to see, and the feed does not give it out yet.
            seen.extend(Event.objects.filter(subject_id="quick").values_list("subject_id", flat=True))

    def quick():
        assert slow_has_written.wait(PATIENCE)
        happen("quick")
        batch = read_after(start)
        seen.append(subjects(batch.events))
        seen.append(batch.is_held_back)
        quick_has_ended.set()

    assert [fault for fault in together(fresh_hospital, [slow, quick]) if fault] == []

    assert seen == [[], True, "quick"]
    ids = dict(Event.objects.values_list("subject_id", "id"))
    assert ids["slow"] < ids["quick"]
    assert subjects(readable(start)) == ["slow", "quick"]


def test_a_smaller_id_of_a_later_transaction_comes_after(fresh_hospital):
    """Ids taken in one order, transactions begun in the other: a reader by id would have gone past one."""
    start = settled()
    first_has_begun, second_has_ended = Signal(), Signal()

    def first():
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            first_has_begun.set()
            assert second_has_ended.wait(PATIENCE)
            record(SOMEBODY, "thing.happened", subject_type="thing", subject_id="first")

    def second():
        assert first_has_begun.wait(PATIENCE)
        happen("second")
        second_has_ended.set()

    assert [fault for fault in together(fresh_hospital, [first, second]) if fault] == []

    ids = dict(Event.objects.values_list("subject_id", "id"))
    assert ids["second"] < ids["first"]
    assert subjects(readable(start)) == ["first", "second"]


def test_many_writers_and_a_reader_that_always_goes_on_from_where_it_was(fresh_hospital):
    """Transactions of all lengths at once: whoever reads on while they run gets each event once."""
    start = settled()
    writers, each = 6, 25
    at_work = [Signal() for _ in range(writers)]

    def write(number):
        for turn in range(each):
            with transaction.atomic():
                record(SOMEBODY, "thing.happened", subject_type="thing", subject_id=f"{number}.{turn}")
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_sleep(%s)", [((number + turn) % 5) / 1000])
            if turn % 7 == number:
                with suppress(ZeroDivisionError), transaction.atomic():
                    record(SOMEBODY, "thing.happened", subject_type="thing", subject_id="undone")
                    raise ZeroDivisionError
        at_work[number].set()

    def read():
        place, found = start, []
        while True:
            is_last_look = all(signal.is_set() for signal in at_work)
            batch = read_after(place, limit=10)
            found += subjects(batch.events)
            place = batch.events[-1].position if batch.events else place
            if is_last_look and not batch.events and not batch.is_held_back:
                return found
            sleep(0.005)

    *faults, found = together(
        fresh_hospital, [*(lambda number=number: write(number) for number in range(writers)), read]
    )

    assert [fault for fault in faults if fault] == []
    assert len(found) == writers * each
    assert set(found) == {f"{number}.{turn}" for number in range(writers) for turn in range(each)}


def test_what_is_for_the_audit_trail_alone_is_not_told(fresh_hospital):
    start = settled()
    note(SOMEBODY, "tool.called", subject_type="tool", subject_id="get_event_types")
    happen(1)

    assert subjects(readable(start)) == ["1"]
    assert Event.objects.filter(type="tool.called").exists()


def test_what_was_there_before_the_feed_is_not_told(fresh_hospital):
    start = settled()
    Event.objects.create(
        type="thing.happened", subject_type="thing", subject_id="old", door="api", cluster=0, xid=0
    )
    happen("new")

    assert subjects(readable(start)) == ["new"]


def test_what_came_out_of_another_cluster_is_not_told_and_its_places_are_unknown(fresh_hospital):
    """After a restore: there transactions were counted up to a high number, here from a low one."""
    start = settled()
    foreign = Event.objects.create(
        type="thing.happened", subject_type="thing", subject_id="theirs", door="api", cluster=17, xid=3
    )
    ahead = Event.objects.create(
        type="thing.happened", subject_type="thing", subject_id="theirs", door="api", cluster=17, xid=2**62
    )
    happen("ours")

    assert subjects(readable(start)) == ["ours"]
    for row in (foreign, ahead):
        with pytest.raises(CursorUnknown):
            event_at(Position(row.xid, row.pk, 0))


def test_two_hospitals_do_not_hear_of_one_another(fresh_hospital, both_hospitals):
    _ploy, rama = both_hospitals
    start = settled()
    with inside(rama):
        theirs = end_of_feed()
    happen(1)

    with inside(rama):
        assert read_after(theirs).events == []
    assert subjects(readable(start)) == ["1"]


def test_a_place_is_found_again_by_its_text(fresh_hospital):
    start = settled()
    happen(1)
    [told] = readable(start)

    assert Position.read(str(told.position)) == told.position
    assert event_at(Position.read(str(told.position))) == told


def test_the_beginning_of_an_empty_feed_is_a_place(fresh_hospital):
    beginning = end_of_feed()
    assert (beginning.xid, beginning.id) == (0, 0)
    assert event_at(beginning) is None

    happen(1)

    assert event_at(beginning) is None
    assert subjects(readable(beginning)) == ["1"]


@pytest.mark.parametrize(
    "text", ["", "0", "7", "1-2", "1-2-xyz", "1-2-00000000-", "-1-2-00000000", "๑-๒-00000000"]
)
def test_a_text_that_is_no_place_is_refused(text):
    with pytest.raises(CursorUnknown):
        Position.read(text)


def test_a_place_that_there_is_not_is_refused(fresh_hospital):
    start = settled()
    happen(1)
    [told] = readable(start)
    there = told.position

    for place in (
        Position(there.xid, there.id, there.check ^ 1),
        Position(there.xid, there.id + 1, there.check),
        Position(there.xid + 1, there.id, there.check),
        Position(0, 0, start.check ^ 1),
        Position(2**64 - 1, 2**64 - 1, 0),
    ):
        with pytest.raises(CursorUnknown):
            event_at(place)


def test_reading_uses_the_index_of_the_feed(fresh_hospital):
    happen(1)
    place = settled()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        from events.feed import _AFTER  # noqa: PLC0415  -- what is looked at, not what is tested

        cursor.execute(f"EXPLAIN {_AFTER}", [place.xid, place.id, 10])
        plan = "\n".join(row for (row,) in cursor.fetchall())

    assert "event_feed" in plan
    assert "Sort" not in plan


@pytest.fixture(autouse=True)
def close_connections_of_threads():
    yield
    connections.close_all()
