"""Days on which anything can be booked, judged by what availability lists."""

from dataclasses import replace

import pytest

from bookings.queries.availability import availability_for
from bookings.queries.days import bookable_days_for
from core import clock
from core.errors import NotAllowed
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service
from tests.support.people import People
from tests.support.statements import counted


def listed(actor, service):
    """The same by listing every slot."""
    found = availability_for(actor, service_id=service.pk, date_from=coming_day(0), date_until=coming_day(30))
    return sorted(
        {clock.from_epoch(slot.start).astimezone(clock.zone(slot.zone)).date() for slot in found.slots}
    )


def test_a_day_counts_when_any_event_type_has_a_free_slot_on_it(desk, check_up, dr_bob):
    weekly = make_practitioner("Dr Weekly", hours=False)
    make_service(weekly, slug="weekly")

    assert bookable_days_for(desk) == listed(desk, check_up)


def test_a_full_day_does_not_count_until_another_event_type_opens_on_it(desk, dr_bob, check_up):
    check_up.is_active = False
    check_up.save()
    once_a_day = make_service(dr_bob, slug="once", slot_interval=1440, duration_minutes=60)
    book(desk, once_a_day, at(9))
    book(desk, once_a_day, at(13), guest=guest("Somchai"))

    full = bookable_days_for(desk)
    assert coming_day() not in full
    assert coming_day(2) in full

    make_service(make_practitioner("Dr Other"), slug="other")
    assert coming_day() in bookable_days_for(desk)


def test_nothing_bookable_means_no_days(desk, check_up):
    check_up.is_active = False
    check_up.save()

    assert bookable_days_for(desk) == []


def test_three_statements_whatever_there_is(desk, check_up, dr_bob):
    for number in range(3):
        make_service(dr_bob, slug=f"more-{number}")
    bookable_days_for(desk)

    with counted() as statements:
        bookable_days_for(desk)
    assert len(statements) <= 2


def test_who_may_not_see_what_is_free_is_refused(in_hospital, people: People):
    stranger = replace(people.actor("PATIENT"), grants=frozenset())

    with pytest.raises(NotAllowed):
        bookable_days_for(stranger)
