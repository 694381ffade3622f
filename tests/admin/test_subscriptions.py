"""Plans and subscriptions in the admin: the platform's, and a hospital's own."""

from decimal import Decimal

import pytest

from accounts.models import User
from accounts.permissions import Role
from bookings.models import Practitioner
from core import clock
from events.outbox import history_of
from subscriptions.actions import create_subscription
from subscriptions.models import Plan, Subscription
from subscriptions.periods import add_months
from tenants.context import outside
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.people import PASSWORD
from tests.support.statements import counted

PLANS, ROWS = "/admin/subscriptions/plan/", "/admin/subscriptions/subscription/"


@pytest.fixture
def small(db) -> Plan:
    return make_plan()


def subscribe(hospital, plan) -> Subscription:
    with outside():
        return create_subscription(OPERATOR, hospital=hospital, plan_id=plan.pk, billing_cycle="MONTHLY")


# ── the platform's ─────────────────────────────────────────────────────────────
def test_a_plan_is_made_and_changed_by_the_verbs(operator):
    operator.submit(
        PLANS + "add/", code="middle", name_th="กลาง", name_en="Middle", plan_type="PROFESSIONAL",
        price_monthly="500", price_quarterly="1400", price_annual="5000", max_doctors="", max_staff="20",
        features="Booking,Reminders",
    )  # fmt: skip
    plan = Plan.objects.get(code="middle")
    assert (plan.max_doctors, plan.max_staff, plan.features) == (None, 20, ["Booking", "Reminders"])

    operator.submit(f"{PLANS}{plan.pk}/change/", price_monthly="550")

    plan.refresh_from_db()
    assert plan.price_monthly == Decimal(550)
    events = history_of("plan", plan.pk)
    assert [(event.type, event.actor_label) for event in events] == [
        ("plan.created", "Olga"),
        ("plan.changed", "Olga"),
    ]
    assert events[1].data["fields"] == ["price_monthly"]


def test_a_hospital_is_subscribed_once(operator, hospital, small):
    today = clock.today_in(hospital.timezone)
    typed = {"hospital": hospital.pk, "plan": small.pk, "billing_cycle": "QUARTERLY", "auto_renew": "on"}
    operator.submit(ROWS + "add/", **typed, start_date=today.isoformat())

    row = Subscription.objects.get(hospital=hospital)
    assert (row.status, row.current_period_end) == ("ACTIVE", add_months(today, 3))
    page = operator.submit(ROWS + "add/", **typed, start_date=today.isoformat())
    assert page.status_code == 200
    assert "subscription already" in page.text
    assert Subscription.objects.filter(hospital=hospital).count() == 1


def test_a_plan_is_changed_and_one_that_is_too_small_is_refused_in_words(operator, hospital, small):
    row, large = subscribe(hospital, small), make_plan("large", max_doctors=None, max_staff=None)
    page = f"{ROWS}{row.pk}/change/"
    operator.submit(page, plan=large.pk)
    row.refresh_from_db()
    assert row.plan == large

    tiny = make_plan("tiny", max_doctors=0)
    refused = operator.submit(page, plan=tiny.pk)
    assert "more doctors or staff than this plan allows" in refused.text
    row.refresh_from_db()
    assert row.plan == large
    assert [event.type for event in history_of("subscription", row.pk)] == [
        "subscription.created",
        "subscription.changed",
    ]
    assert "large" in operator.get(f"{ROWS}{row.pk}/history/").text


@pytest.mark.parametrize(("immediate", "status"), [("on", "CANCELLED"), (None, "ACTIVE")])
def test_a_subscription_is_cancelled_with_a_reason(operator, hospital, small, immediate, status):
    row = subscribe(hospital, small)
    cancel = f"{ROWS}{row.pk}/cancel/"
    assert operator.post(cancel, {"reason": ""}).status_code == 200
    row.refresh_from_db()
    assert row.cancelled_at is None

    operator.submit(cancel, reason="Moves away", immediate=immediate)

    row.refresh_from_db()
    assert (row.status, row.cancel_reason) == (status, "Moves away")
    again = operator.submit(cancel, reason="Moves away", immediate=None)
    assert again.status_code == 200
    assert "cancelled already" in again.text or "has ended" in again.text
    assert operator.get(f"{ROWS}{row.pk}/change/").status_code == 200


def test_the_lists_cost_the_same_for_three_as_for_one(operator, hospital, other_hospital, small):
    def ask(path):
        operator.get(path)
        with counted() as statements:
            assert operator.get(path).status_code == 200
        return len(statements)

    subscribe(hospital, small)
    one = ask(ROWS), ask(PLANS)
    subscribe(other_hospital, make_plan("second"))
    make_plan("third")
    assert (ask(ROWS), ask(PLANS)) == one


def test_the_lists_speak_thai(operator, hospital, small):
    subscribe(hospital, small)
    assert "แผน small" in operator.get(PLANS, language="th").text
    assert operator.get(ROWS, language="th").status_code == 200


# ── a hospital's own ───────────────────────────────────────────────────────────
def test_the_hospital_reads_its_plan_beside_what_is_used(as_admin, in_hospital, small):
    subscribe(in_hospital, small)

    page = as_admin.get(ROWS)

    assert page.status_code == 200
    for words in ("Plan small", "100.00 THB", "1 of 5", "4 of 10", "Renews on"):
        assert words in page.text
    assert ROWS in as_admin.get("/admin/").text


def test_a_hospital_without_a_plan_is_told_so(as_admin):
    page = as_admin.get(ROWS)
    assert "This hospital has no plan" in page.text
    assert "1 of any number" in page.text


def test_a_plan_that_is_full_says_so(as_admin, in_hospital):
    subscribe(in_hospital, make_plan("full", max_doctors=1))
    assert "The plan allows no more" in as_admin.get(ROWS).text


def test_a_hospital_changes_nothing_and_sees_no_other(as_admin, in_hospital, other_hospital, small):
    theirs = subscribe(other_hospital, make_plan("theirs", name_en="Rama's plan"))
    subscribe(in_hospital, small)

    assert as_admin.get(ROWS + "add/").status_code == 403
    assert as_admin.get(PLANS).status_code == 404
    page = as_admin.get(f"{ROWS}{theirs.pk}/change/")
    assert "Rama's plan" not in page.text
    assert "Plan small" in page.text
    assert as_admin.post(f"{ROWS}{theirs.pk}/delete/", {"post": "yes"}).status_code in (302, 403, 404)
    theirs.refresh_from_db()
    assert theirs.status == "ACTIVE"


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK])
def test_only_administrators_read_the_plan(browser_of, role):
    browser = browser_of(role)
    assert browser.get(ROWS).status_code == 403
    assert ROWS not in browser.get("/admin/").text


# ── what a plan limits ─────────────────────────────────────────────────────────
def test_a_doctor_more_than_the_plan_allows_is_refused_in_words(as_admin, in_hospital):
    subscribe(in_hospital, make_plan("one", max_doctors=1))
    path = "/admin/bookings/practitioner/"
    typed = {"name_th": "Dr New", "name_en": "Dr New", "is_active": "on", "is_bookable": "on"}

    page = as_admin.submit(path + "add/", **typed, kind="DOCTOR")
    assert "plan allows no more" in page.text
    assert not Practitioner.objects.filter(name_en="Dr New").exists()
    # Others are not limited, nor is a doctor who is switched off.
    as_admin.submit(path + "add/", **typed, kind="NURSE")
    as_admin.submit(path + "add/", **{**typed, "name_en": "Dr Off", "is_active": None}, kind="DOCTOR")
    assert Practitioner.objects.filter(name_en__in=["Dr New", "Dr Off"]).count() == 2

    off = Practitioner.objects.get(name_en="Dr Off")
    page = as_admin.submit(f"{path}{off.pk}/change/", is_active="on")
    assert "plan allows no more" in page.text
    off.refresh_from_db()
    assert not off.is_active


def test_a_doctor_who_is_one_already_can_be_changed_when_the_plan_is_full(as_admin, in_hospital, dr_bob):
    subscribe(in_hospital, make_plan("one", max_doctors=1))
    as_admin.submit(f"/admin/bookings/practitioner/{dr_bob.pk}/change/", name_en="Dr Robert")
    assert Practitioner.objects.get(pk=dr_bob.pk).name_en == "Dr Robert"


def test_an_account_of_staff_more_than_the_plan_allows_is_refused_in_words(as_admin, in_hospital, people):
    subscribe(in_hospital, make_plan("four", max_staff=4))
    path = "/admin/accounts/user/"
    typed = {
        "email": "malee@ploy.example", "first_name": "Malee", "password1": PASSWORD,
        "password2": PASSWORD,
    }  # fmt: skip
    page = as_admin.submit(path + "add/", **typed, role="NURSE")
    assert "plan allows no more" in page.text
    assert not User.objects.filter(first_name="Malee").exists()

    as_admin.submit(f"{path}{people.nurse.pk}/change/", is_active=None)
    as_admin.submit(path + "add/", **typed, role="NURSE")
    assert User.objects.filter(first_name="Malee").exists()
    page = as_admin.submit(f"{path}{people.nurse.pk}/change/", is_active="on")
    assert "plan allows no more" in page.text
    # Who is there already can still be changed.
    as_admin.submit(f"{path}{people.desk.pk}/change/", first_name="Fonthip")
    assert User.objects.get(pk=people.desk.pk).first_name == "Fonthip"
