from datetime import datetime, time

import pytest

from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.errors import AppointmentNotFound, NonexistentTime, PractitionerNotFound
from bookings.models import Appointment
from bookings.rules.statuses import Status
from tests.support.booking import alternatives_of, book, events_of, refused, set_status, types_of
from tests.support.catalogue import at, guest, make_practitioner, make_service
from tests.support.newyork import is_skipped, next_day_when
from tests.support.rows import minutes


def move(actor, row, start, **asked):
    return reschedule_appointment(actor, reference=row.reference, start=start, **asked)


def test_a_move_changes_the_row_in_place(desk, check_up):
    booked = book(desk, check_up, at(9), notes="Please be quick.")
    moved = move(desk, booked, at(14, days=2))

    assert (moved.pk, moved.reference) == (booked.pk, booked.reference)
    assert Appointment.objects.count() == 1
    moved.refresh_from_db()
    assert moved.start - booked.start == minutes(29 * 60)
    assert moved.end - moved.start == minutes(30)
    assert (moved.occupied.lower, moved.occupied.upper) == (moved.start, moved.end)
    assert (moved.guest_name, moved.notes, moved.patient) == (booked.guest_name, booked.notes, booked.patient)


def test_a_move_frees_the_old_slot_and_takes_the_new(desk, check_up):
    booked = book(desk, check_up, at(9))
    move(desk, booked, at(10))

    book(desk, check_up, at(9), guest=guest("Next"))
    with refused("slot_taken"):
        book(desk, check_up, at(10), guest=guest("Other"))


def test_a_move_may_overlap_with_where_it_comes_from(desk, dr_bob):
    long = make_service(dr_bob, slug="long", duration_minutes=60, slot_interval=30, buffer_after=15)
    booked = book(desk, long, at(9))

    assert move(desk, booked, at(9, 30)).start == booked.start + minutes(30)


@pytest.mark.parametrize(
    ("reason", "start"), [("slot_taken", (10, 0, 1)), ("outside_hours", (12, 0, 1)), ("past", (10, 0, -1))]
)
def test_a_refused_move_keeps_the_old_time_and_offers_others(desk, check_up, reason, start):
    booked = book(desk, check_up, at(9))
    book(desk, check_up, at(10), guest=guest("Other"))

    hour, minute, days = start
    with refused(reason) as caught:
        move(desk, booked, at(hour, minute, days=days))
    assert alternatives_of(caught)
    kept = Appointment.objects.get(pk=booked.pk)
    assert (kept.start, kept.status) == (booked.start, Status.SCHEDULED)
    assert types_of(booked) == ["booking.created"]
    with refused("slot_taken"):
        book(desk, check_up, at(9), guest=guest("Third"))


def test_a_moved_appointment_has_to_be_confirmed_anew(desk, check_up):
    booked = book(desk, check_up, at(9))
    change_status(desk, reference=booked.reference, status=Status.CONFIRMED)

    assert move(desk, booked, at(10)).status == Status.SCHEDULED
    assert Appointment.objects.get(pk=booked.pk).status == Status.SCHEDULED
    assert events_of(booked)[-1].changes["status"] == ["CONFIRMED", "SCHEDULED"]


def test_a_move_stays_with_its_practitioner(desk, check_up, dr_bob, dr_eve):
    booked = book(desk, check_up, at(9), practitioner_id=str(dr_bob.pk))
    book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk), guest=guest("Other"))

    with refused("slot_taken"):
        move(desk, booked, at(10))
    assert move(desk, booked, at(11)).practitioner.pk == str(dr_bob.pk)


def test_a_move_may_go_to_another_practitioner(desk, check_up, dr_bob, dr_eve):
    booked = book(desk, check_up, at(9), practitioner_id=str(dr_bob.pk))
    moved = move(desk, booked, at(9), practitioner_id=str(dr_eve.pk))

    assert Appointment.objects.get(pk=booked.pk).practitioner == dr_eve
    assert moved.practitioner.name_en == "Dr Eve"
    assert events_of(booked)[-1].changes == {"practitioner": [str(dr_bob.pk), str(dr_eve.pk)]}
    book(desk, check_up, at(9), practitioner_id=str(dr_bob.pk), guest=guest("Next"))


def test_a_move_goes_to_nobody_who_does_not_offer_the_service(desk, check_up):
    booked = book(desk, check_up, at(9))

    with pytest.raises(PractitionerNotFound):
        move(desk, booked, at(10), practitioner_id=str(make_practitioner("Dr Stranger").pk))


def test_a_move_records_from_what_to_what(desk, check_up, dr_bob):
    booked = book(desk, check_up, at(9))
    moved = move(desk, booked, at(10), reason="The bus was late.")

    created, rescheduled = events_of(booked)
    assert (created.type, rescheduled.type) == ("booking.created", "booking.rescheduled")
    before, after = rescheduled.changes["start"]
    assert (before, after) == (created.data["start"], rescheduled.data["start"])
    assert list(rescheduled.changes) == ["start"]
    assert rescheduled.data["has_reason"] is True
    assert moved.start == booked.start + minutes(60)


@pytest.mark.parametrize("status", [Status.SCHEDULED, Status.CONFIRMED])
def test_a_move_to_where_it_is_changes_and_records_nothing(desk, check_up, dr_bob, status):
    booked = book(desk, check_up, at(9))
    set_status(booked, status)

    still = move(desk, booked, at(9), practitioner_id=str(dr_bob.pk))
    assert (still.start, still.status) == (booked.start, status)
    assert Appointment.objects.get(pk=booked.pk).status == status
    assert types_of(booked) == ["booking.created"]


@pytest.mark.parametrize(
    "status", [s for s in Status if s not in (Status.SCHEDULED, Status.CONFIRMED, Status.HELD)]
)
def test_what_is_under_way_or_over_cannot_be_moved(desk, check_up, status):
    booked = book(desk, check_up, at(9))
    set_status(booked, status)

    # The status is told even where the new time could not be had either.
    for start in (at(10), at(12)):
        with refused("illegal_status") as caught:
            move(desk, booked, start)
        assert caught.value.data["from"] == status
    assert Appointment.objects.get(pk=booked.pk).start == booked.start


def test_a_move_to_a_time_that_does_not_exist_is_refused(desk, night_shift):
    day = next_day_when(is_skipped, time(2, 30))
    booked = book(desk, night_shift, datetime.combine(day, time(1, 30)))

    with pytest.raises(NonexistentTime):
        move(desk, booked, datetime.combine(day, time(2, 30)))
    assert Appointment.objects.get(pk=booked.pk).start == booked.start


def test_a_group_seat_moves_to_the_lowest_free_seat_of_the_other_session(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=2)
    first = book(desk, yoga, at(9), guest=guest("Ann"))
    moving = book(desk, yoga, at(9), guest=guest("Ben"))
    full = [book(desk, yoga, at(10), guest=guest(name)) for name in ("Cat", "Dan")]

    with refused("slot_taken"):
        move(desk, moving, at(10))
    cancel_appointment(desk, reference=full[0].reference)
    assert (moving.seat, move(desk, moving, at(10)).seat) == (2, 1)
    assert book(desk, yoga, at(9), guest=guest("Eva")).seat == 2
    assert first.seat == 1


def test_an_unknown_reference_cannot_be_moved(desk, check_up):
    with pytest.raises(AppointmentNotFound):
        reschedule_appointment(desk, reference="CCCC-CCCC", start=at(10))
