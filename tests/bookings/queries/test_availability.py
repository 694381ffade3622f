from datetime import date, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.db import connection

from bookings.actions.appointments import cancel_appointment
from bookings.errors import PractitionerNotFound, ServiceNotFound
from bookings.queries.availability import availability_for, month_for
from core import clock
from core.errors import InvalidInput
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service

MORNING = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]
AFTERNOON = ["13:00", "13:30", "14:00", "14:30", "15:00", "15:30", "16:00", "16:30"]


def found(actor, service, first=1, last=None, **asked):
    return availability_for(
        actor,
        service_id=service.pk,
        date_from=coming_day(first),
        date_until=coming_day(first if last is None else last),
        **asked,
    )


def times(availability):
    return [clock.local_time_of_day(slot.start, slot.zone) for slot in availability.slots]


def test_a_day_is_open_in_its_working_hours(desk, check_up, dr_bob):
    day = found(desk, check_up)

    assert times(day) == MORNING + AFTERNOON
    assert (day.zone, day.date_from, day.date_until) == ("Asia/Bangkok", coming_day(), coming_day())
    assert {(slot.practitioner_id, slot.practitioner_name) for slot in day.slots} == {
        (str(dr_bob.pk), dr_bob.name)
    }
    assert {slot.end - slot.start for slot in day.slots} == {1800}
    assert {slot.seats_left for slot in day.slots} == {1}


def test_what_is_booked_is_not_free_until_it_is_cancelled(desk, check_up):
    booked = book(desk, check_up, at(10))
    assert "10:00" not in times(found(desk, check_up))

    cancel_appointment(desk, reference=booked.reference)
    assert "10:00" in times(found(desk, check_up))


def test_slots_of_several_practitioners_come_in_the_order_of_their_starts(desk, check_up, dr_bob, dr_eve):
    slots = found(desk, check_up).slots

    assert len(slots) == 28
    assert all(one.start <= next_one.start for one, next_one in pairwise(slots))
    assert {slot.practitioner_id for slot in slots} == {str(dr_bob.pk), str(dr_eve.pk)}


def test_a_named_practitioner_shows_their_own_slots_alone(desk, check_up, dr_bob, dr_eve):
    slots = found(desk, check_up, practitioner_id=str(dr_eve.pk)).slots

    assert {slot.practitioner_id for slot in slots} == {str(dr_eve.pk)}


def test_a_range_is_its_days_one_after_the_other(desk, check_up):
    days = [found(desk, check_up, n).slots for n in (1, 2, 3)]

    assert found(desk, check_up, 1, 3).slots == days[0] + days[1] + days[2]


def test_a_range_of_thirty_one_days_is_the_longest(desk, check_up):
    assert len(found(desk, check_up, 1, 31).slots) == 31 * 14
    with pytest.raises(InvalidInput) as caught:
        found(desk, check_up, 1, 32)
    assert list(caught.value.data["fields"]) == ["date_to"]


def test_a_range_that_ends_before_it_begins_is_refused_by_its_field(desk, check_up):
    with pytest.raises(InvalidInput) as caught:
        found(desk, check_up, 2, 1)
    assert list(caught.value.data["fields"]) == ["date_to"]


@pytest.mark.parametrize("day", [date.min, date(2000, 1, 1), date(2399, 12, 31), date.max])
def test_days_that_nobody_can_book_are_empty(desk, check_up, day):
    free = availability_for(desk, service_id=check_up.pk, date_from=day, date_until=day)

    assert free.slots == []


@pytest.mark.parametrize("month", [date.min, date(2000, 2, 29), date(2399, 12, 1), date.max])
def test_months_that_nobody_can_book_have_nothing_free_on_any_day(desk, check_up, month):
    view = month_for(desk, service_id=check_up.pk, month=month)

    assert set(view.free_by_day.values()) == {0}
    assert next(iter(view.free_by_day)) == month.replace(day=1)
    assert len(view.free_by_day) == (29 if month.month == 2 else 31)


def test_a_month_counts_what_its_days_list(desk, check_up, dr_eve):
    book(desk, check_up, at(10))
    month = coming_day()
    view = month_for(desk, service_id=check_up.pk, month=month)

    assert list(view.free_by_day) == [
        month.replace(day=1) + timedelta(days=n) for n in range(len(view.free_by_day))
    ]
    assert {day.month for day in view.free_by_day} == {month.month}
    for day, free in view.free_by_day.items():
        listed = availability_for(desk, service_id=check_up.pk, date_from=day, date_until=day)
        assert free == len(listed.slots), day


def test_a_month_may_be_of_one_practitioner(desk, check_up, dr_bob, dr_eve):
    month, whose = coming_day(), {"practitioner_id": str(dr_eve.pk)}
    both = month_for(desk, service_id=check_up.pk, month=month)
    one = month_for(desk, service_id=check_up.pk, month=month, **whose)

    assert [free * 2 for free in one.free_by_day.values()] == list(both.free_by_day.values())


@pytest.mark.parametrize("query", [month_for, availability_for])
def test_what_does_not_exist_is_not_found(desk, check_up, query):
    when = (
        {"month": coming_day()}
        if query is month_for
        else {"date_from": coming_day(), "date_until": coming_day()}
    )

    with pytest.raises(ServiceNotFound):
        query(desk, service_id=987_654, **when)
    for nobody in (str(uuid4()), "", "x", str(make_practitioner("Dr Stranger").pk)):
        with pytest.raises(PractitionerNotFound):
            query(desk, service_id=check_up.pk, practitioner_id=nobody, **when)


def test_dates_are_the_hospitals_wherever_the_practitioner_works(desk):
    abroad = make_practitioner("Dr Abroad", timezone="America/New_York")
    remote = make_service(abroad, slug="remote")

    slots = found(desk, remote).slots
    assert {clock.from_epoch(slot.start).astimezone(clock.zone("Asia/Bangkok")).date() for slot in slots} == {
        coming_day()
    }
    assert len(slots) == 14


def test_asking_writes_nothing(desk, check_up):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    found(desk, check_up)
    month_for(desk, service_id=check_up.pk, month=coming_day())


def test_seats_of_a_group_are_counted_down(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=3)
    for name, left in (("Ann", 2), ("Ben", 1)):
        book(desk, yoga, at(10), guest=guest(name))
        at_ten = [
            slot.seats_left
            for slot in found(desk, yoga).slots
            if clock.local_time_of_day(slot.start, slot.zone) == "10:00"
        ]
        assert at_ten == [left]
