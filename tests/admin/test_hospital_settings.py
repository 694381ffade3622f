"""What a hospital decides for itself, and the platform for it: the second factor, the hour of reminders."""

from datetime import time

import pytest

from accounts.permissions import Role
from events.models import Event
from tenants.context import inside
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.admin.signing_in import SET_UP

PAGE = "/admin/settings/"


def row_of(hospital) -> Hospital:
    return Hospital.objects.get(pk=hospital.pk)


def test_an_administrator_sets_both(as_admin, in_hospital):
    assert PAGE in as_admin.get("/admin/").text

    answer = as_admin.submit(PAGE, second_factor_required="on", reminder_time="7.30")

    assert answer["Location"] == PAGE
    row = row_of(in_hospital)
    assert (row.second_factor_required, row.reminder_time) == (True, time(7, 30))
    changes = {event.type: event.changes for event in Event.objects.order_by("-id")[:2]}
    assert changes["hospital.changed"] == {"second_factor_required": [False, True]}
    # A test's transaction is never committed, and until then processes go on with what they know.
    forget_hospitals()
    assert as_admin.client.get(PAGE, headers={"accept": "text/html"})["Location"] == SET_UP


def test_what_is_the_same_as_before_is_not_recorded(as_admin, in_hospital):
    before = Event.objects.count()

    as_admin.submit(PAGE)

    assert Event.objects.count() == before


def test_a_wrong_hour_saves_neither(as_admin, in_hospital):
    page = as_admin.submit(PAGE, second_factor_required="on", reminder_time="25:00")

    assert page.status_code == 200
    assert not row_of(in_hospital).second_factor_required


def test_a_channel_that_there_is_not_saves_neither(as_admin, in_hospital):
    page = as_admin.submit(PAGE, second_factor_required="on", notice_channels="pigeon")

    assert "notice_channels" in page.context["form"].errors
    assert not row_of(in_hospital).second_factor_required


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.FRONT_DESK])
def test_nobody_else_sees_the_page(browser_of, role):
    browser = browser_of(role)

    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, {"reminder_time": "07:30"}).status_code == 403
    assert PAGE not in browser.get("/admin/").text


def test_an_operator_sets_it_for_a_hospital(operator, hospital, other_hospital):
    operator.submit(f"/admin/tenants/hospital/{hospital.pk}/change/", second_factor_required="on")

    assert row_of(hospital).second_factor_required
    assert not row_of(other_hospital).second_factor_required
    assert Event.objects.latest("id").changes == {"second_factor_required": [False, True]}
    with inside(hospital):
        assert not Event.objects.filter(type="hospital.changed").exists()
