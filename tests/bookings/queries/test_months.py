"""The calendar of a service, bounded by today and its horizon."""

from datetime import timedelta

import pytest

from bookings.models import HealthcareService, WeeklyHours
from bookings.queries.months import open_month_for
from core import clock
from core.actor import Actor, Door
from core.errors import NotAllowed
from tests.support.booking import refused
from tests.support.catalogue import coming_day, make_practitioner, make_service
from tests.support.statements import counted


def months_from(first, last):
    """The first days of the months from one day's to another's."""
    found = [first.replace(day=1)]
    while (coming := (found[-1] + timedelta(days=31)).replace(day=1)) <= last:
        found.append(coming)
    return found


@pytest.fixture
def far(in_hospital):
    """A service that is offered from 70 days on, and can be booked for 100 days."""
    late = make_practitioner("Dr Late", hours=False)
    service = make_service(late, slug="far", horizon_days=100)
    begin = coming_day(70)
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            practitioner=late, weekday=weekday, start_time="09:00", end_time="12:00", valid_from=begin
        )
        for weekday in range(7)
    )
    return service


def test_without_a_month_it_is_the_first_with_something_free(alice, far):
    month = open_month_for(alice, service_id=far.pk)
    assert month.first == coming_day(70).replace(day=1)
    assert not month.is_full
    assert not month.is_sold_out
    assert month.free_by_day[coming_day(70)] == 6


def test_leafing_goes_from_the_present_month_to_the_last_of_the_horizon(alice, far):
    seen, month = [], open_month_for(alice, service_id=far.pk, month=coming_day(0))
    assert month.before is None
    while True:
        seen.append(month.first)
        if month.after is None:
            break
        month = open_month_for(alice, service_id=far.pk, month=month.after)
    assert seen == months_from(coming_day(0), coming_day(100))

    back = []
    while month.before is not None:
        month = open_month_for(alice, service_id=far.pk, month=month.before)
        back.append(month.first)
    assert back == seen[-2::-1]


@pytest.mark.parametrize(("asked", "shown"), [(-400, 0), (4000, 60)])
def test_a_month_out_of_reach_is_the_nearest_that_can_be_booked(alice, check_up, asked, shown):
    month = open_month_for(alice, service_id=check_up.pk, month=coming_day(asked))
    assert month.first == coming_day(shown).replace(day=1)


def test_nothing_free_anywhere_is_told_and_the_present_month_shown(alice, in_hospital):
    nobody = make_service(slug="nobody")
    month = open_month_for(alice, service_id=nobody.pk)
    assert month.is_sold_out
    assert month.first == clock.today_in("Asia/Bangkok").replace(day=1)


def test_a_month_costs_two_statements(alice, check_up):
    open_month_for(alice, service_id=check_up.pk)
    with counted() as statements:
        open_month_for(alice, service_id=check_up.pk, month=coming_day(20))
    assert len(statements) == 2, statements


def test_a_service_that_is_off_and_a_doctor_who_left_are_refused(alice, check_up):
    stranger = make_practitioner("Dr Stranger")
    with refused("provider_not_found"):
        open_month_for(alice, service_id=check_up.pk, practitioner_id=str(stranger.pk))
    HealthcareService.objects.filter(pk=check_up.pk).update(is_active=False)
    with refused("event_type_not_found"):
        open_month_for(alice, service_id=check_up.pk)


def test_it_needs_the_grant(check_up):
    with pytest.raises(NotAllowed):
        open_month_for(Actor(door=Door.TELEGRAM, grants=frozenset()), service_id=check_up.pk)
