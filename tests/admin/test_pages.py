"""Every page of both sites, for every role: shown or refused."""

import re
from html import unescape

import pytest

from accounts.models import User
from accounts.permissions import STAFF_ROLES, Role
from apikeys.models import ApiKey
from bookings.models import (
    Appointment,
    Batch,
    HealthcareService,
    Holiday,
    Notice,
    Patient,
    Practitioner,
    Specialty,
    WaitingListEntry,
)
from events.models import Event
from tenants.context import current_hospital
from tenants.models import Domain
from tests.api.hooks import delivery
from tests.conftest import make_api_key, signed_in
from tests.support.waiting_list import wait
from tests.support.webhooks import endpoint
from webhooks.models import Delivery, Webhook

EVERYBODY = frozenset(STAFF_ROLES)
ADMIN = frozenset({Role.ADMIN})
NOT_DOCTORS = EVERYBODY - {Role.DOCTOR}

# What the page is about, its address after the model's, and who may see it.
PAGES = [
    (None, "", EVERYBODY),
    (None, "bookings/", EVERYBODY),
    (None, "password_change/", EVERYBODY),
    (None, "jsi18n/", EVERYBODY),
    (Appointment, "", EVERYBODY),
    (Appointment, "add/", NOT_DOCTORS),
    (Appointment, "{pk}/change/", EVERYBODY),
    (Appointment, "{pk}/history/", EVERYBODY),
    (Appointment, "{pk}/move/", EVERYBODY),
    (Appointment, "{pk}/cancel/", EVERYBODY),
    (Appointment, "{pk}/delete/", frozenset()),
    (Batch, "", EVERYBODY),
    (Batch, "add/", frozenset()),
    (Notice, "", NOT_DOCTORS),
    (Notice, "add/", frozenset()),
    (Notice, "{pk}/change/", NOT_DOCTORS),
    (Notice, "{pk}/delete/", frozenset()),
    (Notice, "settings/", ADMIN),
    (WaitingListEntry, "", EVERYBODY),
    (WaitingListEntry, "add/", NOT_DOCTORS),
    (WaitingListEntry, "{pk}/change/", EVERYBODY),
    (WaitingListEntry, "{pk}/history/", EVERYBODY),
    (WaitingListEntry, "{pk}/delete/", frozenset()),
    (Patient, "", EVERYBODY),
    (Patient, "add/", NOT_DOCTORS),
    (Patient, "{pk}/change/", EVERYBODY),
    (Patient, "{pk}/history/", EVERYBODY),
    (Patient, "{pk}/delete/", frozenset()),
    (Practitioner, "", EVERYBODY),
    (Practitioner, "add/", ADMIN),
    (Practitioner, "{pk}/change/", EVERYBODY),
    (Practitioner, "{pk}/delete/", frozenset()),
    (Practitioner, "time/", EVERYBODY),
    (Practitioner, "{pk}/time/", EVERYBODY),
    (HealthcareService, "", EVERYBODY),
    (HealthcareService, "add/", ADMIN),
    (HealthcareService, "{pk}/change/", EVERYBODY),
    (HealthcareService, "{pk}/delete/", frozenset()),
    (Specialty, "", EVERYBODY),
    (Specialty, "add/", ADMIN),
    (Specialty, "{pk}/change/", EVERYBODY),
    (Holiday, "", EVERYBODY),
    (Holiday, "add/", ADMIN),
    (Holiday, "suggest/", ADMIN),
    (Holiday, "year/", EVERYBODY),
    (Holiday, "{pk}/change/", EVERYBODY),
    (Holiday, "{pk}/delete/", ADMIN),
    (Webhook, "", ADMIN),
    (Webhook, "add/", ADMIN),
    (Webhook, "{pk}/change/", ADMIN),
    (Webhook, "{pk}/history/", ADMIN),
    (Webhook, "{pk}/rotate/", ADMIN),
    (Webhook, "{pk}/recover/", ADMIN),
    (Webhook, "{pk}/delete/", frozenset()),
    (Delivery, "", ADMIN),
    (Delivery, "add/", frozenset()),
    (Delivery, "{pk}/change/", ADMIN),
    (Delivery, "{pk}/delete/", frozenset()),
    (User, "", ADMIN),
    (User, "add/", ADMIN),
    (User, "{pk}/change/", ADMIN),
    (User, "{pk}/password/", ADMIN),
    (User, "{pk}/delete/", frozenset()),
    (Event, "", ADMIN),
    (Event, "add/", frozenset()),
    (Event, "{pk}/change/", ADMIN),
    (Event, "{pk}/delete/", frozenset()),
]

PLATFORM_PAGES = [
    "", "password_change/", "tenants/hospital/", "tenants/hospital/add/",
    "tenants/hospital/{hospital}/change/", "tenants/hospital/{hospital}/history/", "tenants/domain/",
    "tenants/domain/add/", "tenants/domain/{domain}/change/", "apikeys/apikey/", "apikeys/apikey/add/",
    "apikeys/apikey/{key}/change/",
    "accounts/user/", "accounts/user/add/", "accounts/user/{user}/change/", "accounts/user/{user}/password/",
    "events/event/", "events/event/{event}/change/",
    "webhooks/webhook/", "webhooks/webhook/add/", "webhooks/webhook/{webhook}/change/",
    "webhooks/webhook/{webhook}/history/", "webhooks/webhook/{webhook}/test/",
    "webhooks/webhook/{webhook}/recover/", "webhooks/webhook/{webhook}/rotate/",
    "webhooks/webhook/{webhook}/switch/", "webhooks/webhook/{webhook}/remove/",
    "webhooks/delivery/", "webhooks/delivery/{delivery}/change/", "webhooks/delivery/{delivery}/resend/",
    "jobs/job/", "django_celery_beat/periodictask/",
]  # fmt: skip


def address(model, rest: str, pk: object = "") -> str:
    if model is None:
        return f"/admin/{rest}"
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{rest.format(pk=pk)}"


@pytest.fixture
def one_of_each(booked, people, desk, check_up, dr_bob) -> dict[type, object]:
    """A record for the page of each model: an appointment of Dr Bob's and what stands around it."""
    row = booked()
    return {
        Appointment: row.pk,
        Notice: Notice.objects.create(
            kind="reminder", subject=row.pk, for_time=row.start, good_until=row.start, appointment=row
        ).pk,
        WaitingListEntry: wait(desk, check_up, "Anong", practitioner_id=str(dr_bob.pk)),
        Patient: row.patient_id,
        Practitioner: row.practitioner_id,
        HealthcareService: row.service_id,
        Specialty: Specialty.objects.create(code="gp", name_th="ทั่วไป", name_en="General").pk,
        Holiday: Holiday.objects.create(date="2026-12-31", name_th="สิ้นปี", name_en="New Year's Eve").pk,
        Webhook: (hook := endpoint(current_hospital(), "https://his.example.org/")).pk,
        Delivery: delivery(str(hook.pk)).pk,
        User: people.nurse.pk,
        Event: Event.objects.latest("id").pk,
    }


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_sees_the_pages_that_it_is_granted_and_no_others(role, browser_of, one_of_each):
    browser = browser_of(role)

    language = "th" if role == Role.ADMIN else "en"

    expected = {
        address(model, rest, one_of_each.get(model)): 200 if role in roles else 403
        for model, rest, roles in PAGES
    }
    seen = {path: browser.get(path, language=language).status_code for path in expected}
    assert seen == expected


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_the_sidebar_and_the_front_page_lead_only_to_pages_that_open(role, browser_of, one_of_each):
    browser = browser_of(role)

    links = {unescape(link) for link in re.findall(r'href="(/admin/[^"#]*)"', browser.get("/admin/").text)}

    assert "/admin/bookings/appointment/?when=today" in links
    assert {path: browser.get(path).status_code for path in links} == dict.fromkeys(links, 200)


def test_every_page_of_the_platform_opens_for_an_operator(operator, hospital):
    make_api_key(hospital)
    operator.submit(f"/admin/tenants/hospital/{hospital.pk}/change/", city="Chiang Mai")
    records = {
        "hospital": hospital.pk,
        "domain": Domain.objects.get(tenant=hospital).pk,
        "key": ApiKey.objects.get().pk,
        "user": User.objects.get().pk,
        "event": Event.objects.latest("id").pk,
        "webhook": (hook := endpoint(hospital, "https://his.example.org/")).pk,
        "delivery": delivery(str(hook.pk)).pk,
    }

    seen = {path: operator.get("/admin/" + path.format(**records)).status_code for path in PLATFORM_PAGES}

    assert seen == dict.fromkeys(PLATFORM_PAGES, 200)


@pytest.mark.parametrize(
    "path", ["tenants/hospital/1/delete/", "apikeys/apikey/1/delete/", "events/event/add/"]
)
def test_the_platform_deletes_no_hospital_and_no_key_and_invents_no_history(operator, hospital, path):
    make_api_key(hospital)
    path = re.sub(r"\d", str(hospital.pk), path) if "hospital" in path else path

    assert operator.get("/admin/" + path).status_code in (302, 403)


def test_whoever_has_not_signed_in_is_asked_to(stranger, in_hospital):
    answer = stranger.get("/admin/bookings/appointment/")

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/login/?next=/admin/bookings/appointment/"


def test_a_patient_cannot_enter_the_admin(stranger, people):
    answer = stranger.post(
        "/admin/login/",
        {"username": people.patient.email, "password": "correct-horse-battery", "next": "/admin/"},
    )

    assert answer.status_code == 200
    assert stranger.get("/admin/").status_code == 302


def test_a_user_of_the_public_schema_who_is_no_operator_enters_nothing(db):
    nurse = User.objects.create_user(
        "nurse@nadmor.example", "correct-horse-battery", first_name="N", role=Role.NURSE
    )
    browser = signed_in(nurse, "localhost")

    assert browser.get("/admin/").status_code == 302


def test_a_session_of_one_hospital_is_worth_nothing_at_another(as_admin, other_hospital):
    answer = as_admin.client.get("/admin/", headers={"host": "rama.localhost"})

    assert answer.status_code == 302


def test_pages_ask_no_other_host_for_anything(as_admin, one_of_each):
    for path in ("/admin/", "/admin/bookings/appointment/", "/admin/bookings/appointment/add/"):
        page = as_admin.get(path).text
        loaded = re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]*)"', page)
        assert loaded == []
