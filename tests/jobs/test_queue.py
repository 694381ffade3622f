from datetime import timedelta

import pytest
from django.contrib.postgres.functions import TransactionNow
from django.db import connection
from django.db.models import F

from core import clock
from jobs import handlers, queue
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import current_schema, inside

LATER = timedelta(hours=1)


@pytest.fixture
def done(monkeypatch, db):
    """The subjects that the two kinds of this test were run for, in order."""
    subjects = []
    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handle("quick", subjects.append, lane="tests")
    handlers.handle("slow", subjects.append, lane="tests", lease=timedelta(seconds=30))
    return subjects


def test_jobs_are_done_once_each_in_the_order_in_which_they_are_due(done):
    now = clock.now()
    queue.put("quick", "second", lane="tests", due_at=now - timedelta(minutes=1))
    queue.put("quick", "first", lane="tests", due_at=now - timedelta(minutes=2))

    assert run_due("tests") == 2
    assert run_due("tests") == 0
    assert done == ["first", "second"]


def test_a_job_is_not_done_before_its_time(done):
    queue.put("quick", "later", lane="tests", due_at=clock.now() + LATER)

    assert run_due("tests") == 0
    assert done == []


def test_a_job_that_is_queued_again_is_due_at_the_sooner_time(done):
    queue.put("quick", "one", lane="tests", due_at=clock.now() + LATER)
    queue.put("quick", "one", lane="tests")
    queue.put("quick", "one", lane="tests", due_at=clock.now() + LATER)

    run_due("tests")

    assert done == ["one"]
    assert not Job.objects.exists()


def test_a_job_runs_in_the_schema_that_queued_it(hospital, monkeypatch):
    where = []
    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handle("quick", lambda _: where.append(current_schema()), lane="tests")
    with inside(hospital):
        queue.put("quick", lane="tests")
    queue.put("quick", lane="tests")

    run_due("tests")

    assert where == [hospital.schema_name, "public"]


def test_a_job_of_a_hospital_that_is_switched_off_waits(hospital, done):
    with inside(hospital):
        queue.put_all("quick", ["a"], lane="tests")
        queue.put_all("slow", ["b"], lane="tests")
    hospital.is_active = False
    hospital.save()

    run_due("tests")

    assert done == []
    assert set(Job.objects.values_list("subject", "attempts")) == {("a", 0), ("b", 0)}


def test_a_leased_job_of_a_process_that_died_is_due_again(done):
    queue.put("slow", "x", lane="tests")
    queue.lease(["slow"], timedelta(seconds=30))

    assert queue.lease(["slow"], timedelta(seconds=30)) is None
    _let_time_pass(timedelta(seconds=31))
    assert run_due("tests") == 1
    assert done == ["x"]


def test_a_leased_job_that_is_queued_anew_while_it_runs_is_done_again(monkeypatch, db):
    done = []
    monkeypatch.setattr(handlers, "_handlers", {})

    def work(subject):
        done.append(subject)
        if len(done) == 1:
            queue.put("slow", subject, lane="tests")

    handlers.handle("slow", work, lane="tests", lease=timedelta(seconds=30))
    queue.put("slow", "x", lane="tests")

    run_due("tests")

    assert done == ["x", "x"]
    assert not Job.objects.exists()


def test_a_job_may_ask_to_be_done_again(monkeypatch, db):
    again = clock.now() + LATER
    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handle("quick", lambda _: again, lane="tests")
    queue.put("quick", "x", lane="tests")

    run_due("tests")

    assert Job.objects.get().due_at == again


def test_a_job_that_fails_is_tried_again_after_longer_and_longer_pauses_and_then_given_up(monkeypatch, db):
    def fail(_):
        raise ValueError("Malee")

    monkeypatch.setattr(handlers, "_handlers", {})
    handlers.handle("quick", fail, lane="tests")
    queue.put("quick", "x", lane="tests")
    pauses = []
    for _ in range(queue.MOST_ATTEMPTS):
        assert run_due("tests") == 1
        # By the transaction's own clock, which is what the pause was added to.
        job = Job.objects.annotate(pause=F("due_at") - TransactionNow()).get()
        if job.due_at is not None:
            pauses.append(job.pause.total_seconds())
        _let_time_pass(LATER)

    assert pauses[:4] == [5, 10, 20, 40]
    assert max(pauses) == 3600
    assert len(pauses) == queue.MOST_ATTEMPTS - 1
    assert (job.due_at, job.attempts) == (None, queue.MOST_ATTEMPTS)
    assert "Malee" not in job.last_error
    assert run_due("tests") == 0


def _let_time_pass(span):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_job SET due_at = due_at - %s", [span])
