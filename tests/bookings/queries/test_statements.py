"""What asking costs: as many statements for a full book as for an empty one."""

from datetime import date, timedelta

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from bookings.actions.appointments import book_appointment, cancel_appointment, reschedule_appointment
from bookings.models import HealthcareService
from bookings.queries.appointments import appointments_for, find_appointments_for
from bookings.queries.availability import availability_for, month_for
from bookings.queries.catalogue import services_for
from bookings.serializers.appointments import BookingSerializer
from bookings.serializers.catalogue import EventTypeListSerializer
from core import clock
from tests.support.booking import book, refused
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted


def one_day(actor, service):
    return availability_for(actor, service_id=service.pk, date_from=coming_day(), date_until=coming_day())


def a_range(actor, service):
    return availability_for(actor, service_id=service.pk, date_from=coming_day(), date_until=coming_day(31))


def a_month(actor, service):
    return month_for(actor, service_id=service.pk, month=coming_day())


def take(service, doctor, count):
    """That many appointments from tomorrow on, past every rule."""
    begin = clock.now().replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=1)
    for number in range(count):
        day, slot = divmod(number, 6)
        start = begin + timedelta(days=day, minutes=30 * slot)
        insert_appointment(service, doctor, start=start)


@pytest.mark.parametrize("ask", [one_day, a_range, a_month])
@pytest.mark.parametrize("appointments", [0, 1, 3, 120])
@pytest.mark.parametrize("is_warm", [False, True])
def test_availability_takes_three_statements_at_most(
    desk, check_up, dr_bob, dr_eve, ask, appointments, is_warm
):
    take(check_up, dr_bob, appointments)
    if is_warm:
        ask(desk, check_up)
    else:
        HealthcareService.objects.update(name_en=Concat("name_en", Value("!")))

    with counted() as statements:
        ask(desk, check_up)
    assert len(statements) == (2 if is_warm else 3), statements


def test_more_practitioners_take_no_more_statements(desk, check_up):
    a_range(desk, check_up)
    for number in range(5):
        check_up.practitioners.add(make_practitioner(f"Dr {number}"))

    with counted() as statements:
        a_range(desk, check_up)
    assert len(statements) == 3, statements


def test_days_that_cannot_be_booked_take_no_look_at_appointments(desk, check_up):
    one_day(desk, check_up)
    with counted() as statements:
        availability_for(
            desk, service_id=check_up.pk, date_from=date(2020, 1, 1), date_until=date(2020, 1, 31)
        )
    assert len(statements) == 1, statements


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_services_takes_as_many_statements_whatever_its_length(desk, check_up, dr_bob, count):
    for number in range(count - 1):
        make_service(dr_bob, slug=f"service-{number}")
    services_for(desk)

    with counted() as statements:
        services = services_for(desk)
        assert len(EventTypeListSerializer(services).data["results"]) == count
    assert len(statements) <= 2, statements


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_bookings_takes_two_statements_whatever_its_length(desk, check_up, count):
    for number in range(count):
        book(desk, check_up, at(9 + number))

    with counted() as statements:
        page = find_appointments_for(desk, phone="+66898765432")
        assert len(BookingSerializer(page.rows, many=True).data) == page.count == count
    assert len(statements) == 2, statements


def test_a_booking_looks_at_the_calendar_once_however_full_it_is(desk, check_up, dr_bob):
    def cost(start):
        with counted() as statements:
            book(desk, check_up, start, guest=guest(f"Guest {start:%d%H%M}"))
        return len(statements)

    cost(at(16, days=30))
    first = cost(at(16, days=31))
    take(check_up, dr_bob, 120)
    assert cost(at(16, days=32)) == first <= 14


def test_moving_and_cancelling_cost_little(desk, check_up):
    row = book(desk, check_up, at(9))
    with counted() as moving:
        reschedule_appointment(desk, reference=row.reference, start=at(10))
    with counted() as cancelling:
        cancel_appointment(desk, reference=row.reference)

    assert len(moving) <= 12, moving
    assert len(cancelling) <= 7, cancelling
    assert not appointments_for(desk).exclude(status="CANCELLED").exists()


def test_a_refused_booking_costs_no_more_for_a_full_book(desk, check_up, dr_bob):
    take(check_up, dr_bob, 120)
    with counted() as statements, refused("slot_taken"):
        book_appointment(desk, service_id=check_up.pk, start=at(9), guest=guest())
    assert len(statements) <= 5, statements
