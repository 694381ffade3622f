"""Real threads with connections of their own against one PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.holds import expire_holds, hold_slot, release_hold
from bookings.actions.patients import register_patient
from bookings.models import Appointment, Patient
from bookings.rules.statuses import OCCUPYING, Status
from core import clock
from core.actor import Actor
from events.models import Event
from tests.support.booking import book, let_run_out, types_of
from tests.support.catalogue import at, guest, make_practitioner, make_service
from tests.support.threads import reasons, together, wait_until_somebody_waits_for_us, winners

pytestmark = pytest.mark.usefixtures("patient_locks")

DESK = Actor.system(
    "races",
    *(f"appointments.{verb}" for verb in ("read", "book", "hold", "move", "cancel", "confirm", "attend")),
)


@pytest.fixture
def doctors(fresh_hospital):
    """Two who work all day."""
    return [make_practitioner("Dr One"), make_practitioner("Dr Two")]


@pytest.fixture
def visit(doctors):
    """Half an hour with either."""
    return make_service(*doctors, slug="visit")


def people(count):
    """So many guests, each with a phone of their own."""
    return [guest(f"Guest {number}", f"08100000{number:02}") for number in range(count)]


def move(row, start, **asked):
    return reschedule_appointment(DESK, reference=row.reference, start=start, **asked)


def test_of_thirty_who_want_one_slot_one_gets_it(fresh_hospital, visit, doctors):
    whose = str(doctors[0].pk)
    jobs = [partial(book, DESK, visit, at(10), guest=one, practitioner_id=whose) for one in people(30)]
    outcomes = together(fresh_hospital, jobs)

    assert reasons(outcomes) == ["slot_taken"] * 29
    (winner,) = winners(outcomes)
    assert list(Appointment.objects.values_list("pk", flat=True)) == [winner.pk]
    for loser in outcomes:
        if loser is not winner:
            assert winner.start not in [clock.from_epoch(slot.start) for slot in loser.data["alternatives"]]
    # The losers' patients and events went with their transactions.
    assert Patient.objects.count() == 1
    assert Event.objects.filter(type="booking.created").count() == 1


def test_of_ten_who_want_anybody_two_get_one_each(fresh_hospital, visit, doctors):
    outcomes = together(fresh_hospital, [partial(book, DESK, visit, at(10), guest=one) for one in people(10)])

    assert reasons(outcomes) == ["slot_taken"] * 8
    assert {str(row.practitioner_id) for row in winners(outcomes)} == {str(doctor.pk) for doctor in doctors}


def test_of_a_hold_and_a_booking_one_gets_the_slot(fresh_hospital, visit, doctors):
    asked = {"start": at(10), "practitioner_id": str(doctors[0].pk)}
    outcomes = together(
        fresh_hospital,
        [
            lambda: hold_slot(DESK, service_id=visit.pk, **asked),
            lambda: book(DESK, visit, **asked),
        ],
    )

    assert reasons(outcomes) == ["slot_taken"]
    assert Appointment.objects.get() == winners(outcomes)[0]


def test_a_hold_that_ran_out_is_given_to_one(fresh_hospital, visit, doctors):
    whose = str(doctors[0].pk)
    stale = hold_slot(DESK, service_id=visit.pk, start=at(10), practitioner_id=whose)
    let_run_out(stale)

    jobs = [partial(book, DESK, visit, at(10), guest=one, practitioner_id=whose) for one in people(8)]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == ["slot_taken"] * 7
    assert types_of(stale) == ["booking.held", "booking.hold_expired"]
    assert Appointment.objects.count() == 1


def test_a_hold_becomes_one_booking(fresh_hospital, visit):
    held = hold_slot(DESK, service_id=visit.pk, start=at(10))

    jobs = [partial(book, DESK, visit, at(10), guest=one, hold_id=held.pk) for one in people(8)]
    outcomes = together(fresh_hospital, jobs)
    assert reasons(outcomes) == ["hold_expired"] * 7
    assert types_of(held) == ["booking.held", "booking.created"]


def test_a_hold_is_booked_or_let_go_and_not_both(fresh_hospital, visit):
    held = hold_slot(DESK, service_id=visit.pk, start=at(10))

    outcomes = together(
        fresh_hospital,
        [
            lambda: book(DESK, visit, at(10), hold_id=held.pk),
            lambda: release_hold(DESK, hold_id=held.pk),
        ],
    )
    assert reasons(outcomes) in (["hold_expired"], ["hold_not_found"])
    assert len(types_of(held)) == 2


def test_each_stale_hold_is_swept_once_however_many_sweep(fresh_hospital, visit):
    for hour in (9, 10, 11, 13, 14, 15):
        let_run_out(hold_slot(DESK, service_id=visit.pk, start=at(hour)))

    swept = together(fresh_hospital, [partial(expire_holds, DESK) for _ in range(6)])
    assert sum(swept) == 6
    assert Event.objects.filter(type="booking.hold_expired").count() == 6
    assert not Appointment.objects.exists()


def test_of_two_moves_into_one_slot_one_goes_through(fresh_hospital, visit, doctors):
    whose = str(doctors[0].pk)
    rows = [
        book(DESK, visit, at(hour), guest=one, practitioner_id=whose)
        for hour, one in zip((9, 10), people(2), strict=True)
    ]

    outcomes = together(fresh_hospital, [partial(move, row, at(14)) for row in rows])
    assert reasons(outcomes) == ["slot_taken"]
    (moved,) = winners(outcomes)
    (stayed,) = [row for row in rows if row.pk != moved.pk]
    assert Appointment.objects.get(pk=stayed.pk).start == stayed.start
    assert Appointment.objects.filter(start=moved.start).count() == 1


def test_two_who_swap_their_doctors_are_never_both_left_without(fresh_hospital, visit, doctors):
    one, two = (str(doctor.pk) for doctor in doctors)
    first, second = people(2)
    rows = [
        book(DESK, visit, at(10), guest=first, practitioner_id=one),
        book(DESK, visit, at(10), guest=second, practitioner_id=two),
    ]

    together(
        fresh_hospital,
        [
            partial(move, rows[0], at(10), practitioner_id=two),
            partial(move, rows[1], at(10), practitioner_id=one),
        ],
    )
    assert Appointment.objects.filter(status="SCHEDULED", start=rows[0].start).count() == 2
    assert Appointment.objects.values("practitioner").distinct().count() == 2


def test_a_move_and_a_cancelling_leave_one_of_their_outcomes(fresh_hospital, visit):
    row = book(DESK, visit, at(9))

    outcomes = together(
        fresh_hospital,
        [
            lambda: move(row, at(10)),
            lambda: cancel_appointment(DESK, reference=row.reference),
        ],
    )
    after = Appointment.objects.get(pk=row.pk)
    # The move came first and was cancelled at its new time, or it came too late.
    assert after.status == Status.CANCELLED
    assert (after.start != row.start) == (reasons(outcomes) == [])
    assert reasons(outcomes) in ([], ["illegal_status"])


def test_of_many_who_cancel_one_does(fresh_hospital, visit):
    row = book(DESK, visit, at(9))

    jobs = [partial(cancel_appointment, DESK, reference=row.reference) for _ in range(8)]
    assert reasons(together(fresh_hospital, jobs)) == ["illegal_status"] * 7
    assert types_of(row) == ["booking.created", "booking.cancelled"]


def test_a_patient_who_books_two_doctors_at_once_gets_one(fresh_hospital, visit, doctors):
    jobs = [partial(book, DESK, visit, at(10), practitioner_id=str(doctor.pk)) for doctor in doctors]
    outcomes = together(fresh_hospital, jobs)

    assert reasons(outcomes) == ["patient_busy"]
    assert Appointment.objects.get() == winners(outcomes)[0]


def test_of_twenty_who_want_a_group_of_three_exactly_three_get_in(fresh_hospital, doctors):
    yoga = make_service(doctors[0], slug="yoga", capacity=3)
    outcomes = together(fresh_hospital, [partial(book, DESK, yoga, at(10), guest=one) for one in people(20)])

    assert reasons(outcomes) == ["slot_taken"] * 17
    assert sorted(row.seat for row in winners(outcomes)) == [1, 2, 3]
    assert Appointment.objects.filter(status__in=OCCUPYING).count() == 3


def test_of_two_sessions_at_one_time_one_is_held(fresh_hospital, doctors):
    sessions = [make_service(doctors[0], slug=slug, capacity=10) for slug in ("yoga", "first-aid")]
    jobs = [
        partial(book, DESK, sessions[number % 2], at(10), guest=one) for number, one in enumerate(people(12))
    ]
    outcomes = together(fresh_hospital, jobs)

    assert {row.service_id for row in winners(outcomes)} in ({sessions[0].pk}, {sessions[1].pk})
    assert len(winners(outcomes)) == 6
    assert reasons(outcomes) == ["slot_taken"] * 6


def test_a_patient_who_comes_twice_at_once_is_registered_once(fresh_hospital, visit):
    jobs = [partial(book, DESK, visit, at(hour)) for hour in (9, 10, 11, 13, 14, 15)]
    outcomes = together(fresh_hospital, jobs)

    assert reasons(outcomes) == []
    assert Patient.objects.count() == 1
    assert {row.patient_id for row in winners(outcomes)} == {Patient.objects.get().pk}
    assert Event.objects.filter(type="patient.registered").count() == 1


def test_a_patient_whom_the_desk_registers_meanwhile_is_registered_once(fresh_hospital, visit):
    """The desk's registration is not yet committed when the booking wants to make the same patient."""
    job = partial(book, DESK, visit, at(10))
    with ThreadPoolExecutor(1) as meanwhile:
        with transaction.atomic():
            desk = Actor.system("desk", "patients.write")
            known = register_patient(desk, Patient(name="Malee Srisuk", phone_number="0898765432"))
            booking = meanwhile.submit(together, fresh_hospital, [job])
            wait_until_somebody_waits_for_us()
        (booked,) = booking.result()

    assert booked.patient_id == known.pk
    assert Event.objects.filter(type="patient.registered").count() == 1


def test_a_latecomer_and_a_newcomer_do_not_both_get_the_slot(fresh_hospital, visit, doctors):
    whose = str(doctors[0].pk)
    late, new = people(2)
    row = book(DESK, visit, at(10), guest=late, practitioner_id=whose)
    change_status(DESK, reference=row.reference, status=Status.NO_SHOW)

    outcomes = together(
        fresh_hospital,
        [
            partial(change_status, DESK, reference=row.reference, status=Status.CHECKED_IN),
            partial(book, DESK, visit, at(10), guest=new, practitioner_id=whose),
        ],
    )
    assert reasons(outcomes) == ["slot_taken"]
    assert Appointment.objects.filter(status__in=OCCUPYING).count() == 1
