"""A practitioner's daily limit, kept at every way into the table."""

import pytest

from accounts.permissions import Role
from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.holds import hold_slot
from bookings.actions.undoing import undo_step
from bookings.actions.waiting_list import accept_offer
from bookings.models import Appointment, Practitioner
from bookings.queries.availability import availability_for, month_for
from bookings.queries.catalogue import catalogue
from bookings.queries.days import bookable_days_for
from bookings.queries.doctor_days import doctor_day_for, service_for_start
from bookings.rules.statuses import Status
from tests.support.booking import alternatives_of, book, let_run_out, refused, set_status
from tests.support.catalogue import at, coming_day, guest, make_service
from tests.support.notices import instant
from tests.support.statements import counted
from tests.support.waiting_list import let_jobs_run, offer_to, offered_start, wait


@pytest.fixture
def limited(dr_bob):
    """Dr Bob takes two a day."""
    Practitioner.objects.filter(pk=dr_bob.pk).update(daily_limit=2)
    return Practitioner.objects.get(pk=dr_bob.pk)


@pytest.fixture
def full(desk, check_up, limited):
    """Two appointments of tomorrow, at nine and ten."""
    return [book(desk, check_up, at(hour), guest=guest(f"At {hour}")) for hour in (9, 10)]


def free_on(actor, service, days=1):
    day = coming_day(days)
    return availability_for(actor, service_id=service.pk, date_from=day, date_until=day).slots


def test_no_door_sees_a_slot_on_a_full_day(alice, check_up, dr_bob, full):
    assert free_on(alice, check_up) == []
    assert len(free_on(alice, check_up, 2)) == 14
    assert month_for(alice, service_id=check_up.pk, month=coming_day()).free_by_day[coming_day()] == 0
    assert doctor_day_for(alice, practitioner_id=str(dr_bob.pk), day=coming_day()).slots == []
    assert coming_day() not in bookable_days_for(alice)
    assert coming_day(2) in bookable_days_for(alice)


def test_a_booking_on_a_full_day_is_refused_with_other_days(desk, alice, check_up, full):
    for actor, asked in ((alice, {}), (desk, {}), (desk, {"waive": True})):
        with refused("day_full") as caught:
            book(actor, check_up, at(14), guest=guest("Other"), **asked)
        assert all(start.startswith(coming_day(2).isoformat()) for start in alternatives_of(caught))


def test_a_limit_is_about_all_that_somebody_does(desk, check_up, full, dr_bob):
    other = make_service(dr_bob, slug="other")
    with refused("day_full"):
        book(desk, other, at(14), guest=guest("Other"))


def test_where_anybody_will_do_who_has_room_is_booked(desk, check_up, full, dr_eve):
    row = book(desk, check_up, at(14), guest=guest("Other"))
    assert Appointment.objects.get(practitioner=dr_eve) == row


def test_of_a_service_that_was_not_named_one_that_can_be_had_is_found(desk, check_up, full, dr_bob):
    make_service(dr_bob, slug="other")
    assert service_for_start(catalogue(), str(dr_bob.pk), coming_day(), 14 * 60) == check_up.pk


@pytest.mark.parametrize(
    ("status", "counts"), [("CANCELLED", False), ("NO_SHOW", False), ("COMPLETED", True)]
)
def test_who_came_counts_and_who_did_not_does_not(desk, check_up, full, status, counts):
    set_status(full[0], status)
    assert bool(free_on(desk, check_up)) is not counts


def test_a_hold_counts_while_it_lives_and_becomes_a_booking_all_the_same(desk, check_up, limited):
    book(desk, check_up, at(9))
    held = hold_slot(desk, service_id=check_up.pk, start=at(10))
    with refused("day_full"):
        hold_slot(desk, service_id=check_up.pk, start=at(11))
    who = guest("Other", "0811111111")
    assert book(desk, check_up, at(10), guest=who, hold_id=held.pk).status == "SCHEDULED"
    assert free_on(desk, check_up) == []


def test_a_hold_that_ran_out_counts_no_more(desk, check_up, limited):
    book(desk, check_up, at(9))
    let_run_out(hold_slot(desk, service_id=check_up.pk, start=at(10)))
    assert book(desk, check_up, at(14), guest=guest("Other")).status == "SCHEDULED"


def test_moving_within_the_day_stays_possible_and_onto_a_full_one_is_not(desk, check_up, full):
    assert reschedule_appointment(desk, reference=full[0].reference, start=at(14)).status == "SCHEDULED"
    row = book(desk, check_up, at(9, days=2), guest=guest("Other"))
    with refused("day_full"):
        reschedule_appointment(desk, reference=row.reference, start=at(15))


def overbooked_onto(people, check_up, person, start, **asked):
    """One more of a day that is full, beyond the limit."""
    leave = {"practitioner_id": str(person.pk), "overbook_reason": "Fever"}
    return book(people.actor(Role.ADMIN), check_up, start, guest=guest("One more"), **leave, **asked)


@pytest.mark.parametrize("waive", [False, True])
def test_moving_within_a_day_beyond_its_limit_adds_none_to_it(desk, people, check_up, full, limited, waive):
    overbooked_onto(people, check_up, limited, at(11))
    moved = reschedule_appointment(desk, reference=full[0].reference, start=at(14), waive=waive)
    assert (moved.start, moved.overbooked) == (instant(14, days=1), False)
    assert Appointment.objects.filter(practitioner=limited, start__date=coming_day()).count() == 3


def test_who_was_overbooked_for_the_limit_alone_has_a_seat_after_moving_within_the_day(
    people, check_up, full, limited
):
    one_more = overbooked_onto(people, check_up, limited, at(11))
    admin, back = people.actor(Role.ADMIN), {"practitioner_id": str(limited.pk), "overbook_reason": "Fever"}
    moved = reschedule_appointment(admin, reference=one_more.reference, start=at(15), **back)
    assert (moved.start, moved.overbooked) == (instant(15, days=1), False)


def test_a_day_beyond_its_limit_takes_nobody_from_another_day_or_colleague(
    desk, people, check_up, full, limited, dr_eve
):
    overbooked_onto(people, check_up, limited, at(11))
    asked = {"practitioner_id": str(dr_eve.pk), "guest": guest("Other")}
    for row in (book(desk, check_up, at(9), **asked), book(desk, check_up, at(9, days=2), **asked)):
        with refused("day_full"):
            reschedule_appointment(
                desk, reference=row.reference, start=at(14), practitioner_id=str(limited.pk)
            )


def test_moving_onto_a_hold_takes_its_place_in_the_count(desk, check_up, limited):
    book(desk, check_up, at(9))
    held = hold_slot(desk, service_id=check_up.pk, start=at(10))
    row = book(desk, check_up, at(9, days=2), guest=guest("Other"))
    moved = reschedule_appointment(desk, reference=row.reference, start=at(10), hold_id=held.pk)
    assert moved.start == held.start


def test_who_did_not_come_does_not_come_back_to_a_day_that_is_full(desk, check_up, full):
    change_status(desk, reference=full[0].reference, status=Status.NO_SHOW)
    book(desk, check_up, at(14), guest=guest("Other"))
    with refused("day_full"):
        change_status(desk, reference=full[0].reference, status=Status.CHECKED_IN)
    with refused("day_full"):
        undo_step(desk, reference=full[0].reference)


def test_a_freed_place_of_a_full_day_is_offered_to_who_waits_and_accepted(desk, check_up, full):
    waiting = wait(desk, check_up, "Anong")
    let_jobs_run()
    assert offer_to(waiting) is None
    cancel_appointment(desk, reference=full[0].reference)
    let_jobs_run()
    assert offered_start(waiting) == full[0].start
    row = accept_offer(desk, entry_id=waiting)
    assert (row.start, row.status) == (full[0].start, "SCHEDULED")
    assert free_on(desk, check_up) == []


def test_who_was_overbooked_counts_too(desk, people, check_up, limited):
    asked = {"practitioner_id": str(limited.pk), "overbook_reason": "Fever"}
    book(people.actor(Role.ADMIN), check_up, at(19), **asked)
    book(desk, check_up, at(9), guest=guest("Other"))
    assert free_on(desk, check_up) == []


def test_a_limit_of_one_practitioner_costs_others_nothing_and_them_one_statement(
    desk, check_up, dr_bob, dr_eve
):
    def cost(person, start):
        with counted() as statements:
            book(
                desk,
                check_up,
                start,
                guest=guest(f"{person.name_en} at {start:%H}"),
                practitioner_id=str(person.pk),
            )
        return len(statements)

    cost(dr_eve, at(9))
    cost(dr_eve, at(11))
    before = cost(dr_eve, at(10))
    Practitioner.objects.filter(pk=dr_bob.pk).update(daily_limit=20)
    cost(dr_bob, at(9))
    assert cost(dr_eve, at(14)) == before
    assert cost(dr_bob, at(10)) == before + 1


def test_what_the_catalogue_could_not_know_yet_is_kept_under_the_lock(desk, check_up, full, monkeypatch):
    """Whoever looked before the day was full comes too late, and is told."""
    monkeypatch.setattr("bookings.actions.wishes.judge", lambda *_, **__: None)
    with refused("day_full"):
        book(desk, check_up, at(14), guest=guest("Other"))
    assert Appointment.objects.count() == 2
