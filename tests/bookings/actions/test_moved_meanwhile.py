"""Whoever moves an appointment says where they saw it: what has moved meanwhile is not moved again."""

import pytest

from bookings.actions.appointments import cancel_appointment, reschedule_appointment
from bookings.models import Appointment
from tests.support.booking import book, refused
from tests.support.catalogue import at


@pytest.fixture
def row(desk, check_up, dr_bob, dr_eve):
    return book(desk, check_up, at(9), practitioner_id=str(dr_bob.pk))


def test_an_appointment_that_is_where_it_was_seen_is_moved(desk, row, dr_bob, dr_eve):
    seen = {"seen_start": row.start, "seen_practitioner_id": str(dr_bob.pk)}
    reschedule_appointment(
        desk, reference=row.reference, start=at(10), practitioner_id=str(dr_eve.pk), **seen
    )
    assert Appointment.objects.get().practitioner == dr_eve


def test_a_time_without_an_offset_is_one_on_the_hospitals_clocks(desk, row):
    reschedule_appointment(desk, reference=row.reference, start=at(10), seen_start=at(9))
    with refused("moved_meanwhile"):
        reschedule_appointment(desk, reference=row.reference, start=at(11), seen_start=at(9))


def test_one_that_is_at_another_time_or_with_somebody_else_stays_there(desk, row, dr_eve):
    reschedule_appointment(desk, reference=row.reference, start=at(10), practitioner_id=str(dr_eve.pk))
    there = Appointment.objects.get()
    for seen in ({"seen_start": row.start}, {"seen_practitioner_id": str(row.practitioner_id)}):
        with refused("moved_meanwhile"):
            reschedule_appointment(desk, reference=row.reference, start=at(11), **seen)
    after = Appointment.objects.get()
    assert (after.start, after.practitioner_id) == (there.start, dr_eve.pk)


def test_one_that_is_where_it_is_wanted_already_is_as_it_should_be(desk, row):
    asked = {"reference": row.reference, "start": at(10), "seen_start": row.start}
    first = reschedule_appointment(desk, **asked)
    assert reschedule_appointment(desk, **asked).updated_at == first.updated_at


def test_one_that_was_cancelled_meanwhile_is_told_as_such(desk, row):
    cancel_appointment(desk, reference=row.reference)
    with refused("illegal_status"):
        reschedule_appointment(desk, reference=row.reference, start=at(10), seen_start=at(8))
