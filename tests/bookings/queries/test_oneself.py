"""What is a patient's own: what is to come, what is kept for them, what they wait for."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from bookings.actions.holds import KeptFor, hold_slot
from bookings.actions.patients import Guest
from bookings.actions.waiting_list import join_waiting_list, leave_waiting_list
from bookings.queries.oneself import coming_appointments_for, is_live, live_entries_for, own_holds_for
from core import clock
from core.actor import Actor, Door
from tests.support.booking import book, let_run_out, set_status
from tests.support.catalogue import at, make_service
from tests.support.rows import insert_appointment
from tests.support.statements import counted


@pytest.fixture
def alices(people, desk, check_up):
    """A way to book for Alice on a coming day at ten."""
    return lambda days: book(desk, check_up, at(10, days=days), guest=Guest.known(people.alice))


def test_what_is_to_come_comes_in_order_a_page_at_a_time(alice, alices):
    rows = [alices(days) for days in (3, 1, 2)]
    first, has_more = coming_appointments_for(alice, size=2)
    assert ([row.pk for row in first], has_more) == ([rows[1].pk, rows[2].pk], True)
    assert coming_appointments_for(alice, page=1, size=2) == ([rows[0]], False)
    assert coming_appointments_for(alice, page=-1, size=3)[1] is False


@pytest.mark.parametrize("status", ["CANCELLED", "COMPLETED", "NO_SHOW"])
def test_what_is_over_is_not_to_come(alice, alices, status):
    set_status(alices(1), status)
    assert coming_appointments_for(alice) == ([], False)


def test_a_visit_that_goes_on_is_still_to_come_and_one_that_ended_is_not(alice, people, check_up, dr_bob):
    minute = clock.now().replace(second=0, microsecond=0)
    on, over = minute - timedelta(minutes=10), minute - timedelta(minutes=60)
    going = insert_appointment(check_up, dr_bob, start=on, patient_id=people.alice.pk)
    insert_appointment(check_up, dr_bob, start=over, patient_id=people.alice.pk)
    rows, _ = coming_appointments_for(alice)
    assert [row.pk for row in rows] == [going]


def test_another_patients_appointments_and_holds_are_not_ones_own(alice, desk, check_up):
    book(desk, check_up, at(10))
    hold_slot(desk, service_id=check_up.pk, start=at(11))
    assert coming_appointments_for(alice) == ([], False)
    assert not own_holds_for(alice).exists()
    nobody = Actor(door=Door.TELEGRAM, grants=frozenset({"appointments.hold"}))
    assert not own_holds_for(nobody).exists()


def test_only_live_holds_of_the_same_door_are_ones_own(people, check_up):
    here, elsewhere = (people.actor(Role.PATIENT, door) for door in (Door.TELEGRAM, Door.API))
    whose = KeptFor(Guest.known(people.alice), people.alice.pk)
    hold = hold_slot(here, service_id=check_up.pk, start=at(10), whose=whose)
    hold_slot(elsewhere, service_id=check_up.pk, start=at(11), whose=whose)
    assert list(own_holds_for(here)) == [hold]
    let_run_out(hold)
    assert not own_holds_for(here).exists()


def test_what_is_waited_for_is_there_until_one_leaves(alice, people, check_up):
    entry = join_waiting_list(alice, service_id=check_up.pk, guest=Guest.known(people.alice))
    assert live_entries_for(alice) == [entry]
    assert is_live(entry)
    leave_waiting_list(alice, entry_id=entry.pk)
    entry.refresh_from_db()
    assert not is_live(entry)
    assert live_entries_for(alice) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_lists_cost_the_same_for_one_and_for_three(alice, people, dr_bob, alices, count):
    for number in range(count):
        alices(number + 1)
        service = make_service(dr_bob, slug=f"more-{number}")
        join_waiting_list(alice, service_id=service.pk, guest=Guest.known(people.alice))
    with counted() as statements:
        rows, _ = coming_appointments_for(alice)
        entries = live_entries_for(alice)
        assert [(row.service.name, row.practitioner.name) for row in rows]
        assert len({entry.service.name for entry in entries}) == count
    assert len(statements) == 3, statements
