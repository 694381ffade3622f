from functools import partial
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from accounts.permissions import Role
from bookings.actions.users import create_user, update_user
from bookings.models import Practitioner
from core.actor import Actor
from subscriptions.actions import cancel_subscription, create_subscription, update_subscription
from subscriptions.errors import PlanLimitReached
from subscriptions.limits import require_room, take_room, usage_of
from subscriptions.models import Subscription
from tenants.context import inside
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.booking import refused
from tests.support.catalogue import make_practitioner
from tests.support.people import PASSWORD
from tests.support.threads import reasons, together, winners


def subscribe(hospital, plan, **more):
    return create_subscription(OPERATOR, hospital=hospital, plan_id=plan.pk, billing_cycle="MONTHLY", **more)


def test_a_hospital_without_a_subscription_is_not_limited(hospital):
    require_room(hospital, "doctors", have=1_000_000)


def test_a_plan_without_a_limit_limits_nothing(hospital, large):
    subscribe(hospital, large)
    require_room(hospital, "staff", have=1_000_000)


@pytest.mark.parametrize(("have", "refuses"), [(4, False), (5, True), (6, True)])
def test_the_last_one_that_a_plan_allows_comes_in_and_no_more(hospital, small, have, refuses):
    subscribe(hospital, small)
    if not refuses:
        require_room(hospital, "doctors", have=have)
        return
    with refused("plan_limit_reached") as caught:
        require_room(hospital, "doctors", have=have)
    assert caught.value.data == {"what": "doctors", "limit": 5}


def test_what_has_ended_limits_nothing_any_more(hospital, small):
    row = subscribe(hospital, small)
    cancel_subscription(OPERATOR, subscription_id=row.pk, reason="x", immediate=True)
    require_room(hospital, "doctors", have=99)


def test_usage_counts_active_doctors_and_active_accounts_of_staff(hospital, other_hospital):
    with inside(hospital):
        make_practitioner("Dr Away", is_active=False, hours=False)
        make_practitioner("Nurse", kind="NURSE", hours=False)
        make_practitioner("Dr Not Bookable", is_bookable=False, hours=False)
        User.objects.create_user("old@ploy.example", first_name="Old", role=Role.NURSE, is_active=False)
        User.objects.create_user("new@ploy.example", first_name="New", role=Role.PATIENT)

    assert usage_of(hospital) == {"doctors": 2, "staff": 4}
    assert usage_of(other_hospital) == {"doctors": 1, "staff": 4}


def test_room_is_counted_by_the_hospital_itself(hospital):
    subscribe(hospital, make_plan("four", max_doctors=2, max_staff=4))
    with inside(hospital):
        take_room(hospital, "doctors")
        make_practitioner("Dr Second", hours=False)
        with refused("plan_limit_reached"):
            take_room(hospital, "doctors")
        with refused("plan_limit_reached"):
            take_room(hospital, "staff")


@pytest.fixture
def limited(fresh_platform):
    """A fresh hospital whose plan is for three doctors, and its subscription."""
    plan = make_plan("three", max_doctors=3, max_staff=3)
    return fresh_platform, subscribe(fresh_platform, plan)


def add_doctor(hospital):
    with transaction.atomic():
        take_room(hospital, "doctors")
        return make_practitioner("Dr Racer", hours=False)


def test_eight_at_once_do_not_pass_the_limit(limited):
    hospital, _row = limited
    outcomes = together(hospital, [lambda: add_doctor(hospital)] * 8)

    assert len(winners(outcomes)) == Practitioner.objects.count() == 3
    assert reasons(outcomes) == ["plan_limit_reached"] * 5


def test_a_smaller_plan_and_a_new_doctor_at_once_end_with_what_the_plan_allows(limited):
    hospital, row = limited
    make_practitioner("Dr First", hours=False)
    one = make_plan("one", max_doctors=1, max_staff=1)

    def shrink():
        return update_subscription(OPERATOR, subscription_id=row.pk, plan_id=one.pk)

    together(hospital, [shrink, *[lambda: add_doctor(hospital)] * 4])
    row.refresh_from_db()
    assert Practitioner.objects.count() <= row.plan.max_doctors


def test_of_many_who_subscribe_a_hospital_at_once_one_does(limited):
    hospital, row = limited
    plan = row.plan
    row.delete()
    outcomes = together(hospital, [lambda: subscribe(hospital, plan)] * 6)

    assert len(winners(outcomes)) == Subscription.objects.filter(hospital=hospital).count() == 1
    assert reasons(outcomes) == ["already_subscribed"] * 5


def test_room_is_taken_in_a_transaction_alone(fresh_hospital):
    with pytest.raises(RuntimeError, match="transaction"):
        take_room(fresh_hospital, "doctors")
    assert PlanLimitReached("doctors", 3).reason == "plan_limit_reached"


# ── by the verb that makes accounts ────────────────────────────────────────────
MANAGER = Actor.system("tests", "users.write", "users.read")


def add_user(number: int, role: str = "NURSE") -> User:
    return create_user(
        MANAGER, email=f"new{number}@fresh.example", password=PASSWORD, first_name=f"New{number}", role=role
    )


def test_of_many_accounts_of_staff_made_at_once_the_plan_lets_in_as_many_as_it_allows(limited):
    hospital, _row = limited
    outcomes = together(hospital, [partial(add_user, number) for number in range(6)])

    assert len(winners(outcomes)) == User.objects.count() == 3
    assert reasons(outcomes) == ["plan_limit_reached"] * 3


def test_a_doctors_account_needs_room_for_a_doctor_and_leaves_nothing_without(hospital):
    subscribe(hospital, make_plan("few", max_doctors=1, max_staff=9))
    with inside(hospital):
        with refused("plan_limit_reached") as caught:
            add_user(1, "DOCTOR")
        assert caught.value.data == {"what": "doctors", "limit": 1}
        assert not User.objects.filter(email="new1@fresh.example").exists()
        assert add_user(2, "NURSE").is_active


def test_switching_an_account_on_again_needs_room_and_patients_need_none(hospital, people):
    with inside(hospital):
        update_user(MANAGER, user_id=people.nurse.pk, is_active=False)
        subscribe(hospital, make_plan("three-only", max_staff=3))
        with refused("plan_limit_reached"):
            update_user(MANAGER, user_id=people.nurse.pk, is_active=True)
        update_user(MANAGER, user_id=people.desk.pk, last_name="Changed")
        create_user(
            MANAGER, email="p@fresh.example", password=PASSWORD, first_name="Patient", role="PATIENT",
            phone_number="0812223334",
        )  # fmt: skip


def test_the_command_that_makes_users_is_limited_too(hospital, monkeypatch):
    subscribe(hospital, make_plan("full", max_staff=4))
    asked = {"hospital": "ploy", "email": "cli@ploy.example", "first_name": "Cli"}

    monkeypatch.setattr("sys.stdin", StringIO(PASSWORD))
    with pytest.raises(CommandError, match="plan"):
        call_command("create_user", **asked, role="NURSE")
    monkeypatch.setattr("sys.stdin", StringIO(PASSWORD))
    call_command("create_user", **asked, role="PATIENT", stdout=StringIO())
    with inside(hospital):
        assert User.objects.get(email="cli@ploy.example").role == "PATIENT"
