from functools import partial
from threading import Event as Flag

import pytest

from bookings.actions import timetable
from bookings.actions.timetable import (
    AppointmentsHit,
    save_change,
)
from bookings.actions.timetable_changes import (
    HoursChangedMeanwhile,
)
from bookings.models import (
    Appointment,
    ScheduleException,
)
from bookings.queries.affected import coming, outside, read_book
from core.actor import Actor
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service
from tests.support.hours import FIVE, NINE, NOON, ONE, away, spans_of, week_of
from tests.support.threads import together, wait_until_somebody_waits_for_us


@pytest.fixture
def admin(in_hospital, people):
    return people.actor("ADMIN")


ADMIN = Actor.system(
    "races", "schedules.write", *(f"appointments.{verb}" for verb in ("read", "book", "move", "cancel"))
)


def test_a_booking_that_waited_while_the_hours_were_changed_is_named(
    fresh_hospital, patient_locks, monkeypatch
):
    """It was judged by the old hours, so it is placed; it must not be lost from sight."""
    doctor = make_practitioner("Dr One")
    visit = make_service(doctor, slug="visit")
    begun = Flag()
    judge_anew = timetable.outside

    def once_somebody_waits(*args):
        begun.set()
        if not waited.is_set():
            wait_until_somebody_waits_for_us()
            waited.set()
        return judge_anew(*args)

    waited = Flag()
    monkeypatch.setattr(timetable, "outside", once_somebody_waits)

    def book_meanwhile():
        begun.wait(30)
        return book(ADMIN, visit, at(10))

    saved, row = together(
        fresh_hospital, [partial(save_change, ADMIN, away(doctor, coming_day())), book_meanwhile]
    )

    assert [hit.appointment.pk for hit in saved.came_between] == [row.pk]
    assert ScheduleException.objects.count() == 1


def test_of_many_who_book_while_hours_are_taken_away_none_is_lost_from_sight(fresh_hospital, patient_locks):
    doctor = make_practitioner("Dr One")
    visit = make_service(doctor, slug="visit")
    who = [guest(f"G {number}", f"08100000{number:02}") for number in range(6)]
    starts = [at(9 + number // 2, 30 * (number % 2)) for number in range(6)]
    jobs = [partial(book, ADMIN, visit, start, guest=one) for start, one in zip(starts, who, strict=True)]

    saved, *others = together(
        fresh_hospital, [partial(save_change, ADMIN, away(doctor, coming_day())), *jobs]
    )

    booked = {one.pk for one in others if isinstance(one, Appointment)}
    if isinstance(saved, AppointmentsHit):
        assert not ScheduleException.objects.exists()
        assert {hit.appointment.pk for hit in saved.hits} <= booked
    else:
        assert {hit.appointment.pk for hit in outside(read_book(), coming([doctor.pk]))} == booked
        assert {hit.appointment.pk for hit in saved.came_between} <= booked


def test_two_who_save_the_same_hours_at_once_do_not_mix_theirs(fresh_hospital, patient_locks):
    doctor = make_practitioner("Dr One")
    changes = [week_of(doctor, (NINE, NOON)), week_of(doctor, (ONE, FIVE))]

    outcomes = together(fresh_hospital, [partial(save_change, ADMIN, change) for change in changes])

    assert sorted(isinstance(outcome, HoursChangedMeanwhile) for outcome in outcomes) == [False, True]
    assert len(spans_of(doctor)) == 1
