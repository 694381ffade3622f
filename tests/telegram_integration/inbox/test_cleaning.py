"""What is old is forgotten, by a job of the platform."""

from datetime import timedelta

from core import clock
from jobs.models import Job
from jobs.standing import ensure_standing
from jobs.worker import run_due
from telegram_integration.inbox import cleaning
from telegram_integration.models import TelegramUpdate


def test_updates_are_kept_for_eight_days_whether_they_were_answered_or_not(platform_bot, monkeypatch):
    monkeypatch.setattr(cleaning, "BATCH", 3)
    now = clock.now()
    ages = [timedelta(days=9)] * 7 + [timedelta(days=7), timedelta(0)]
    TelegramUpdate.objects.bulk_create(
        TelegramUpdate(bot=platform_bot, update_id=number, received_at=now - age, done_at=now - age)
        for number, age in enumerate(ages)
    )
    for number, days in ((100, 9), (101, 7)):
        received_at = now - timedelta(days=days)
        TelegramUpdate.objects.create(bot=platform_bot, update_id=number, received_at=received_at)

    assert cleaning.forget_old_updates() > now
    assert set(TelegramUpdate.objects.values_list("update_id", flat=True)) == {7, 8, 101}


def test_the_job_stands_on_the_platform_alone(hospital):
    Job.objects.all().delete()
    ensure_standing()

    assert [job.schema_name for job in Job.objects.filter(kind=cleaning.FORGET)] == ["public"]
    run_due(cleaning.LANE)
    job = Job.objects.get(kind=cleaning.FORGET)
    assert (job.attempts, job.due_at > clock.now()) == (0, True)
