"""Background work in the platform's admin: the queue, and the schedules of beat."""

from datetime import UTC, datetime, timedelta

import pytest
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks

from events.models import Event
from jobs.models import Job
from tests.support.statements import counted

JOBS, SCHEDULES = "/admin/jobs/job/", "/admin/django_celery_beat/periodictask/"
NOW = datetime.now(UTC)


@pytest.fixture
def jobs(db) -> dict[str, Job]:
    """One of each state."""
    Job.objects.all().delete()
    told = {
        "due": {"due_at": NOW - timedelta(minutes=1)},
        "later": {"due_at": NOW + timedelta(hours=1)},
        "failing": {"due_at": NOW + timedelta(hours=1), "attempts": 3, "last_error": "KeyError at x.py:5"},
        "given_up": {"due_at": None, "attempts": 20, "last_error": "ValueError at y.py:7"},
    }
    return {
        name: Job.objects.create(kind="event", schema_name="h_ploy", subject=name, **fields)
        for name, fields in told.items()
    }


def found(operator, **asked) -> set[str]:
    return {job.subject for job in operator.get(JOBS, **asked).context["cl"].result_list}


def test_the_queue_shows_what_is_due_and_what_failed(operator, jobs):
    listed = operator.get(JOBS).text

    for text in ("Given up", "Failing", "Due", "Later", "KeyError at x.py:5", "h_ploy"):
        assert text in listed


@pytest.mark.parametrize("state", ["given_up", "failing", "due"])
def test_the_queue_is_filtered_by_state(operator, jobs, state):
    assert found(operator, state=state) == {state}


def test_what_was_given_up_starts_anew_and_nothing_else(operator, jobs):
    told = operator.act(JOBS, "start_anew", *jobs.values()).text

    assert "1 job started anew." in told
    given_up = Job.objects.get(subject="given_up")
    assert (given_up.due_at is not None, given_up.attempts) == (True, 0)
    assert Job.objects.get(subject="failing").attempts == 3
    event = Event.objects.get(type="job.started_anew")
    assert (event.actor_label, event.data["schema"]) == ("Olga", "h_ploy")


@pytest.mark.parametrize("path", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_nothing_is_added_changed_or_deleted_by_hand(operator, jobs, path):
    job = jobs["due"]

    assert operator.post(JOBS + path.format(pk=job.pk), {"post": "yes", "kind": "x"}).status_code == 403
    assert Job.objects.get(pk=job.pk).kind == "event"


def test_one_job_is_shown(operator, jobs):
    assert "ValueError at y.py:7" in operator.get(f"{JOBS}{jobs['given_up'].pk}/change/").text


def test_the_list_takes_as_many_statements_for_four_as_for_one(operator, jobs):
    operator.get(JOBS, state="due")
    with counted() as one:
        operator.get(JOBS, state="due")
    with counted() as four:
        operator.get(JOBS)

    assert len(one) == len(four)


# ── schedules ─────────────────────────────────────────────────────────────────
@pytest.fixture
def scheduled(db) -> PeriodicTask:
    """A schedule as beat adds it."""
    every = IntervalSchedule.objects.create(every=5, period="seconds")
    PeriodicTasks.objects.get_or_create(defaults={"last_update": NOW})
    return PeriodicTask.objects.create(
        name="Hand on events", task="jobs.run", args='["events"]', interval=every
    )


def test_schedules_are_listed_with_how_often_they_start(operator, scheduled):
    listed = operator.get(SCHEDULES).text

    assert "Hand on events" in listed
    assert "every 5 seconds" in listed


def test_an_operator_changes_how_often_and_beat_hears_of_it(operator, scheduled):
    every = IntervalSchedule.objects.create(every=30, period="seconds")
    PeriodicTasks.objects.update(last_update=NOW - timedelta(days=1))

    operator.submit(f"{SCHEDULES}{scheduled.pk}/change/", interval=every.pk)

    scheduled.refresh_from_db()
    assert scheduled.interval == every
    assert PeriodicTasks.objects.get().last_update > NOW - timedelta(hours=1)
    assert Event.objects.get(type="schedule.changed").actor_label == "Olga"


def test_an_operator_switches_one_off(operator, scheduled):
    operator.submit(f"{SCHEDULES}{scheduled.pk}/change/", enabled=None)

    scheduled.refresh_from_db()
    assert not scheduled.enabled


def test_what_a_schedule_starts_is_not_changed(operator, scheduled):
    operator.submit(f"{SCHEDULES}{scheduled.pk}/change/", task="os.system", args='["x"]', name="mine")

    changed = PeriodicTask.objects.get(pk=scheduled.pk)
    assert (changed.task, changed.args, changed.name) == (scheduled.task, scheduled.args, scheduled.name)


def test_a_schedule_needs_one_way_to_be_repeated(operator, scheduled):
    page = operator.submit(f"{SCHEDULES}{scheduled.pk}/change/", interval=None)

    assert page.status_code == 200
    assert page.context["adminform"].form.errors


def test_another_interval_or_time_of_day_is_added(operator, scheduled):
    operator.submit("/admin/django_celery_beat/intervalschedule/add/", every=7, period="minutes")
    operator.submit("/admin/django_celery_beat/crontabschedule/add/", minute="15", hour="3")

    assert IntervalSchedule.objects.filter(every=7, period="minutes").exists()


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_schedules_are_not_added_or_deleted(operator, scheduled, path):
    answer = operator.post(SCHEDULES + path.format(pk=scheduled.pk), {"post": "yes"})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", [JOBS, SCHEDULES])
def test_a_hospital_sees_none_of_it(as_admin, path):
    assert as_admin.get(path).status_code == 404
