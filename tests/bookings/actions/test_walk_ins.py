"""Who comes without an appointment: the first free time from now on, a number, checked in at once."""

import pytest

from accounts.permissions import Role
from bookings.actions.appointments import cancel_appointment
from bookings.actions.walk_ins import walk_in
from bookings.models import Appointment, Practitioner
from core import clock
from core.errors import InvalidInput, NotAllowed
from tests.support.booking import alternatives_of, book, events_of, refused
from tests.support.catalogue import coming_day, give_hours, guest, make_practitioner, make_service
from tests.support.daytime import let_it_be_morning
from tests.support.rows import minutes

BEGIN, CLOSED = ("00:00", "00:00"), "Not at work"


@pytest.fixture
def owl(in_hospital):
    """A doctor who works around the clock, where it is morning now."""
    let_it_be_morning(in_hospital)
    owl = make_practitioner("Dr Owl", hours=False)
    give_hours(owl, BEGIN)
    return owl


@pytest.fixture
def visit(owl):
    return make_service(owl, slug="visit", minimum_notice=600, slot_interval=60)


@pytest.fixture
def come(desk, visit):
    """Let somebody come in, each with a phone of their own."""
    names = iter(range(100))

    def arrive(actor=desk, **asked):
        who = guest(f"Guest {(number := next(names))}", f"08100000{number:02}")
        return walk_in(actor, **{"service_id": visit.pk, "guest": who, **asked})

    return arrive


def this_minute():
    return clock.now().replace(second=0, microsecond=0)


def test_somebody_who_comes_in_is_checked_in_for_this_minute(come, owl, desk):
    before = this_minute()
    row = come(notes="Limps", reason="Knee")
    row.refresh_from_db()
    assert before <= row.start <= this_minute()
    assert (row.status, row.practitioner, row.source) == ("CHECKED_IN", owl, "admin")
    assert (row.notes, row.reason, row.overbooked) == ("Limps", "Knee", False)
    assert (row.queue_day, row.queue_number) == (coming_day(0), 1)
    assert row.patient is not None


def test_numbers_count_the_day_and_the_next_time_is_after_who_came_before(come):
    rows = [come() for _ in range(3)]
    assert [row.queue_number for row in rows] == [1, 2, 3]
    assert [row.start - rows[0].start for row in rows] == [minutes(0), minutes(30), minutes(60)]


def test_a_number_is_not_given_twice_though_its_bearer_has_left(come, desk):
    cancel_appointment(desk, reference=come().reference)
    assert come().queue_number == 2


def test_numbers_begin_anew_each_day(come):
    row = come()
    Appointment.objects.filter(pk=row.pk).update(queue_day=coming_day(-1))
    assert come().queue_number == 1


def test_whoever_is_free_soonest_sees_them_unless_somebody_is_named(come, owl, visit):
    lark = make_practitioner("Dr Lark", hours=False)
    give_hours(lark, BEGIN)
    visit.practitioners.add(lark)
    named = {"practitioner_id": str(owl.pk)}
    first = come(**named)
    assert Appointment.objects.get(pk=come().pk).practitioner == lark
    assert come(**named).start == first.start + minutes(30)


def test_where_nothing_is_free_today_they_are_refused_with_other_days(come, owl):
    come()
    Practitioner.objects.filter(pk=owl.pk).update(daily_limit=1)
    with refused("day_full") as caught:
        come()
    assert {start[:10] for start in alternatives_of(caught)} == {coming_day().isoformat()}
    assert Appointment.objects.count() == 1


def test_out_of_hours_is_said_as_such(come, desk, in_hospital):
    nobody = make_service(make_practitioner(CLOSED, hours=False), slug="nobody")
    with refused("outside_hours"):
        come(service_id=nobody.pk)


def test_where_nothing_is_free_whoever_may_overbooks_for_this_minute(come, owl, people):
    admin, why = people.actor(Role.ADMIN), {"overbook_reason": "Bleeding", "practitioner_id": str(owl.pk)}
    assert not come(admin, **why).overbooked
    Practitioner.objects.filter(pk=owl.pk).update(daily_limit=1)
    before = this_minute()
    row = come(admin, **why)
    assert (row.overbooked, row.overbook_reason, row.status) == (True, "Bleeding", "CHECKED_IN")
    assert before <= row.start <= this_minute()
    assert row.queue_number == 2


def test_a_patient_who_is_elsewhere_now_is_not_seen_twice(come, desk, visit, owl):
    lark = make_practitioner("Dr Lark", hours=False)
    give_hours(lark, BEGIN)
    visit.practitioners.add(lark)
    who = guest()
    come(guest=who, practitioner_id=str(owl.pk))
    with refused("patient_busy"):
        come(guest=who, practitioner_id=str(lark.pk))
    assert Appointment.objects.get().queue_number == 1


def test_only_the_desk_lets_people_in(come, people, alice):
    for actor in (alice, people.actor(Role.DOCTOR)):
        with pytest.raises(NotAllowed):
            come(actor)
    with pytest.raises(NotAllowed):
        come(overbook_reason="Bleeding")
    with pytest.raises(InvalidInput):
        come(people.actor(Role.ADMIN), overbook_reason="Bleeding")


def test_the_history_tells_the_number(come):
    (event,) = events_of(come())
    assert event.type == "booking.created"
    assert event.changes == {"status": [None, "CHECKED_IN"], "queue_number": [None, 1]}
    assert (event.data["queue_number"], event.data["status"]) == (1, "CHECKED_IN")


def test_what_was_booked_before_stays_free_of_walk_ins(come, desk, visit):
    begin = this_minute() + minutes(10)
    book(desk, visit, begin, guest=guest("Booked", "0899999999"), waive=True)
    assert come().start == begin + minutes(30)
