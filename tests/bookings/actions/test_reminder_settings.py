from datetime import time

import pytest

from accounts.permissions import Role
from bookings.actions.reminder_settings import set_reminders
from core import clock
from core.errors import InvalidInput, NotAllowed
from events.outbox import history_of
from jobs.models import Job
from tenants.models import Hospital


@pytest.fixture
def adam(in_hospital, people):
    return people.actor(Role.ADMIN)


def settings_of(hospital):
    row = Hospital.objects.get(pk=hospital.pk)
    return row.reminder_time, row.reminder_least_hours, row.channel_names


def test_a_hospital_begins_with_six_in_the_evening_one_hour_and_the_platforms_channels(hospital):
    assert settings_of(hospital) == (time(18), 1, [])


def test_an_administrator_sets_them_and_the_plan_is_made_anew_within_seconds(
    adam, in_hospital, other_hospital
):
    Job.objects.all().delete()
    set_reminders(adam, reminder_time=time(7, 30), reminder_least_hours=3, channels=["email"])

    assert settings_of(in_hospital) == (time(7, 30), 3, ["email"])
    assert settings_of(other_hospital) == (time(18), 1, [])
    job = Job.objects.get(kind="reminders.plan")
    assert job.schema_name == in_hospital.schema_name
    assert (job.due_at - clock.now()).total_seconds() < 10
    (event,) = history_of("hospital", in_hospital.pk)
    assert event.type == "reminders.changed"
    assert event.changes["reminder_time"] == ["18:00:00", "07:30:00"]


def test_what_stays_as_it_is_writes_nothing(adam, in_hospital):
    set_reminders(adam, reminder_time=time(18), reminder_least_hours=1, channels=[])

    assert history_of("hospital", in_hospital.pk) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channels": ["email", "smoke"]}, "notice_channels"),
        ({"channels": ["log"]}, "notice_channels"),
        ({"reminder_least_hours": 25}, "reminder_least_hours"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(adam, in_hospital, wrong, field):
    with pytest.raises(InvalidInput) as caught:
        set_reminders(adam, **{"reminder_time": time(18), "reminder_least_hours": 1, "channels": [], **wrong})

    assert list(caught.value.data["fields"]) == [field]
    assert settings_of(in_hospital) == (time(18), 1, [])


def test_the_front_desk_does_not_set_them(desk):
    with pytest.raises(NotAllowed):
        set_reminders(desk, reminder_time=time(7), reminder_least_hours=1, channels=[])
