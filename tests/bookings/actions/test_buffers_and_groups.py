import pytest

from bookings.actions.appointments import cancel_appointment
from bookings.actions.holds import hold_slot
from bookings.models import Appointment
from bookings.queries.availability import availability_for
from core import clock
from tests.support.booking import book, let_run_out, refused
from tests.support.catalogue import at, coming_day, guest, make_service
from tests.support.rows import insert_appointment, minutes, refused_by


@pytest.fixture
def yoga(dr_bob):
    """Three seats, an hour each."""
    return make_service(dr_bob, slug="yoga", capacity=3, duration_minutes=60, slot_interval=60)


def seats_at(actor, service, hour):
    """Seats left at an hour of tomorrow; None where the start is not offered."""
    found = availability_for(actor, service_id=service.pk, date_from=coming_day(), date_until=coming_day())
    left = {clock.local_time_of_day(slot.start, slot.zone): slot.seats_left for slot in found.slots}
    return left.get(f"{hour:02}:00")


def test_buffers_keep_neighbours_of_every_service_away(desk, check_up, dr_bob):
    careful = make_service(dr_bob, slug="careful", buffer_before=15, buffer_after=15)
    row = book(desk, careful, at(10))

    row.refresh_from_db()
    assert (row.occupied.lower, row.occupied.upper) == (row.start - minutes(15), row.end + minutes(15))
    for taken in (at(9, 30), at(10), at(10, 30)):
        with refused("slot_taken"):
            book(desk, check_up, taken, guest=guest("Other"))
    book(desk, check_up, at(9), guest=guest("Before"))
    book(desk, check_up, at(11), guest=guest("After"))


def test_a_visit_with_buffers_needs_them_free_before_and_after(desk, check_up, dr_bob):
    careful = make_service(dr_bob, slug="careful", buffer_before=15, buffer_after=15)
    book(desk, check_up, at(10), guest=guest("Other"))

    for touching in (at(9, 30), at(10, 30)):
        with refused("slot_taken"):
            book(desk, careful, touching)
    book(desk, careful, at(11))


def test_a_group_session_fills_its_seats_one_by_one_and_then_refuses(desk, yoga):
    seats = []
    for name in ("Ann", "Ben", "Cat"):
        assert seats_at(desk, yoga, 10) == 3 - len(seats)
        seats.append(book(desk, yoga, at(10), guest=guest(name)).seat)

    assert seats == [1, 2, 3]
    assert seats_at(desk, yoga, 10) is None
    with refused("slot_taken"):
        book(desk, yoga, at(10), guest=guest("Dan"))


def test_a_seat_that_is_given_back_is_taken_by_the_next(desk, yoga):
    rows = [book(desk, yoga, at(10), guest=guest(name)) for name in ("Ann", "Ben", "Cat")]
    cancel_appointment(desk, reference=rows[1].reference)

    assert book(desk, yoga, at(10), guest=guest("Dan")).seat == 2


def test_a_running_session_keeps_every_other_of_the_practitioner_away(desk, yoga, check_up):
    book(desk, yoga, at(10), guest=guest("Ann"))

    for inside in (at(10), at(10, 30)):
        with refused("slot_taken"):
            book(desk, check_up, inside, guest=guest("Other"))
    book(desk, check_up, at(11), guest=guest("Other"))


def test_no_other_session_fits_in_even_where_seat_one_is_free_again(desk, yoga, check_up, dr_bob):
    first = book(desk, yoga, at(10), guest=guest("Ann"))
    second = book(desk, yoga, at(10), guest=guest("Ben"))
    cancel_appointment(desk, reference=first.reference)

    assert second.seat == 2
    with refused_by("one_session_at_a_time"):
        insert_appointment(check_up, dr_bob, start=second.start, seat=1)
    with refused_by("one_session_at_a_time"):
        insert_appointment(check_up, dr_bob, start=second.start + minutes(30), seat=1)
    with refused("slot_taken"):
        book(desk, check_up, at(10, 30), guest=guest("Other"))


def test_a_hold_that_ran_out_takes_no_seat_of_a_group(desk, yoga):
    let_run_out(hold_slot(desk, service_id=yoga.pk, start=at(10)))
    assert seats_at(desk, yoga, 10) == 3

    seats = [book(desk, yoga, at(10), guest=guest(name)).seat for name in ("Ann", "Ben", "Cat")]
    assert sorted(seats) == [1, 2, 3]
    assert Appointment.objects.filter(status="HELD").count() == 0


def test_a_live_hold_takes_one_seat_of_a_group(desk, yoga):
    hold_slot(desk, service_id=yoga.pk, start=at(10))

    assert seats_at(desk, yoga, 10) == 2
    assert [book(desk, yoga, at(10), guest=guest(name)).seat for name in ("Ann", "Ben")] == [2, 3]
    with refused("slot_taken"):
        book(desk, yoga, at(10), guest=guest("Cat"))


def test_a_hold_that_ran_out_gives_way_and_the_live_one_beside_it_stays(desk, yoga):
    stale, live = (hold_slot(desk, service_id=yoga.pk, start=at(10)) for _ in range(2))
    let_run_out(stale)

    row = book(desk, yoga, at(10), guest=guest("Ann"))
    assert set(Appointment.objects.values_list("pk", flat=True)) == {live.pk, row.pk}
    assert book(desk, yoga, at(10), guest=guest("Ben"), hold_id=live.pk).pk == live.pk
