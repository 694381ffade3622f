"""The database itself keeps the line in order, whatever the code above it does."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bookings.models import WaitingListEntry, WaitingListOffer
from core import clock
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest, make_service
from tests.support.rows import refused_by


@pytest.fixture
def enter(check_up, people):
    """Write an entry of Alice past every verb."""

    def write(**fields):
        values = {
            "service": check_up, "patient": people.alice, "guest_name": "Alice",
            "guest_phone": "+66812345678", "date_from": coming_day(0), "date_until": coming_day(5),
            "source": "api",
        }  # fmt: skip
        return WaitingListEntry.objects.create(**{**values, **fields})

    return write


@pytest.fixture
def offer(dr_bob):
    """Write an offer past every verb."""

    def write(entry, **fields):
        values = {
            "entry": entry, "hold_id": uuid4(), "practitioner": dr_bob, "start": clock.now(),
            "end": clock.now() + timedelta(minutes=30), "expires_at": clock.now(),
        }  # fmt: skip
        return WaitingListOffer.objects.create(**{**values, **fields})

    return write


@pytest.mark.parametrize("status", ["WAITING", "OFFERED"])
def test_a_patient_has_one_live_entry_for_a_service(enter, dr_bob, status):
    enter(status=status)

    with refused_by("one_live_entry_per_patient"):
        enter()
    enter(status="LEFT")
    enter(service=make_service(dr_bob, slug="other"))


def test_a_guest_without_a_patient_has_one_live_entry_for_a_service(enter):
    enter(patient=None, guest_email="a@example.org")

    with refused_by("one_live_entry_per_guest"):
        enter(patient=None, guest_email="a@example.org")
    enter(patient=None, guest_email="a@example.org", guest_name="Her brother")
    enter(patient=None, guest_email="a@example.org", status="CLOSED")


def test_an_appointment_is_brought_forward_by_one_live_entry(desk, check_up, enter):
    row = book(desk, check_up, at(9))
    enter(brings_forward=row)

    with refused_by("one_live_entry_per_appointment"):
        enter(brings_forward=row, patient=None)
    enter(brings_forward=row, status="EXPIRED")
    # Beside it the patient may wait for another visit.
    enter()


def test_an_entry_says_when_and_ends_in_a_booking_only_when_accepted(desk, check_up, enter):
    row = book(desk, check_up, at(9), guest=guest("Boon", "0811111111"))

    with refused_by("waiting_ends_after_it_begins"):
        enter(date_until=coming_day(-1))
    with refused_by("waiting_status"):
        enter(status="GONE")
    with refused_by("only_who_accepted_has_a_booking"):
        enter(status="ACCEPTED")
    with refused_by("only_who_accepted_has_a_booking"):
        enter(became=row)
    enter(status="ACCEPTED", became=row)


def test_an_entry_has_one_open_offer_and_no_slot_twice(enter, offer, dr_eve):
    entry, other = enter(), enter(patient=None)
    first = offer(entry)

    with refused_by("one_open_offer_per_entry"):
        offer(entry, start=at(9).astimezone())
    with refused_by("one_open_offer_per_hold"):
        offer(other, hold_id=first.hold_id)
    with refused_by("one_offer_of_a_slot_to_each"):
        offer(entry, start=first.start, outcome="MISSED")
    with refused_by("offer_outcome"):
        offer(other, outcome="FORGOTTEN")
    offer(entry, start=first.start, practitioner=dr_eve, outcome="MISSED")
    offer(other, start=first.start)
