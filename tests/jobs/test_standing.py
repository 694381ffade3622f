from datetime import timedelta

import pytest

from core import clock
from jobs import handlers, standing
from jobs.models import Job
from jobs.standing import ensure_standing, restart_standing, stand
from jobs.tasks import stand as stand_task
from jobs.worker import run_due
from tenants.directory import STALE_AFTER
from tenants.models import Hospital
from tenants.provisioning import provision_hospital, switch_hospital
from tests.support.statements import counted

TOMORROW = timedelta(days=1)


@pytest.fixture
def chores(monkeypatch, db):
    """Two kinds that stand, the second in the public schema too; nothing stands yet."""
    monkeypatch.setattr(standing, "_standing", [])
    monkeypatch.setattr(handlers, "_handlers", {})
    for kind, also_public in (("sweep", False), ("mop", True)):
        handlers.handle(kind, lambda _: clock.now() + TOMORROW, lane="tests")
        stand(kind, also_public=also_public)
    Job.objects.all().delete()


def standing_now():
    return set(Job.objects.values_list("schema_name", "kind"))


def test_every_active_hospital_gets_what_stands_and_the_public_schema_its_part(
    chores, hospital, other_hospital
):
    other_hospital.is_active = False
    other_hospital.save()

    assert stand_task() == 3
    assert standing_now() == {("h_ploy", "sweep"), ("h_ploy", "mop"), ("public", "mop")}
    assert stand_task() == 0


def test_what_stands_on_the_platform_alone_is_in_no_hospital(chores, hospital):
    handlers.handle("tally", lambda _: clock.now() + TOMORROW, lane="tests")
    stand("tally", only_public=True)
    ensure_standing()
    restart_standing(hospital)

    assert [place for place, kind in standing_now() if kind == "tally"] == ["public"]


def test_five_hundred_hospitals_cost_one_statement(chores):
    Hospital.objects.bulk_create(
        Hospital(schema_name=f"h_many_{number}", subdomain=f"many-{number}", name="Many")
        for number in range(500)
    )
    with counted() as statements:
        added = ensure_standing()

    assert added == 2 * 502 + 1
    assert len(statements) == 1


def test_a_standing_job_that_was_done_is_due_again_and_one_that_was_given_up_starts_anew(chores, hospital):
    ensure_standing()
    run_due("tests")
    due = {job.pk: job.due_at for job in Job.objects.all()}
    assert min(due.values()) > clock.now() + timedelta(hours=23)

    given_up = Job.objects.first()
    Job.objects.filter(pk=given_up.pk).update(due_at=None, attempts=20)
    assert ensure_standing() == 1
    given_up.refresh_from_db()
    assert (given_up.due_at <= clock.now(), given_up.attempts) == (True, 0)
    untouched = Job.objects.exclude(pk=given_up.pk)
    assert all(job.due_at == due[job.pk] for job in untouched)


def test_a_hospital_that_is_set_up_has_its_standing_jobs(chores):
    provision_hospital(subdomain="fresh-one", name="Fresh One")

    assert standing_now() == {("h_fresh_one", "sweep"), ("h_fresh_one", "mop")}


def test_a_hospital_that_changes_has_them_run_as_soon_as_every_process_knows(chores, hospital):
    ensure_standing()
    run_due("tests")
    restart_standing(hospital)

    for job in Job.objects.filter(schema_name=hospital.schema_name):
        wait = (job.due_at - clock.now()).total_seconds()
        assert STALE_AFTER - 3 < wait <= STALE_AFTER + 1


def test_a_hospital_that_is_switched_off_has_none_added_and_gets_them_back_with_the_switch(chores, hospital):
    switch_hospital(hospital, active=False)
    assert standing_now() == set()

    switch_hospital(hospital, active=True)
    assert standing_now() == {("h_ploy", "sweep"), ("h_ploy", "mop")}


def test_reminders_and_cleaning_stand(db):
    ensure_standing()

    assert {kind for schema, kind in standing_now() if schema == "h_ploy"} >= {"reminders.plan", "clean_up"}
    assert ("public", "clean_up") in standing_now()
    assert ("public", "reminders.plan") not in standing_now()
