from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from core import clock
from events.outbox import history_of
from jobs.models import Job
from jobs.standing import ensure_standing
from jobs.worker import run_due
from subscriptions import renewal
from subscriptions.actions import cancel_subscription, change_plan, create_subscription, update_subscription
from subscriptions.models import Plan, Subscription
from subscriptions.periods import add_months
from subscriptions.renewal import renew_due, renew_when_due
from tenants.context import outside
from tenants.models import Hospital
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.statements import counted
from tests.support.threads import together


@pytest.fixture
def today(hospital) -> date:
    return clock.today_in(hospital.timezone)


def subscribe(hospital: Hospital, plan: Plan, start: date, cycle: str = "MONTHLY", **more) -> Subscription:
    return create_subscription(
        OPERATOR, hospital=hospital, plan_id=plan.pk, billing_cycle=cycle, start_date=start, **more
    )


def first_period(row: Subscription, months: int = 1) -> None:
    """Put a subscription back into its first period, as if nobody had renewed it since."""
    Subscription.objects.filter(pk=row.pk).update(
        current_period_start=row.start_date, current_period_end=add_months(row.start_date, months)
    )


def told(row: Subscription) -> list[str]:
    return [event.type.removeprefix("subscription.") for event in history_of("subscription", row.pk)]


def test_a_period_that_ended_today_is_followed_by_the_next_once(hospital, small, today):
    row = subscribe(hospital, small, add_months(today, -1))
    first_period(row)

    assert (renew_due(), renew_due()) == (1, 0)
    row.refresh_from_db()
    assert row.current_period_start == add_months(row.start_date, 1)
    assert row.current_period_start <= today < row.current_period_end
    assert told(row) == ["created", "renewed"]


def test_what_was_missed_for_months_is_made_up_for_period_by_period(hospital, small):
    row = subscribe(hospital, small, clock.today_in(hospital.timezone) - timedelta(days=200))
    first_period(row)

    assert renew_due() == 1
    row.refresh_from_db()
    today = clock.today_in(hospital.timezone)
    assert row.current_period_start <= today < row.current_period_end
    renewals = [e for e in history_of("subscription", row.pk) if e.type == "subscription.renewed"]
    starts = [event.data["current_period_start"] for event in renewals]
    assert starts == [add_months(row.start_date, n + 1).isoformat() for n in range(len(renewals))]
    assert len(starts) in (6, 7)


def test_a_renewed_period_has_the_plans_present_price(hospital, small, today):
    row = subscribe(hospital, small, add_months(today, -1))
    first_period(row)
    change_plan(OPERATOR, plan_id=small.pk, price_monthly=Decimal(150))
    renew_due()
    row.refresh_from_db()
    assert row.price == 150


def test_one_that_does_not_renew_expires_and_one_that_is_cancelled_ends(
    hospital, other_hospital, small, today
):
    expiring = subscribe(hospital, small, add_months(today, -1), auto_renew=False)
    leaving = subscribe(other_hospital, small, add_months(today, -1))
    cancel_subscription(OPERATOR, subscription_id=leaving.pk, reason="Bye", immediate=False)
    for row in (expiring, leaving):
        first_period(row)

    assert renew_due() == 2
    for row, status in ((expiring, "EXPIRED"), (leaving, "CANCELLED")):
        row.refresh_from_db()
        assert row.status == status
        assert row.ended_at is not None
        assert told(row)[-1] == "ended"
    assert leaving.cancelled_at < leaving.ended_at
    assert renew_due() == 0


def test_nothing_is_due_before_its_day(hospital, small, today):
    row = subscribe(hospital, small, today)
    assert renew_due() == 0
    assert told(row) == ["created"]


def test_one_that_was_to_start_begins_on_its_day_and_goes_on_from_there(hospital, small, today):
    row = subscribe(hospital, small, today + timedelta(days=3))
    assert renew_due() == 0

    begun = today - timedelta(days=40)
    Subscription.objects.filter(pk=row.pk).update(start_date=begun)
    Subscription.objects.filter(pk=row.pk).update(
        current_period_start=F("start_date"), current_period_end=add_months(begun, 1)
    )
    assert renew_due() == 1
    row.refresh_from_db()
    assert (row.status, row.current_period_start) == ("ACTIVE", add_months(begun, 1))
    assert told(row) == ["created", "started", "renewed"]


def test_the_day_is_that_of_each_hospitals_clocks(hospital, other_hospital, small):
    # Kiritimati is a day ahead of Niue for most of each day, and never behind.
    zones = {"ploy": "Pacific/Kiritimati", "rama": "Pacific/Niue"}
    for each in (hospital, other_hospital):
        each.timezone = zones[each.subdomain]
        each.save()
    ahead, behind = (clock.today_in(zones[name]) for name in ("ploy", "rama"))
    rows = [subscribe(each, small, add_months(behind, -1)) for each in (hospital, other_hospital)]
    for row in rows:
        first_period(row)
        # Ends on the day that it is where the clocks are ahead.
        Subscription.objects.filter(pk=row.pk).update(current_period_end=ahead)

    assert ahead > behind
    assert renew_due() == 1
    for row in rows:
        row.refresh_from_db()
    assert rows[0].current_period_end > ahead
    assert rows[1].current_period_end == ahead


def test_one_that_fails_does_not_hold_up_the_others(
    hospital, other_hospital, small, today, monkeypatch, caplog
):
    broken = subscribe(hospital, small, add_months(today, -1))
    fine = subscribe(other_hospital, small, add_months(today, -1))
    for row in (broken, fine):
        first_period(row)
    price_for = Plan.price_for

    def fail_once(plan, cycle, seen=[]):  # noqa: B006  -- remembers
        seen.append(plan)
        if len(seen) == 1:
            raise ArithmeticError("secret of a row")
        return price_for(plan, cycle)

    monkeypatch.setattr(Plan, "price_for", fail_once)
    assert renew_due() == 1
    assert sorted(len(told(row)) for row in (broken, fine)) == [1, 2]
    assert "ArithmeticError" in caplog.text
    assert "secret" not in caplog.text
    assert renew_due() == 1


def test_the_job_stands_on_the_platform_alone_and_looks_again_in_an_hour(hospital, small, today):
    row = subscribe(hospital, small, add_months(today, -1))
    first_period(row)
    ensure_standing()
    jobs = Job.objects.filter(kind=renewal.RENEW)
    assert [job.schema_name for job in jobs] == ["public"]

    Job.objects.exclude(kind=renewal.RENEW).delete()
    run_due(renewal.LANE)
    row.refresh_from_db()
    assert told(row) == ["created", "renewed"]
    (job,) = jobs.all()
    assert timedelta(minutes=50) < job.due_at - clock.now() <= timedelta(hours=1)


def test_more_than_fit_into_one_transaction_are_taken_up_at_once(hospital, small, today, monkeypatch):
    row = subscribe(hospital, small, add_months(today, -1))
    first_period(row)
    monkeypatch.setattr(renewal, "AT_ONCE", 1)
    assert isinstance(again := renew_when_due(""), datetime)
    assert again <= clock.now()
    assert renew_when_due("") > clock.now()


def test_looking_costs_two_statements_whatever_lives(hospital, other_hospital, small, today):
    subscribe(hospital, small, today)
    with counted() as one:
        renew_due()
    subscribe(other_hospital, small, today)
    with counted() as two:
        renew_due()
    queries = [[sql for sql in each if "SAVEPOINT" not in sql] for each in (one, two)]
    assert len(queries[0]) == len(queries[1]) <= 2


def test_two_jobs_at_once_renew_each_subscription_once(fresh_platform):
    began = add_months(clock.today_in(fresh_platform.timezone), -1)
    row = subscribe(fresh_platform, make_plan("racing"), began)
    first_period(row)

    outcomes = together(fresh_platform, [renew_due] * 6)

    assert sum(outcomes) == 1
    with outside():
        assert told(row).count("renewed") == 1


def test_renewing_goes_on_after_a_change_of_plan(hospital, small, large, today):
    row = subscribe(hospital, small, add_months(today, -1))
    first_period(row)
    update_subscription(OPERATOR, subscription_id=row.pk, plan_id=large.pk)
    renew_due()
    row.refresh_from_db()
    assert (row.price, row.plan) == (Decimal(200), large)
