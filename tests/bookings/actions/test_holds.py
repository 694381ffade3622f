from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from bookings.actions.appointments import change_status, reschedule_appointment
from bookings.actions.holds import HOLD_FOR, expire_holds, hold_slot, release_hold
from bookings.models import Appointment
from bookings.queries.appointments import appointments_for
from bookings.queries.availability import availability_for
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor
from events.outbox import LANE as EVENTS
from jobs.models import Job
from jobs.worker import run_due
from tenants.context import outside
from tests.support.booking import book, events_of, let_run_out, refused, types_of
from tests.support.catalogue import at, coming_day, guest, make_service


@pytest.fixture
def held(desk, check_up):
    """Ten o'clock tomorrow, kept."""
    return hold_slot(desk, service_id=check_up.pk, start=at(10))


def free_times(actor, service):
    found = availability_for(actor, service_id=service.pk, date_from=coming_day(), date_until=coming_day())
    return [clock.local_time_of_day(slot.start, slot.zone) for slot in found.slots]


def test_a_hold_keeps_its_slot_from_everybody(desk, check_up, held):
    assert "10:00" not in free_times(desk, check_up)
    with refused("slot_taken"):
        book(desk, check_up, at(10))
    with refused("slot_taken"):
        hold_slot(desk, service_id=check_up.pk, start=at(10))


def test_a_hold_lasts_ten_minutes_by_the_databases_clock(held):
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        (present,) = cursor.fetchone()

    assert timedelta(minutes=10) == HOLD_FOR
    assert timedelta(0) <= present + HOLD_FOR - held.hold_expires_at < timedelta(minutes=1)


def test_a_hold_is_no_booking_and_records_only_its_id(desk, held):
    assert not appointments_for(desk).exists()
    (event,) = events_of(held)
    assert (event.type, event.data, event.changes) == ("booking.held", {}, {})


@pytest.mark.parametrize(
    ("reason", "start"),
    [
        ("past", (10, 0, -1)),
        ("outside_hours", (12, 0, 1)),
        ("off_grid", (10, 10, 1)),
        ("beyond_horizon", (10, 0, 99)),
    ],
)
def test_a_hold_is_refused_as_a_booking_would_be(desk, check_up, reason, start):
    hour, minute, days = start
    with refused(reason) as caught:
        hold_slot(desk, service_id=check_up.pk, start=at(hour, minute, days=days))
    assert caught.value.data["alternatives"]


def test_a_hold_becomes_the_booking_in_the_same_row(desk, check_up, held):
    row = book(desk, check_up, at(10), hold_id=held.pk, notes="At last.")

    assert (row.pk, row.reference) == (held.pk, held.reference)
    row.refresh_from_db()
    assert (row.status, row.hold_expires_at) == (Status.SCHEDULED, None)
    assert (row.guest_name, row.notes, row.patient.phone_number) == (
        "Malee Srisuk",
        "At last.",
        "+66898765432",
    )
    assert types_of(row) == ["booking.held", "booking.created"]
    assert events_of(row)[1].changes == {"status": ["HELD", "SCHEDULED"]}
    assert Appointment.objects.count() == 1


def test_a_hold_is_booked_even_where_the_notice_has_begun(desk, check_up, held):
    type(check_up).objects.filter(pk=check_up.pk).update(minimum_notice=5 * 24 * 60)

    assert book(desk, check_up, at(10), hold_id=held.pk).pk == held.pk


def test_a_hold_is_booked_whichever_of_the_practitioners_it_is_with(desk, check_up, dr_bob, dr_eve):
    held = hold_slot(desk, service_id=check_up.pk, start=at(10), practitioner_id=str(dr_eve.pk))

    assert book(desk, check_up, at(10), hold_id=held.pk).pk == held.pk
    assert Appointment.objects.get(pk=held.pk).practitioner == dr_eve


def test_a_hold_is_only_for_its_time(desk, check_up, held):
    with refused("hold_expired"):
        book(desk, check_up, at(11), hold_id=held.pk)


def test_a_hold_is_only_for_its_service(desk, dr_bob, held):
    with refused("hold_expired"):
        book(desk, make_service(dr_bob, slug="other"), at(10), hold_id=held.pk)


def test_a_hold_is_only_for_its_practitioner(desk, check_up, held, dr_eve):
    with refused("hold_expired"):
        book(desk, check_up, at(10), hold_id=held.pk, practitioner_id=str(dr_eve.pk))


def test_a_hold_that_ran_out_books_nothing(desk, check_up, held):
    let_run_out(held)

    with refused("hold_expired"):
        book(desk, check_up, at(10), hold_id=held.pk)


def test_a_hold_that_nobody_made_books_nothing(desk, check_up):
    with refused("hold_expired"):
        book(desk, check_up, at(10), hold_id=uuid4())


def test_a_hold_books_once(desk, check_up, held):
    book(desk, check_up, at(10), hold_id=held.pk)

    with refused("hold_expired"):
        book(desk, check_up, at(10), hold_id=held.pk, guest=guest("Second"))


def test_a_booking_is_no_hold(desk, check_up):
    booked = book(desk, check_up, at(10))

    with refused("hold_expired"):
        book(desk, check_up, at(10), hold_id=booked.pk, guest=guest("Second"))
    with refused("hold_not_found"):
        release_hold(desk, hold_id=booked.pk)


def test_a_hold_whose_time_has_come_is_past(desk, check_up, held):
    with refused("past"):
        book(desk, check_up, at(10, days=-1), hold_id=held.pk)


def test_a_hold_that_is_let_go_frees_its_slot_at_once(desk, check_up, held):
    release_hold(desk, hold_id=held.pk)

    assert types_of(held) == ["booking.held", "booking.released"]
    assert "10:00" in free_times(desk, check_up)
    book(desk, check_up, at(10))


def test_a_hold_is_let_go_once(desk, held):
    release_hold(desk, hold_id=held.pk)

    with refused("hold_not_found"):
        release_hold(desk, hold_id=held.pk)


def test_a_hold_that_ran_out_cannot_be_let_go(desk, held):
    let_run_out(held)

    with refused("hold_not_found"):
        release_hold(desk, hold_id=held.pk)


def test_a_hold_that_ran_out_gives_way_to_the_next_booking(desk, check_up, held):
    let_run_out(held)
    assert "10:00" in free_times(desk, check_up)

    row = book(desk, check_up, at(10))
    assert list(Appointment.objects.values_list("pk", flat=True)) == [row.pk]
    assert types_of(held) == ["booking.held", "booking.hold_expired"]


def test_a_hold_that_ran_out_gives_way_to_the_next_hold_and_to_a_move(desk, check_up, held):
    let_run_out(held)
    second = hold_slot(desk, service_id=check_up.pk, start=at(10))
    let_run_out(second)

    moving = book(desk, check_up, at(9))
    reschedule_appointment(desk, reference=moving.reference, start=at(10))
    assert types_of(held) == types_of(second) == ["booking.held", "booking.hold_expired"]


def test_a_hold_that_ran_out_keeps_no_latecomer_from_being_checked_in(desk, check_up):
    late = book(desk, check_up, at(10))
    change_status(desk, reference=late.reference, status=Status.NO_SHOW)
    let_run_out(hold_slot(desk, service_id=check_up.pk, start=at(10)))

    assert change_status(desk, reference=late.reference, status=Status.CHECKED_IN).status == Status.CHECKED_IN


def test_only_stale_holds_are_removed_and_each_leaves_an_event(desk, check_up, held):
    stale = [hold_slot(desk, service_id=check_up.pk, start=at(hour)) for hour in (13, 14, 15)]
    for one in stale:
        let_run_out(one)
    booked = book(desk, check_up, at(9))

    beat = Actor.system("expire_holds", "appointments.hold")
    assert expire_holds(beat, limit=2) == 2
    assert expire_holds(beat) == 1
    assert expire_holds(beat) == 0
    assert set(Appointment.objects.values_list("pk", flat=True)) == {held.pk, booked.pk}
    for one in stale:
        assert types_of(one) == ["booking.held", "booking.hold_expired"]


# ── the end of a hold ──────────────────────────────────────────────────────────
def work_off():
    with outside():
        run_due(EVENTS)
        run_due("chores")


def let_the_clock_reach(hold):
    let_run_out(hold)
    Job.objects.filter(kind="hold.expire").update(due_at=clock.now())


def test_a_hold_that_ran_out_is_removed_by_its_own_job_and_told_of(desk, check_up, held):
    work_off()
    assert Job.objects.get(kind="hold.expire").due_at == held.hold_expires_at
    assert Appointment.objects.exists()

    let_the_clock_reach(held)
    work_off()

    assert not Appointment.objects.exists()
    assert types_of(held) == ["booking.held", "booking.hold_expired"]
    assert not Job.objects.filter(kind="hold.expire").exists()


def test_the_end_of_a_hold_costs_its_making_no_statement(desk, check_up, held):
    assert not Job.objects.filter(kind="hold.expire").exists()


def test_a_hold_that_became_a_booking_is_left_alone(desk, check_up, held):
    work_off()
    row = book(desk, check_up, at(10), hold_id=held.pk)
    Job.objects.filter(kind="hold.expire").update(due_at=clock.now())
    work_off()

    row.refresh_from_db()
    assert row.status == Status.SCHEDULED
    assert "booking.hold_expired" not in types_of(row)
    assert not Job.objects.filter(kind="hold.expire").exists()


def test_a_hold_whose_job_comes_too_soon_lives_on(desk, held):
    work_off()
    Job.objects.filter(kind="hold.expire").update(due_at=clock.now())
    work_off()

    assert Appointment.objects.filter(pk=held.pk).exists()
    assert Job.objects.get(kind="hold.expire").due_at == held.hold_expires_at


def test_a_hold_that_was_let_go_or_booked_over_is_told_of_once(desk, check_up, held):
    work_off()
    release_hold(desk, hold_id=held.pk)
    Job.objects.filter(kind="hold.expire").update(due_at=clock.now())
    work_off()

    assert types_of(held) == ["booking.held", "booking.released"]
