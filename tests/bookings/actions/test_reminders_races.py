"""Several plans, workers and bookings at the same moment: one reminder for each appointment and time."""

from concurrent.futures import ThreadPoolExecutor

from django.core import mail
from django.db import transaction

from accounts.permissions import GRANTS, Role
from bookings.actions.reminders import PLAN, plan_reminders
from bookings.models import Notice
from core.actor import Actor, Door
from events.models import Event
from jobs import queue
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import outside
from tests.support.booking import book
from tests.support.catalogue import at, guest, make_practitioner, make_service
from tests.support.notices import fates, instant, relay
from tests.support.threads import together, wait_until_somebody_waits_for_us

DESK = Actor(door=Door.ADMIN, grants=GRANTS[Role.FRONT_DESK], role=Role.FRONT_DESK, label="Fon")


def work(*lanes):
    def run():
        with outside():
            return sum(run_due(lane) for lane in lanes)

    return run


def book_some(count):
    service = make_service(
        make_practitioner("Dr Bob"), slug="check-up", slot_interval=15, duration_minutes=15
    )
    return service, [
        book(
            DESK,
            service,
            at(9 + n // 4 if n < 12 else 10 + n // 4, n % 4 * 15),
            guest=guest(f"Guest {n}", phone=f"08987{n:05}", email=f"g{n}@example.com"),
        )
        for n in range(count)
    ]


def test_plans_and_workers_at_once_send_one_reminder_each(fresh_hospital):
    fresh_hospital.notice_channels = "email"
    fresh_hospital.save()
    _, rows = book_some(20)
    hour = instant(18)

    outcomes = together(fresh_hospital, [lambda: plan_reminders(hour) for _ in range(8)])
    assert set(outcomes) == {instant(18, days=1)}
    assert Notice.objects.count() == 20
    sent_before = len(mail.outbox)
    outcomes = together(fresh_hospital, [work("notices") for _ in range(6)])

    assert all(isinstance(outcome, int) for outcome in outcomes), outcomes
    assert sum(outcomes) == 20
    sent = mail.outbox[sent_before:]
    assert sorted(message.to[0] for message in sent) == sorted(row.guest_email for row in rows)
    assert {status for _, status, _ in fates()} == {"SENT"}
    assert Event.objects.filter(type="booking.reminder_sent").count() == 20


def test_the_standing_job_is_done_by_one_worker_and_is_due_again(fresh_hospital):
    queue.put(PLAN, lane="chores")

    outcomes = together(fresh_hospital, [work("chores") for _ in range(4)])

    assert sum(outcomes) == 1
    assert Job.objects.filter(kind=PLAN, schema_name=fresh_hospital.schema_name).count() == 1


def test_an_appointment_that_the_plan_could_not_see_yet_is_told_of_in_the_log(fresh_hospital):
    """Its event is handed on while the plan, which has looked already, is not committed yet."""
    service, _ = book_some(0)

    def book_and_hand_on():
        book(DESK, service, at(9), guest=guest(email="late@example.com"))
        relay()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            plan_reminders(instant(18))
            late = pool.submit(together, fresh_hospital, [book_and_hand_on])
            wait_until_somebody_waits_for_us()
            assert fates() == []
        assert late.result() == [None]

    assert [(status, why) for _, status, why in fates()] == [("SKIPPED", "booked_late")]
