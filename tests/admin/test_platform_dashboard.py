"""The platform's front page: hospitals in numbers, without a word about any patient."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.permissions import Role
from analytics import platform
from analytics.platform import Part
from analytics.queries.platform import forget_figures, platform_figures_for
from bookings.models import Appointment
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from core.errors import NotAllowed
from jobs.models import Job
from subscriptions.actions import create_subscription
from tenants.context import outside
from tenants.models import Hospital
from tests.subscriptions.conftest import OPERATOR, make_plan
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.statements import counted
from webhooks.models import Webhook, Why

ACTOR = Actor.system("tests", "hospitals.read")


@pytest.fixture(autouse=True)
def nothing_kept():
    """Figures of one test are none of another's."""
    forget_figures()
    yield
    forget_figures()


def figures_of(hospital):
    forget_figures()
    with outside():
        (found,) = (one for one in platform_figures_for(ACTOR) if one.hospital_id == hospital.pk)
    return found


def add_hospitals(count):
    """Hospitals with the tables that are counted in, and nothing in them."""
    made = [
        Hospital(name=f"Hospital {n:02}", subdomain=f"h{n}", schema_name=f"h_many{n}") for n in range(count)
    ]
    with outside(), connection.cursor() as cursor:
        for one in made:
            one.save()
            cursor.execute(f"CREATE SCHEMA {one.schema_name}")
            for table in ("bookings_appointment", "bookings_notice", "accounts_user", "events_event"):
                cursor.execute(f"CREATE TABLE {one.schema_name}.{table} (LIKE h_ploy.{table})")
    return made


def put(row, start, **values):
    """Put an appointment of half an hour at another time, past or coming."""
    end = start + timedelta(minutes=30)
    Appointment.objects.filter(pk=row.pk).update(start=start, end=end, occupied=(start, end), **values)


def test_appointments_are_counted_by_the_hospitals_own_calendar(in_hospital, desk, check_up, dr_bob):
    now = clock.now().astimezone(clock.zone(in_hospital.timezone))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in (0, 1, 7):
        row = book(desk, check_up, at(9 + days), guest=guest(f"G{days}", f"081111111{days}"))
        put(row, midnight + timedelta(days=days))

    found = figures_of(in_hospital)

    days_left = 6 - clock.today_in(in_hospital.timezone).weekday()
    assert (found.today, found.week) == (1, 1 + (days_left >= 1))


def test_missed_visits_users_and_the_last_activity_are_counted(in_hospital, booked, people):
    put(booked(), clock.now() - timedelta(days=2), status=Status.NO_SHOW)

    found = figures_of(in_hospital)

    assert (found.no_shows, found.users, found.is_ready) == (1, 4, True)
    assert clock.now() - found.last_activity < timedelta(minutes=5)


def test_what_somebody_should_look_at_is_counted_from_every_room(in_hospital, booked):
    with outside():
        Job.objects.create(kind="x", schema_name="h_ploy", due_at=None)
        Job.objects.create(kind="y", schema_name="h_ploy", due_at=clock.now() - timedelta(minutes=6))
        Job.objects.create(kind="z", schema_name="h_ploy", due_at=clock.now())
        for why in (Why.FAILING, Why.ASKED):
            Webhook.objects.create(
                hospital=in_hospital, url="https://x.example/", secret="s", events=["booking.created"],
                is_active=False, disabled_why=why, disabled_at=clock.now(),
            )  # fmt: skip
    plan = make_plan()
    create_subscription(OPERATOR, hospital=in_hospital, plan_id=plan.pk, billing_cycle="MONTHLY")

    found = figures_of(in_hospital)

    assert (found.jobs_overdue, found.more["webhooks_off"], found.plan) == (2, 1, "แผน small")
    assert found.troubles == 3


def test_the_front_page_tells_totals_and_each_hospital(operator, hospital, other_hospital):
    page = operator.get("/admin/")

    totals = {str(total["word"]): total["figure"] for total in page.context["totals"]}
    assert totals["Active hospitals"] == 2
    assert totals["Staff accounts"] == 8
    assert [row["one"].name for row in page.context["hospitals"]] == ["Ploy Hospital", "Rama Hospital"]
    assert f"/admin/tenants/hospital/{hospital.pk}/change/" in page.text
    # The list of rooms is there too.
    assert "/admin/apikeys/apikey/" in page.text


def test_each_number_says_what_it_is(operator, hospital):
    text = operator.get("/admin/").text

    for heading in ("Today", "Staff accounts", "Webhooks switched off", "Telegram"):
        assert f'data-label="{heading}"' in text


def test_nothing_of_a_patient_is_on_the_page(operator, hospital, people):
    assert people.alice.name not in operator.get("/admin/").text
    assert people.alice.phone_number not in operator.get("/admin/").text


def test_the_page_is_worded_in_thai(operator, hospital):
    assert 'lang="th"' in operator.get("/admin/", language="th").text


def test_the_part_that_updates_by_itself_comes_alone(operator, hospital):
    page = operator.get("/admin/")
    assert 'hx-get="/admin/dashboard/?o=name&amp;p=1"' in page.text

    part = operator.get("/admin/dashboard/", o="-today")

    assert part.status_code == 200
    assert "<html" not in part.text
    assert 'hx-get="/admin/dashboard/?o=-today&amp;p=1"' in part.text


def test_hospitals_are_sorted_by_any_column(operator, hospital, other_hospital):
    Hospital.objects.filter(pk=other_hospital.pk).update(is_active=False)

    def names(order):
        return [row["one"].subdomain for row in operator.get("/admin/", o=order).context["hospitals"]]

    assert names("name") == ["ploy", "rama"]
    assert names("-name") == ["rama", "ploy"]
    assert names("state") == ["rama", "ploy"]
    assert names("no such column") == ["ploy", "rama"]
    for column in ("plan", "-today", "week", "users", "telegram", "-last_activity"):
        assert len(names(column)) == 2


def test_a_hospital_that_is_being_set_up_has_no_numbers_yet(operator, hospital):
    Hospital(name="New", subdomain="new", schema_name="h_new").save()
    forget_figures()

    page = operator.get("/admin/")

    (row,) = [row for row in page.context["hospitals"] if row["one"].subdomain == "new"]
    assert str(row["state"][0]) == "Being set up"
    assert {figure["number"] for figure in row["figures"]} == {"–"}


def test_a_platform_without_hospitals_says_how_to_begin(operator, monkeypatch):
    monkeypatch.setattr("analytics.admin.platform.platform_figures_for", lambda _actor: [])

    assert "/admin/tenants/hospital/add/" in operator.get("/admin/").text


def test_the_parts_of_the_platform_are_said_in_words(operator, hospital, monkeypatch):
    monkeypatch.setattr(
        platform, "_judges", [lambda: [Part("redis", "unavailable"), Part("workers", "late", 130)]]
    )

    page = operator.get("/admin/")

    assert [str(part["word"]) for part in page.context["parts"]] == ["Away", "Late"]
    assert "130 seconds" in page.text


def test_the_parts_are_those_that_whoever_watches_the_platform_gets(operator, hospital):
    names = {str(part["name"]) for part in operator.get("/admin/").context["parts"]}

    assert {"Database", "Redis", "Workers", "Background work"} <= names


def test_the_page_costs_as_many_statements_for_many_hospitals_as_for_few(operator, hospital):
    seen = []
    for more in (0, 2):
        add_hospitals(more)
        forget_figures()
        with counted() as statements:
            assert operator.get("/admin/dashboard/").status_code == 200
        seen.append(statements)

    assert len(seen[0]) == len(seen[1]), seen
    assert len(seen[0]) <= 15


def test_hospitals_come_in_pages(operator, hospital):
    add_hospitals(25)

    page = operator.get("/admin/", p=2)

    assert (len(page.context["hospitals"]), page.context["shown"].paginator.count) == (2, 27)


def test_figures_are_kept_for_some_seconds(hospital):
    with outside():
        platform_figures_for(ACTOR)
        with counted() as statements:
            platform_figures_for(ACTOR)

    assert statements == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.FRONT_DESK])
def test_nobody_of_a_hospital_gets_there(browser_of, role):
    browser = browser_of(role)

    assert "platform-dashboard" not in browser.get("/admin/dashboard/").text
    assert "platform-dashboard" not in browser.get("/admin/").text
    with pytest.raises(NotAllowed):
        platform_figures_for(Actor.system("nobody"))


def test_whoever_has_not_signed_in_is_sent_to_sign_in(db, client):
    answer = client.get("/admin/dashboard/", headers={"host": "localhost"})

    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


def test_the_figures_of_a_hospital_are_read_in_its_own_schema(hospital, other_hospital, booked):
    booked()

    assert figures_of(other_hospital).week == 0
