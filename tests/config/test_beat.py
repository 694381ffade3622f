from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django_celery_beat import schedulers
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.beat import EditableScheduler
from config.celery import app
from config.schedule import SCHEDULE


@pytest.fixture
def scheduler(db, monkeypatch):
    # It would close the connection of the test's transaction.
    monkeypatch.setattr(schedulers, "close_old_connections", lambda: None)
    return EditableScheduler(app=app, lazy=True)


def test_a_first_start_adds_every_schedule(scheduler):
    scheduler.setup_schedule()

    assert set(PeriodicTask.objects.values_list("name", flat=True)) == set(SCHEDULE)


def test_what_an_operator_changed_stays(scheduler):
    scheduler.setup_schedule()
    name = next(iter(SCHEDULE))
    slower = IntervalSchedule.objects.create(every=99, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.filter(name=name).update(interval=slower, crontab=None, enabled=False)

    EditableScheduler(app=app, lazy=True).setup_schedule()

    kept = PeriodicTask.objects.get(name=name)
    assert (kept.interval, kept.enabled) == (slower, False)


def test_every_schedule_starts_a_task_that_exists():
    app.loader.import_default_modules()

    assert {entry["task"] for entry in SCHEDULE.values()} <= set(app.tasks)


def test_a_look_that_comes_late_by_one_round_is_dropped():
    looks = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == "jobs.run"]

    assert looks
    assert all(look["options"]["expire_seconds"] == look["schedule"].total_seconds() for look in looks)


def test_beat_goes_on_with_what_it_read_last_when_its_schedules_cannot_be_read(scheduler):
    scheduler.setup_schedule()
    known = dict(scheduler.schedule)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_celery_beat_periodictask RENAME TO gone")
        # The time has come at which it reads everything anew.
        scheduler._last_full_sync -= timedelta(minutes=6)
        read = dict(scheduler.schedule)
        transaction.set_rollback(True)

    assert known
    assert read.keys() == known.keys()
