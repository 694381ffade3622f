from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from bookings.actions import cleanup
from bookings.actions.cleanup import clean_up
from bookings.actions.holds import hold_slot
from bookings.models import Appointment, Batch, BatchItem, Notice
from core import clock
from events.models import IdempotencyKey
from jobs import queue
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import outside
from tests.support.booking import let_run_out, types_of
from tests.support.catalogue import at
from tests.support.notices import sending_jobs

DAY = timedelta(days=1)


def make_keys(count, *, age):
    rows = [IdempotencyKey(principal="x", route=f"{age}", key=str(n), fingerprint=b"") for n in range(count)]
    IdempotencyKey.objects.bulk_create(rows)
    IdempotencyKey.objects.filter(route=f"{age}").update(created_at=clock.now() - age)


def make_sessions():
    for name, left in (("over", -DAY), ("alive", DAY)):
        Session.objects.create(session_key=name, session_data="x", expire_date=clock.now() + left)


def test_what_is_old_goes_and_what_is_needed_stays(in_hospital):
    make_keys(2, age=timedelta(hours=25))
    make_keys(1, age=timedelta(hours=23))
    make_sessions()
    now = clock.now()
    for age in (400, 300):
        old = Notice.objects.create(kind="reminder", subject=str(age), for_time=now, good_until=now)
        Notice.objects.filter(pk=old.pk).update(created_at=now - age * DAY)

    again = clean_up("")

    assert IdempotencyKey.objects.count() == 1
    assert [row.session_key for row in Session.objects.all()] == ["alive"]
    assert [row.subject for row in Notice.objects.all()] == ["300"]
    assert timedelta(hours=23) < again - clock.now() <= DAY


def test_much_goes_some_at_a_time(in_hospital, monkeypatch):
    monkeypatch.setattr(cleanup, "BATCH", 2)
    make_keys(5, age=2 * DAY)

    assert clean_up("") <= clock.now()
    assert IdempotencyKey.objects.count() == 3
    clean_up("")
    assert clean_up("") > clock.now()
    assert IdempotencyKey.objects.count() == 0


def make_batch(people, *, items, ended, state="DONE"):
    batch = Batch.objects.create(kind="CANCEL", state=state, user=people.desk, total=items, ended_at=ended)
    rows = [BatchItem(batch=batch, number=n, payload="sealed") for n in range(1, items + 1)]
    BatchItem.objects.bulk_create(rows)
    return batch


def test_bulk_work_that_is_long_over_goes_with_its_rows_and_what_is_not_stays(in_hospital, people, settings):
    now = clock.now()
    for state in ("DONE", "STOPPED"):
        make_batch(people, items=2, ended=now - 91 * DAY, state=state)
    kept = {make_batch(people, items=1, ended=now - 89 * DAY).pk}
    for state in ("WAITING", "RUNNING", "DRAFT"):
        kept.add(make_batch(people, items=1, ended=None, state=state).pk)
    Batch.objects.update(created_at=now - 400 * DAY, updated_at=now - 400 * DAY)

    clean_up("")
    clean_up("")
    assert set(Batch.objects.values_list("pk", flat=True)) == kept
    assert BatchItem.objects.count() == 4

    settings.BATCHES_KEPT_DAYS = 30
    clean_up("")
    assert not Batch.objects.filter(ended_at__isnull=False).exists()
    assert BatchItem.objects.count() == 3


def test_much_bulk_work_goes_some_rows_at_a_time_and_itself_last(in_hospital, people, monkeypatch):
    monkeypatch.setattr(cleanup, "BATCH", 2)
    make_batch(people, items=5, ended=clock.now() - 91 * DAY)

    left = []
    while clean_up("") <= clock.now():
        left.append((BatchItem.objects.count(), Batch.objects.count()))

    assert left == [(3, 1), (1, 1)]
    assert (BatchItem.objects.count(), Batch.objects.count()) == (0, 0)


def test_each_schema_is_cleaned_by_its_own_job_the_public_one_too(hospital, other_hospital, db):
    make_keys(1, age=2 * DAY)
    make_sessions()
    queue.put(cleanup.CLEAN_UP, lane="chores")
    run_due("chores")

    assert IdempotencyKey.objects.count() == 0
    assert Session.objects.count() == 1
    assert Job.objects.get(kind=cleanup.CLEAN_UP).due_at > clock.now()


def test_a_hold_that_no_job_ended_is_removed(desk, check_up):
    held = hold_slot(desk, service_id=check_up.pk, start=at(10))
    let_run_out(held)

    clean_up("")

    assert not Appointment.objects.exists()
    assert types_of(held) == ["booking.held", "booking.hold_expired"]


def test_a_notice_that_lost_its_job_is_found_again(in_hospital):
    """As after a schema was put back: jobs stand in the public one and are not in its backup."""
    soon = clock.now() + DAY
    for name, age in (("lost", 2), ("fresh", 0)):
        row = Notice.objects.create(kind="reminder", subject=name, for_time=soon, good_until=soon)
        Notice.objects.filter(pk=row.pk).update(updated_at=clock.now() - timedelta(hours=age))

    clean_up("")

    assert sending_jobs().get().subject == str(Notice.objects.get(subject="lost").pk)


@pytest.mark.parametrize("tries", [1, 2])
def test_cleaning_twice_harms_nobody(in_hospital, tries):
    make_sessions()
    for _ in range(tries):
        clean_up("")

    assert Session.objects.count() == 1
    with outside():
        clean_up("")
