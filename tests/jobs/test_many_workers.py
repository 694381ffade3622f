"""Several processes work off one lane: each job is done once, and one that is held up holds up no other."""

import time
from datetime import timedelta
from threading import Event, Lock, Semaphore

import pytest
from django.db import connection, transaction

from jobs import handlers, queue
from jobs.models import Job
from jobs.worker import run_due
from tests.support.threads import PATIENCE, together, winners

WORKERS = 4


@pytest.fixture
def done(monkeypatch):
    """The subjects that were worked on, by whichever worker."""
    subjects, lock = [], Lock()

    def note(subject):
        with lock:
            subjects.append(subject)

    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handle("quick", note, lane="tests")
    return subjects


def test_each_job_is_done_by_one_of_many_workers(fresh_hospital, done):
    names = [str(number) for number in range(60)]
    queue.put_all("quick", names, lane="tests")

    tried = winners(together(fresh_hospital, [lambda: run_due("tests")] * WORKERS))

    assert sum(tried) == 60
    assert sorted(done) == sorted(names)
    assert not Job.objects.filter(schema_name=fresh_hospital.schema_name).exists()


def test_a_job_that_another_holds_is_passed_over(fresh_hospital, done):
    queue.put_all("quick", ["first", "second"], lane="tests")
    with transaction.atomic():
        held = queue.claim(["quick"])

        together(fresh_hospital, [lambda: run_due("tests")])

    assert done == ["second" if held.subject == "first" else "first"]
    run_due("tests")
    assert sorted(done) == ["first", "second"]


def test_slow_work_never_takes_every_worker(fresh_hospital, monkeypatch):
    """While one worker waits for a mail server, the others find the lane taken and are free for another."""
    begun, release = Event(), Event()

    def wait(_):
        begun.set()
        release.wait(PATIENCE)

    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handle("slow", wait, lane="tests", lease=timedelta(seconds=30))
    queue.put_all("slow", ["first", "second"], lane="tests")

    def come_later():
        begun.wait(PATIENCE)
        tried = [run_due("tests"), run_due("tests")]
        release.set()
        return tried

    assert together(fresh_hospital, [lambda: run_due("tests"), come_later]) == [2, [0, 0]]


def test_a_lane_has_as_many_places_as_it_was_given(fresh_hospital, monkeypatch):
    """Two wait for others at once, a third finds no place and is free for another lane."""
    inside, release = Semaphore(0), Event()

    def wait(_):
        inside.release()
        release.wait(PATIENCE)

    monkeypatch.setattr(handlers, "_handlers", {})
    monkeypatch.setattr(handlers, "_places", {})
    handlers.handle("slow", wait, lane="tests", lease=timedelta(seconds=30))
    handlers.give_places("tests", 2)
    queue.put_all("slow", ["first", "second", "third"], lane="tests")

    def come_later():
        are_in = [inside.acquire(timeout=PATIENCE) for _ in range(2)]
        tried = run_due("tests")
        release.set()
        return are_in, tried

    outcomes = together(fresh_hospital, [lambda: run_due("tests"), lambda: run_due("tests"), come_later])
    assert outcomes[2] == ([True, True], 0)
    assert outcomes[0] + outcomes[1] == 3


def test_who_has_to_stop_before_all_is_done_asks_for_another_worker(fresh_hospital, monkeypatch):
    woken = []
    monkeypatch.setattr(handlers, "_handlers", {})
    monkeypatch.setattr("jobs.worker.wake", woken.append)
    handlers.handle("slow", lambda _: time.sleep(0.02), lane="tests", lease=timedelta(seconds=30))
    queue.put_all("slow", ["first", "second"], lane="tests")

    together(fresh_hospital, [lambda: run_due("tests", seconds=0.01)])
    assert woken == ["tests"]
    together(fresh_hospital, [lambda: run_due("tests")])
    assert woken == ["tests"]
    assert not Job.objects.filter(schema_name=fresh_hospital.schema_name).exists()


def test_what_a_worker_that_dies_had_begun_is_undone_and_done_again(fresh_hospital, monkeypatch):
    """The connection is cut in the middle of the work, as when its process is killed."""
    tries = []

    def die_first(subject):
        tries.append(subject)
        if len(tries) == 1:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handle("quick", die_first, lane="tests")
    queue.put("quick", "x", lane="tests")

    [ended] = together(fresh_hospital, [lambda: run_due("tests")])
    assert isinstance(ended, Exception)
    assert Job.objects.get(schema_name=fresh_hospital.schema_name).attempts == 0

    together(fresh_hospital, [lambda: run_due("tests")])
    assert tries == ["x", "x"]
    assert not Job.objects.filter(schema_name=fresh_hospital.schema_name).exists()
