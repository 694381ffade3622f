"""What happens when others hold what a booking needs, or the database ends a wait."""

from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from bookings.actions import seats
from bookings.actions.seats import TRIES, in_one_transaction, lock
from bookings.models import Appointment, Patient
from bookings.references import new_reference
from core.actor import Actor
from events import idempotency
from events.idempotency import Answer, answer_once
from tests.support.booking import book
from tests.support.catalogue import at, make_practitioner, make_service
from tests.support.threads import reasons, together, winners

DESK = Actor.system("seats", "appointments.book")


def test_a_booking_gives_up_when_others_hold_the_practitioner_for_too_long(
    fresh_hospital, visit, doctor, monkeypatch
):
    monkeypatch.setattr(seats, "LOCK_TIMEOUT", 50)
    with transaction.atomic():
        lock(str(doctor.pk))
        outcomes = together(fresh_hospital, [partial(book, DESK, visit, at(10))])

    assert reasons(outcomes) == ["try_again"]
    assert not Appointment.objects.exists()
    book(DESK, visit, at(10))


def test_one_practitioners_crowd_keeps_nobody_from_another(fresh_hospital, visit, doctor, monkeypatch):
    monkeypatch.setattr(seats, "LOCK_TIMEOUT", 50)
    other = make_service(make_practitioner("Dr Two"), slug="other")
    with transaction.atomic():
        lock(str(doctor.pk))
        outcomes = together(fresh_hospital, [partial(book, DESK, other, at(10))])

    assert len(winners(outcomes)) == 1


def test_one_hospitals_crowd_keeps_nobody_of_another_waiting(fresh_hospital, both_hospitals, monkeypatch):
    monkeypatch.setattr(seats, "LOCK_TIMEOUT", 50)

    def take_the_same_key():
        with transaction.atomic():
            lock("somebody")
        return "had it"

    with transaction.atomic():
        lock("somebody")
        assert together(both_hospitals[0], [take_the_same_key]) == ["had it"]
        (here,) = together(fresh_hospital, [take_the_same_key])
    assert isinstance(here, OperationalError)


def test_a_repetition_gives_up_when_the_first_takes_too_long(fresh_hospital, monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT_FOR_FIRST", 50)

    def ask(respond):
        return answer_once(DESK, route="r", key="k", request={}, respond=respond)

    def respond():
        outcomes = together(fresh_hospital, [partial(ask, lambda: Answer(200, "second"))])
        assert reasons(outcomes) == ["busy"]
        return Answer(200, "first")

    assert ask(respond).body == "first"


def cross(pairs, *, surrounded=False):
    """Jobs that lock two patients in opposite orders, and meet when each has its first."""
    barrier = Barrier(len(pairs), timeout=30)

    def job(first, second):
        tries = []

        def work():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '20ms'")
            tries.append(Patient.objects.select_for_update().get(pk=first))
            if len(tries) == 1:
                barrier.wait()
            return Patient.objects.select_for_update().get(pk=second).name

        if not surrounded:
            return in_one_transaction(work)
        with transaction.atomic():
            return in_one_transaction(work)

    return [partial(job, *pair) for pair in pairs]


@pytest.fixture
def two_patients(fresh_hospital):
    return [Patient.objects.create(name=name, name_key=name).pk for name in ("ann", "ben")]


def test_whoever_loses_a_deadlock_tries_again(fresh_hospital, two_patients):
    ann, ben = two_patients

    assert together(fresh_hospital, cross([(ann, ben), (ben, ann)])) == ["ben", "ann"]


def test_whoever_loses_a_deadlock_within_a_larger_transaction_is_asked_to_try_again(
    fresh_hospital, two_patients
):
    ann, ben = two_patients
    outcomes = together(fresh_hospital, cross([(ann, ben), (ben, ann)], surrounded=True))

    assert reasons(outcomes) == ["try_again"]
    assert len(winners(outcomes)) == 1


def test_a_reference_is_drawn_anew_a_few_times_and_not_for_ever(desk, check_up, monkeypatch):
    taken = book(desk, check_up, at(9)).reference
    fresh, drawn = new_reference(), []

    def draw():
        drawn.append(taken if len(drawn) < TRIES - 1 else fresh)
        return drawn[-1]

    monkeypatch.setattr(seats, "new_reference", draw)
    assert book(desk, check_up, at(10)).reference == fresh
    assert len(drawn) == TRIES

    monkeypatch.setattr(seats, "new_reference", lambda: taken)
    with pytest.raises(IntegrityError):
        book(desk, check_up, at(11))
    assert Appointment.objects.count() == 2


def test_a_fault_that_is_nobodys_seat_is_not_hidden(in_hospital):
    def work():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    with pytest.raises(Exception, match="division by zero"):
        in_one_transaction(work)
