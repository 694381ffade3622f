"""The notice log of a hospital, and the settings of its reminders."""

from datetime import time

import pytest

from bookings.actions.reminders import plan_reminders
from bookings.models import Notice
from core import clock
from jobs.models import Job
from jobs.standing import ensure_standing
from jobs.worker import run_due
from tenants.context import inside
from tenants.models import Hospital
from tests.support.catalogue import guest
from tests.support.notices import instant, send_all
from tests.support.statements import counted

LIST, SETTINGS = "/admin/bookings/notice/", "/admin/bookings/notice/settings/"


@pytest.fixture
def logged(in_hospital, booked):
    """Two reminders: one that was sent, one for whom there is no address."""
    rows = booked(9, guest=guest(email="malee@example.com")), booked(10, guest=guest("Somsri", "0891111111"))
    with inside(in_hospital):
        plan_reminders(instant(18))
        send_all()
    return rows


def test_the_log_tells_what_was_sent_and_why_not(at_desk, logged):
    page = at_desk.get(LIST).text

    for row in logged:
        assert f'href="/admin/bookings/appointment/{row.pk}/change/"' in page
        assert row.reference in page
    for words in ("Reminder", "Sent", "E-mail", "Not sent", "No e-mail address", "Notice log"):
        assert words in page
    assert "malee@example.com" not in page


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({"status": "SENT"}, [True, False]),
        ({"status": "SKIPPED"}, [False, True]),
        ({"channel": "email"}, [True, False]),
        ({"kind": "reminder"}, [True, True]),
        ({"kind": "other"}, [False, False]),
        ({"created_at_from": "2020-01-01", "created_at_to": "2020-01-02"}, [False, False]),
        ({"q": "Somsri"}, [False, True]),
    ],
)
def test_the_log_is_filtered_by_status_channel_kind_day_and_name(at_desk, logged, chosen, shown):
    page = at_desk.get(LIST, **chosen).text

    assert [row.reference in page for row in logged] == shown


def test_the_log_costs_the_same_for_one_notice_and_for_many(at_desk, booked, in_hospital):
    def cost():
        with counted() as statements:
            assert at_desk.get(LIST).status_code == 200
        return len(statements)

    booked(9, guest=guest("One", "0891111111"))
    plan_reminders(instant(18))
    one = cost()
    for hour in (10, 11, 13):
        row = booked(hour, guest=guest(f"Guest {hour}", f"08922222{hour}"))
        Notice.objects.create(
            kind="reminder", subject=row.pk, for_time=row.start, good_until=row.start, appointment=row
        )

    assert cost() == one


def test_one_notice_has_a_page_that_changes_nothing(at_desk, logged):
    notice = Notice.objects.get(status="SKIPPED")
    page = at_desk.get(f"{LIST}{notice.pk}/change/")

    assert "No e-mail address" in page.text
    assert 'name="_save"' not in page.text


def test_a_notice_that_did_not_go_out_is_sent_again_and_one_that_did_is_not(at_desk, logged, mailoutbox):
    mailoutbox.clear()
    row = logged[1]
    type(row).objects.filter(pk=row.pk).update(guest_email="somsri@example.com")
    page = at_desk.act(LIST, "send_again", *Notice.objects.all())
    send_all()

    assert "1 notice is sent again." in page.text
    assert "was sent, is waiting" in page.text
    assert [mail.to for mail in mailoutbox] == [["somsri@example.com"]]
    assert not Notice.objects.exclude(status="SENT").exists()


def test_an_administrator_sets_the_hour_and_the_channels(as_admin, in_hospital):
    as_admin.submit(SETTINGS, reminder_time="7.30", reminder_least_hours="2", notice_channels=" E-Mail ")
    assert Hospital.objects.get(pk=in_hospital.pk).reminder_time == time(18)

    answer = as_admin.submit(
        SETTINGS, reminder_time="7.30", reminder_least_hours="2", notice_channels="Email"
    )

    assert answer.status_code == 302
    row = Hospital.objects.get(pk=in_hospital.pk)
    assert (row.reminder_time, row.reminder_least_hours, row.notice_channels) == (time(7, 30), 2, "email")


def test_a_channel_that_is_none_is_told_beside_its_field(as_admin, in_hospital):
    page = as_admin.submit(SETTINGS, notice_channels="email, smoke")

    assert "“smoke” is no channel. There are: telegram, email" in page.text
    assert Hospital.objects.get(pk=in_hospital.pk).notice_channels == ""


def test_an_operator_sets_the_hour_of_a_hospital(operator, hospital):
    ensure_standing()
    Job.objects.update(due_at=instant_of(hospital, 18, days=1))
    operator.submit(f"/admin/tenants/hospital/{hospital.pk}/change/", reminder_time="20:15:00")

    assert Hospital.objects.get(pk=hospital.pk).reminder_time == time(20, 15)
    plans = Job.objects.filter(kind="reminders.plan", schema_name=hospital.schema_name)
    assert (plans.get().due_at - clock.now()).total_seconds() < 10
    plans.update(due_at=clock.now())
    run_due("chores")
    due = plans.get().due_at
    assert due in (instant_of(hospital, 20, 15), instant_of(hospital, 20, 15, days=1))


def instant_of(hospital, *when, **days):
    with inside(hospital):
        return instant(*when, **days)
