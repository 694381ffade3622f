"""What the desk need not keep to: notice, horizon, the grid of starts, the past of this day."""

from datetime import datetime, time, timedelta

import pytest

from accounts.permissions import Role
from bookings.actions.appointments import reschedule_appointment
from bookings.models import Appointment
from bookings.queries.availability import availability_for
from bookings.rules.desk import FARTHEST_DAYS
from core import clock
from core.errors import NotAllowed
from tenants.context import current_hospital
from tests.support.booking import alternatives_of, book, refused
from tests.support.catalogue import at, coming_day, give_hours, guest, make_practitioner, make_service
from tests.support.daytime import let_it_be_morning
from tests.support.newyork import is_repeated, is_skipped, next_day_when


@pytest.fixture
def strict(dr_bob):
    """A service that patients must book two days ahead, and not more than three."""
    return make_service(dr_bob, slug="strict", minimum_notice=2880, horizon_days=3)


@pytest.fixture
def around_the_clock(in_hospital):
    """A service that somebody gives at any time of any day; where it is morning now."""
    let_it_be_morning(in_hospital)
    owl = make_practitioner("Dr Owl", hours=False)
    give_hours(owl, ("00:00", "00:00"))
    return make_service(owl, slug="night", minimum_notice=60)


def local_now():
    zone = clock.zone(current_hospital().timezone)
    return clock.now().astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def test_neither_notice_nor_horizon_nor_the_grid_binds_who_waives_them(desk, strict):
    for start in (at(9), at(10, 7), at(9, days=FARTHEST_DAYS - 1)):
        with refused("beyond_horizon" if start > at(0, days=4) else "too_soon"):
            book(desk, strict, start)
        assert book(desk, strict, start, waive=True).status == "SCHEDULED"


def test_what_began_a_while_ago_is_entered_by_the_desk_on_the_same_day(desk, around_the_clock):
    start = local_now() - timedelta(hours=2, minutes=1)
    with refused("past"):
        book(desk, around_the_clock, start)
    row = book(desk, around_the_clock, start, waive=True)
    assert row.start < clock.now()
    earlier = start - timedelta(hours=1)
    moved = reschedule_appointment(desk, reference=row.reference, start=earlier, waive=True)
    assert row.start - moved.start == timedelta(hours=1)


def test_yesterday_and_more_than_two_years_ahead_stay_out_of_reach(desk, around_the_clock):
    with refused("past"):
        book(desk, around_the_clock, at(23, 59, days=-1), waive=True)
    with refused("beyond_horizon"):
        book(desk, around_the_clock, at(0, days=FARTHEST_DAYS + 1), waive=True)


@pytest.mark.parametrize(("reason", "start"), [("outside_hours", (12, 1)), ("slot_taken", (10, 29))])
def test_hours_and_other_bookings_bind_the_desk_too(desk, check_up, reason, start):
    book(desk, check_up, at(10))
    with refused(reason) as caught:
        book(desk, check_up, at(*start), guest=guest("Other"), waive=True)
    assert alternatives_of(caught)


def test_what_is_offered_instead_is_what_the_desk_can_have(desk, strict):
    book(desk, strict, at(9), waive=True)
    with refused("slot_taken") as caught:
        book(desk, strict, at(9), guest=guest("Other"), waive=True)
    tomorrow = coming_day().isoformat()
    assert [start[:16] for start in alternatives_of(caught)] == [
        f"{tomorrow}T{clocks}" for clocks in ("09:30", "10:00", "10:30")
    ]


def test_the_desk_can_ask_what_is_free_for_it(desk, alice, strict):
    asked = {"service_id": strict.pk, "date_from": coming_day(), "date_until": coming_day()}
    assert not availability_for(desk, **asked).slots
    assert len(availability_for(desk, waive=True, **asked).slots) == 14
    with pytest.raises(NotAllowed):
        availability_for(alice, waive=True, **asked)


def test_nobody_but_the_desk_waives_anything(people, desk, alice, check_up, in_hospital):
    for role, may in ((Role.ADMIN, True), (Role.NURSE, True), (Role.DOCTOR, False), (Role.PATIENT, False)):
        assert people.actor(role).can("appointments.waive") is may
    with pytest.raises(NotAllowed) as caught:
        book(alice, check_up, at(9), waive=True)
    assert caught.value.data == {"needs": "appointments.waive"}
    row = book(desk, check_up, at(9))
    with pytest.raises(NotAllowed):
        reschedule_appointment(people.actor(Role.DOCTOR), reference=row.reference, start=at(10), waive=True)
    assert Appointment.objects.get().start == row.start


def test_of_an_hour_that_the_clocks_repeat_the_desk_gets_the_first_that_is_free(desk, night_shift):
    day = next_day_when(is_repeated, time(1, 10))
    repeated = datetime.combine(day, time(1, 10))
    first = book(desk, night_shift, repeated, waive=True)
    second = book(desk, night_shift, repeated, guest=guest("Other", "0811111111"), waive=True)
    assert second.start - first.start == timedelta(hours=1)


def test_a_time_that_the_clocks_skip_does_not_exist_at_the_desk_either(desk, night_shift):
    day = next_day_when(is_skipped, time(2, 10))
    with refused("invalid"):
        book(desk, night_shift, datetime.combine(day, time(2, 10)), waive=True)


def test_a_practitioner_of_another_zone_is_booked_by_their_own_hours(desk, check_up):
    far = make_practitioner("Dr Far", timezone="Europe/London")
    check_up.practitioners.add(far)
    # Nine in London is four or three in the afternoon in Bangkok, in summer and in winter.
    with refused("outside_hours"):
        book(desk, check_up, at(14, 59), practitioner_id=str(far.pk), waive=True)
    row = book(desk, check_up, at(16, 7), practitioner_id=str(far.pk), waive=True)
    assert Appointment.objects.get(practitioner=far) == row
