"""All pages of both admins: what a browser would refuse, years on Thai faces, dates that people type."""

import re
from datetime import timedelta

import pytest
from django import forms
from django.test import RequestFactory
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask, PeriodicTasks

from accounts.permissions import Role
from bookings.models import Holiday, Notice, Rating, ScheduleException, Specialty, WeeklyHours
from core.clock import BUDDHIST_OFFSET
from jobs.models import Job
from records.actions.records import create_record
from records.actions.treatments import create_treatment
from records.models.keyring import forget_keys
from tenants.admin_sites.dates import TypedDateField, TypedMomentField
from tenants.admin_sites.sites import hospital_site, platform_site
from tests.admin.crawl import crawl
from tests.admin.test_subscriptions import subscribe
from tests.api.hooks import attempt, delivery
from tests.config.test_csp import Inline, policy_of
from tests.conftest import make_api_key
from tests.subscriptions.conftest import make_plan
from tests.support.waiting_list import wait
from tests.support.webhooks import endpoint

# Where a year stands as machines write it: payloads, requests and errors of other programs, files' names.
TECHNICAL = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture
def full_hospital(in_hospital, booked, people, desk, check_up, dr_bob):
    """Ploy with a row of everything that shows a date, all of these days."""
    row, seen = booked(), booked(10)
    today, now = timezone.localdate(), timezone.now()
    Notice.objects.create(
        kind="reminder", subject=row.pk, for_time=row.start, good_until=row.start, appointment=row
    )
    wait(desk, check_up, "Anong", practitioner_id=str(dr_bob.pk))
    Specialty.objects.create(code="gp", name_th="ทั่วไป", name_en="General")
    Holiday.objects.create(date=today, name_th="วันหยุด", name_en="Day off")
    ScheduleException.objects.create(
        practitioner=dr_bob, kind="TIME_OFF", date_from=today, date_until=today + timedelta(days=1)
    )
    WeeklyHours.objects.filter(practitioner=dr_bob).update(valid_from=today, valid_until=today)
    type(seen).objects.filter(pk=seen.pk).update(status="COMPLETED")
    Rating.objects.create(appointment_id=seen.pk, rating=5, comment="Good")
    hook = endpoint(in_hospital, "https://his.example.org/")
    attempt(delivery(str(hook.pk), state="FAILED"), status=500, error="refused")
    type(people.nurse).objects.filter(pk=people.nurse.pk).update(last_login=now)
    forget_keys()
    nurse = people.actor(Role.NURSE)
    record = create_record(
        nurse, patient_id=row.patient_id, record_type="CONSULTATION", texts={"title": "Cough"}
    )
    assert record.pk
    create_treatment(
        people.actor(Role.DOCTOR),
        patient_id=row.patient_id,
        texts={"name": "Inhaler"},
        follow_up_date=today + timedelta(days=2),
    )
    subscribe(in_hospital, make_plan())
    yield in_hospital
    forget_keys()


@pytest.fixture
def full_platform(full_hospital):
    """The platform with a row of everything that shows a date."""
    now = timezone.now()
    make_api_key(full_hospital)
    Job.objects.create(kind="event", schema_name="h_ploy", subject="1", due_at=now)
    every = IntervalSchedule.objects.create(every=5, period="seconds")
    PeriodicTasks.objects.get_or_create(defaults={"last_update": now})
    PeriodicTask.objects.create(name="Events", task="jobs.run", interval=every, last_run_at=now)


def refused_by_browsers(browser, language: str) -> tuple[int, dict[str, list[str]]]:
    kinds, refused = 0, {}
    for kind, answer, _ in crawl(browser, language=language):
        kinds += 1
        if found := Inline(answer.text).found:
            refused[kind] = found
        assert policy_of(answer)["style-src"] == ["'self'"], kind
    return kinds, refused


def test_no_page_of_a_hospital_holds_what_its_own_policy_refuses(as_admin, full_hospital):
    kinds, refused = refused_by_browsers(as_admin, "en")

    assert refused == {}
    assert kinds > 40


def test_no_page_of_the_platform_holds_what_its_own_policy_refuses(operator, full_platform):
    kinds, refused = refused_by_browsers(operator, "en")

    assert refused == {}
    assert kinds > 20


def gregorian_years(browser) -> tuple[int, dict[str, list[str]]]:
    """How many kinds of Thai pages say this year the Buddhist way; by kind, what is said the Western way."""
    year, right, wrong = str(timezone.now().year), 0, {}
    buddhist = str(int(year) + BUDDHIST_OFFSET)
    for kind, _, page in crawl(browser, language="th"):
        right += any(buddhist in text for text in page.texts)
        if found := [text for text in page.texts if year in TECHNICAL.sub("", text)]:
            wrong[kind] = found
    return right, wrong


def test_thai_pages_of_a_hospital_say_buddhist_years_alone(as_admin, full_hospital):
    right, wrong = gregorian_years(as_admin)

    assert wrong == {}
    assert right > 10


def test_thai_pages_of_the_platform_say_buddhist_years_alone(operator, full_platform):
    right, wrong = gregorian_years(operator)

    assert wrong == {}
    assert right > 5


def fields_of(site, user):
    """Every field that a form of a site offers for typing, with the name of its place."""
    request = RequestFactory().get("/admin/")
    request.user = user
    for model, page in site._registry.items():
        if page.has_add_permission(request) or page.has_change_permission(request):
            forms_of_page = [page.get_form(request, change=True)]
            forms_of_page += [
                inline.get_formset(request).form for inline in page.get_inline_instances(request)
            ]
            for form in forms_of_page:
                yield from ((f"{model._meta.label}.{name}", one) for name, one in form.base_fields.items())


@pytest.mark.parametrize("place", ["hospital", "platform"])
def test_dates_of_either_calendar_can_be_typed_into_every_field(place, people, in_hospital):
    site = hospital_site if place == "hospital" else platform_site
    deaf = [
        name
        for name, field in fields_of(site, people.admin)
        if isinstance(field, forms.DateField | forms.DateTimeField | forms.SplitDateTimeField)
        and not isinstance(field, TypedDateField | TypedMomentField)
    ]
    assert deaf == []


def test_a_moment_is_typed_with_a_buddhist_year():
    field = TypedMomentField()
    with timezone.override("Asia/Bangkok"):
        moment = field.clean(["21/11/2569", "09:30"])
    assert moment.isoformat() == "2026-11-21T09:30:00+07:00"
    with pytest.raises(forms.ValidationError):
        field.clean(["31/02/2569", "09:30"])
