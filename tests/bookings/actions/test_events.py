"""What is told to others: ids and public facts, never what a patient or a clerk wrote."""

import json

import pytest

from bookings.actions.appointments import cancel_appointment, change_status, reschedule_appointment
from bookings.actions.holds import expire_holds, hold_slot, release_hold
from bookings.actions.patients import Guest, register_patient
from bookings.actions.schedules import confirm_holidays, suggest_thai_holidays
from bookings.events import BookingEvent
from bookings.models import Holiday, Patient
from bookings.rules.statuses import Status
from core.actor import Actor
from events.models import Event
from tests.support.booking import book, let_run_out
from tests.support.catalogue import at

WORDS = ["Wanida", "Sornsakul", "812349999", "wanida@example.org", "pregnant", "quarrelled", "neighbour"]
FACTS = {"reference", "event_type_id", "provider_id", "start", "status", "has_reason", "added", "days"}
CHANGES = {"status", "start", "practitioner"}


@pytest.fixture
def wanida():
    return Guest.of(name="Wanida Sornsakul", phone="081-234-9999", email="Wanida@example.org")


@pytest.fixture
def everything_happened(desk, check_up, people, wanida):
    """One of each event that this room records."""
    held = hold_slot(desk, service_id=check_up.pk, start=at(9))
    row = book(desk, check_up, at(9), guest=wanida, notes="Is pregnant.", hold_id=held.pk)
    release_hold(desk, hold_id=hold_slot(desk, service_id=check_up.pk, start=at(10)).pk)
    let_run_out(hold_slot(desk, service_id=check_up.pk, start=at(11)))
    expire_holds(desk)
    reschedule_appointment(desk, reference=row.reference, start=at(10), reason="Her neighbour.")
    change_status(desk, reference=row.reference, status=Status.CONFIRMED, reason="She quarrelled.")
    cancel_appointment(desk, reference=row.reference, reason="She quarrelled.")
    wanida_herself = Patient.objects.get(phone_number="+66812349999")
    wanida_herself.name = "Wanida Neighbour"
    register_patient(desk, wanida_herself)
    admin = people.actor("ADMIN")
    suggest_thai_holidays(admin, year=2027)
    confirm_holidays(admin, ids=Holiday.objects.values_list("pk", flat=True))
    return row


def test_each_kind_of_event_is_recorded(everything_happened):
    assert set(Event.objects.values_list("type", flat=True)) == set(BookingEvent)


def test_no_event_repeats_what_a_person_wrote(everything_happened):
    for event in Event.objects.all():
        told = json.dumps([event.data, event.changes, event.subject_id, event.subject_type]).casefold()
        assert [word for word in WORDS if word.casefold() in told] == []


def test_events_carry_known_facts_and_changes_alone(everything_happened):
    for event in Event.objects.all():
        assert set(event.data) <= FACTS, event.type
        assert set(event.changes) <= CHANGES, event.type


def test_an_event_tells_the_appointment_as_it_became(everything_happened, check_up, dr_bob):
    row = everything_happened
    told = Event.objects.get(type="booking.cancelled")

    assert (told.subject_type, told.subject_id) == ("appointment", str(row.pk))
    assert told.data == {
        "reference": row.reference, "event_type_id": check_up.pk, "provider_id": str(dr_bob.pk),
        "start": Event.objects.get(type="booking.rescheduled").data["start"], "status": "CANCELLED",
        "has_reason": True,
    }  # fmt: skip


def test_an_event_names_who_did_it(everything_happened, people):
    by = {event.type: event for event in Event.objects.all()}

    assert by["booking.created"].actor_user_id == people.desk.pk
    assert by["holidays.suggested"].actor_role == "ADMIN"


def test_a_long_name_keeps_nobody_from_acting(in_hospital, check_up):
    long = Actor.system("ก" * 201, "appointments.book")

    book(long, check_up, at(9))
    assert set(Event.objects.values_list("actor_label", flat=True)) == {"ก" * 100}
