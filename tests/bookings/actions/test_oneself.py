"""What a patient does for themselves: safe to say twice, and one slot at a time."""

from uuid import uuid4

import pytest

from accounts.permissions import Role
from bookings.actions.appointments import cancel_appointment
from bookings.actions.holds import KeptFor, hold_slot
from bookings.actions.oneself import (
    book_own_hold,
    hold_for_oneself,
    move_onto_own_hold,
    release_own_hold,
    wait_for_oneself,
)
from bookings.actions.patients import Guest, name_key
from bookings.models import Appointment, Patient, Practitioner
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor, Door
from core.errors import NotAllowed
from tests.support.booking import book, let_run_out, refused, types_of
from tests.support.catalogue import at, coming_day, make_practitioner, make_service
from tests.support.threads import reasons, together, winners


@pytest.fixture
def alice(in_hospital, people) -> Actor:
    """Alice in a chat."""
    return people.actor(Role.PATIENT, Door.TELEGRAM)


@pytest.fixture
def zone(in_hospital):
    return clock.zone(in_hospital.timezone)


@pytest.fixture
def ten(zone):
    """Ten o'clock tomorrow, as an instant."""
    return at(10).replace(tzinfo=zone)


@pytest.fixture
def eleven(zone):
    return at(11).replace(tzinfo=zone)


def holds():
    return list(Appointment.objects.filter(status=Status.HELD).order_by("start"))


# ── keeping ───────────────────────────────────────────────────────────────────
def test_a_hold_is_the_patients_and_asked_again_it_is_the_same(alice, people, check_up, ten):
    hold = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    again = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    assert (hold.patient_id, hold.guest_name, hold.source) == (people.alice.pk, "Alice ploy", "telegram")
    assert again.pk == hold.pk
    assert holds() == [hold]


def test_another_slot_lets_the_first_one_go(alice, check_up, ten, eleven):
    first = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    second = hold_for_oneself(alice, service_id=check_up.pk, start=eleven)
    assert holds() == [second]
    assert types_of(first)[-1] == "booking.released"


def test_the_same_time_with_somebody_else_is_another_slot(alice, check_up, dr_bob, dr_eve, ten):
    first = hold_for_oneself(alice, service_id=check_up.pk, start=ten, practitioner_id=str(dr_bob.pk))
    second = hold_for_oneself(alice, service_id=check_up.pk, start=ten, practitioner_id=str(dr_eve.pk))
    assert second.pk != first.pk
    assert holds() == [second]


def test_what_the_waiting_list_keeps_for_them_is_not_let_go(alice, people, check_up, ten, eleven):
    system = Actor.system("waiting list", "appointments.hold")
    whose = KeptFor(Guest.known(people.alice), people.alice.pk)
    offered = hold_slot(system, service_id=check_up.pk, start=eleven, whose=whose)
    hold = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    assert holds() == [hold, offered]


def test_a_slot_at_the_time_of_another_visit_is_refused(alice, people, desk, check_up, dr_bob, ten):
    other = make_service(make_practitioner("Dr Far"), slug="far")
    book(desk, other, at(10), guest=Guest.known(people.alice))
    with refused("patient_busy"):
        hold_for_oneself(alice, service_id=check_up.pk, start=ten)


def test_releasing_lets_go_what_is_kept_at_that_time_and_nothing_else(alice, check_up, ten, eleven):
    hold = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    release_own_hold(alice, start=eleven)
    assert holds() == [hold]
    release_own_hold(alice, start=ten)
    release_own_hold(alice, start=ten)
    assert holds() == []


def test_without_an_instant_whatever_is_kept_is_let_go(alice, desk, check_up, ten, eleven):
    others = hold_slot(desk, service_id=check_up.pk, start=eleven)
    hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    release_own_hold(alice)
    assert holds() == [others]


def test_a_patient_who_is_gone_is_not_found(check_up, ten):
    gone = Actor(door=Door.TELEGRAM, grants=frozenset({"appointments.hold"}), patient_id=uuid4())
    with refused("patient_not_found"):
        hold_for_oneself(gone, service_id=check_up.pk, start=ten)


def test_keeping_needs_the_grant(people, check_up, ten):
    stranger = Actor(door=Door.TELEGRAM, grants=frozenset(), patient_id=people.alice.pk)
    with pytest.raises(NotAllowed):
        hold_for_oneself(stranger, service_id=check_up.pk, start=ten)
    with pytest.raises(NotAllowed):
        release_own_hold(stranger, start=ten)


# ── booking ───────────────────────────────────────────────────────────────────
def test_what_is_kept_becomes_the_booking_once(alice, people, check_up, ten):
    hold = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    first, second = book_own_hold(alice, hold_id=hold.pk), book_own_hold(alice, hold_id=hold.pk)
    assert (first.pk, second.pk) == (hold.pk, hold.pk)
    assert (second.status, second.patient_id, second.start) == ("SCHEDULED", people.alice.pk, ten)
    assert types_of(first).count("booking.created") == 1


def test_a_hold_that_ran_out_or_was_let_go_is_refused(alice, check_up, ten):
    hold = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    let_run_out(hold)
    with refused("hold_expired"):
        book_own_hold(alice, hold_id=hold.pk)
    kept = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    release_own_hold(alice, start=ten)
    with refused("hold_expired"):
        book_own_hold(alice, hold_id=kept.pk)


def test_another_patients_hold_and_booking_are_refused_alike(alice, desk, check_up, dr_bob):
    hold = hold_slot(desk, service_id=check_up.pk, start=at(10))
    booked = book(desk, check_up, at(11))
    for row in (hold, booked):
        with refused("hold_expired"):
            book_own_hold(alice, hold_id=row.pk)


def test_a_doctor_who_left_meanwhile_is_refused(alice, check_up, dr_bob, ten):
    hold = hold_for_oneself(alice, service_id=check_up.pk, start=ten)
    Practitioner.objects.filter(pk=dr_bob.pk).update(is_bookable=False)
    with refused("provider_not_found"):
        book_own_hold(alice, hold_id=hold.pk)


# ── moving ────────────────────────────────────────────────────────────────────
@pytest.fixture
def booked(desk, people, check_up):
    """Alice's visit tomorrow at ten."""
    return book(desk, check_up, at(10), guest=Guest.known(people.alice))


def test_a_visit_moves_onto_what_is_kept_and_said_again_it_is_there(alice, check_up, booked, eleven):
    hold_for_oneself(alice, service_id=check_up.pk, start=eleven)
    for _ in range(2):
        moved = move_onto_own_hold(alice, appointment_id=booked.pk, start=eleven)
        assert (moved.pk, moved.reference, moved.start) == (booked.pk, booked.reference, eleven)
    assert holds() == []
    assert types_of(booked).count("booking.rescheduled") == 1


def test_without_a_hold_nothing_moves(alice, check_up, booked, eleven):
    with refused("hold_expired"):
        move_onto_own_hold(alice, appointment_id=booked.pk, start=eleven)
    booked.refresh_from_db()
    assert booked.start == at(10).replace(tzinfo=eleven.tzinfo)


def test_a_hold_of_another_service_is_not_moved_onto(alice, dr_bob, booked, eleven):
    other = make_service(dr_bob, slug="other")
    hold_for_oneself(alice, service_id=other.pk, start=eleven)
    with refused("hold_expired"):
        move_onto_own_hold(alice, appointment_id=booked.pk, start=eleven)


def test_a_cancelled_visit_does_not_move(alice, desk, check_up, booked, eleven):
    hold_for_oneself(alice, service_id=check_up.pk, start=eleven)
    cancel_appointment(desk, reference=booked.reference)
    with refused("illegal_status"):
        move_onto_own_hold(alice, appointment_id=booked.pk, start=eleven)


def test_another_patients_visit_is_not_found(alice, desk, check_up, eleven):
    others = book(desk, check_up, at(10))
    hold_for_oneself(alice, service_id=check_up.pk, start=eleven)
    with refused("booking_not_found"):
        move_onto_own_hold(alice, appointment_id=others.pk, start=eleven)
    with refused("booking_not_found"):
        wait_for_oneself(alice, appointment_id=others.pk)


# ── waiting ───────────────────────────────────────────────────────────────────
def test_a_patient_waits_for_a_service_or_for_an_earlier_time(alice, people, check_up, booked):
    anything = wait_for_oneself(alice, service_id=check_up.pk)
    sooner = wait_for_oneself(alice, appointment_id=booked.pk)
    assert (anything.patient_id, anything.brings_forward, anything.source) == (
        people.alice.pk,
        None,
        "telegram",
    )
    assert (sooner.brings_forward_id, sooner.date_until) == (booked.pk, coming_day())
    with refused("already_waiting"):
        wait_for_oneself(alice, service_id=check_up.pk)
    with refused("already_waiting"):
        wait_for_oneself(alice, appointment_id=booked.pk)


# ── at the same moment ────────────────────────────────────────────────────────
@pytest.fixture
def somebody(fresh_hospital):
    """A patient in a chat, in a hospital of which other connections know."""
    patient = Patient.objects.create(name="Anong", name_key=name_key("Anong"), phone_number="+66823456789")
    grants = frozenset({"appointments.book", "appointments.hold", "appointments.read_own"})
    return Actor(door=Door.TELEGRAM, grants=grants | {"appointments.move_own"}, patient_id=patient.pk)


def test_confirmed_by_two_threads_at_once_there_is_one_booking(fresh_hospital, somebody):
    service = make_service(make_practitioner())
    hold = hold_for_oneself(somebody, service_id=service.pk, start=at(10))
    outcomes = together(fresh_hospital, [lambda: book_own_hold(somebody, hold_id=hold.pk)] * 4)
    assert reasons(outcomes) == []
    assert {row.pk for row in winners(outcomes)} == {hold.pk}
    assert types_of(hold).count("booking.created") == 1


def test_moved_by_two_threads_at_once_it_moves_once(fresh_hospital, somebody):
    service = make_service(make_practitioner())
    hold = hold_for_oneself(somebody, service_id=service.pk, start=at(10))
    row = book_own_hold(somebody, hold_id=hold.pk)
    start = hold_for_oneself(somebody, service_id=service.pk, start=at(15)).start

    def move():
        return move_onto_own_hold(somebody, appointment_id=row.pk, start=start)

    outcomes = together(fresh_hospital, [move] * 4)
    assert reasons(outcomes) == []
    assert {moved.start for moved in winners(outcomes)} == {start}
    assert types_of(row).count("booking.rescheduled") == 1
