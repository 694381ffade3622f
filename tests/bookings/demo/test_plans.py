from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.password_validation import validate_password

from accounts.models import User
from accounts.permissions import Role
from bookings.demo.catalogue import PASSWORD
from bookings.demo.loader import OPERATOR
from bookings.demo.plan import coming_weekday, weekly
from bookings.demo.plans import all_hospitals
from bookings.rules.rulebook import WeeklyWindow

TODAY = date(2026, 11, 20)
DEMO, HUMNOI = all_hospitals(TODAY)
BOTH = pytest.mark.parametrize("plan", [DEMO, HUMNOI], ids=lambda plan: plan.subdomain)


def test_weekly_hours_are_read_from_ranges_and_lists_of_days():
    assert weekly("Mon-Tue", "09:00-12:30") == (WeeklyWindow(0, 540, 750), WeeklyWindow(1, 540, 750))
    assert [window.weekday for window in weekly("Tue Sat", "13:00-24:00")] == [1, 5]


@pytest.mark.parametrize("day", range(20, 27))
def test_the_coming_weekday_is_within_a_week_and_never_today(day):
    found = coming_weekday(date(2026, 11, day), 5)
    assert found.weekday() == 5
    assert 1 <= (found - date(2026, 11, day)).days <= 7


@BOTH
def test_every_service_is_offered_has_a_specialty_and_can_be_booked_two_months_ahead(plan):
    offered = {slug for each in plan.practitioners for slug in each.services}
    codes = {each.code for each in plan.specialties}
    assert offered == {service.slug for service in plan.services}
    assert {code for each in plan.practitioners for code in each.specialties} <= codes
    for service in plan.services:
        assert service.specialty in codes
        assert service.horizon_days >= 60


@BOTH
def test_everything_that_patients_read_is_there_in_both_languages(plan):
    for service in plan.services:
        assert all([service.name_th, service.name_en, service.description_th, service.description_en])
    for each in (*plan.practitioners, *plan.specialties):
        assert each.name_th
        assert each.name_en.isascii()


@BOTH
def test_each_role_has_one_account_and_the_doctor_is_a_practitioner(plan):
    assert sorted(account.role for account in plan.accounts) == sorted(Role)
    assert all(account.email.endswith(f"@{plan.subdomain}.example") for account in plan.accounts)
    assert plan.account(Role.DOCTOR).practitioner in {each.name_en for each in plan.practitioners}


def test_the_password_is_good_enough_for_each_account():
    for account in (*DEMO.accounts, *HUMNOI.accounts, OPERATOR):
        user = User(email=account.email, first_name=account.first_name, last_name=account.last_name)
        validate_password(PASSWORD, user)


def test_the_hospitals_share_no_phone_number_and_no_name():
    assert DEMO.first_phone + DEMO.patients < HUMNOI.first_phone
    assert not {each.name_en for each in DEMO.practitioners} & {each.name_en for each in HUMNOI.practitioners}


def test_demo_has_a_group_a_buffer_and_a_zone_that_changes_its_clocks():
    assert any(service.capacity > 1 for service in DEMO.services)
    assert any(service.buffer_before and service.buffer_after for service in DEMO.services)
    (zone,) = {each.zone for each in DEMO.practitioners if each.zone}
    winter, summer = (datetime(2026, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    assert winter.utcoffset() != summer.utcoffset()
