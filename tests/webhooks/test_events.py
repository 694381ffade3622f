"""What is said of an event, and what is not."""

import json
from datetime import datetime, timedelta

import pytest

from bookings.actions.appointments import book_appointment, cancel_appointment, reschedule_appointment
from bookings.actions.holds import hold_slot
from bookings.actions.patients import register_patient
from bookings.models import Patient
from events.models import Event
from tests.support.booking import book
from tests.support.catalogue import at, guest
from tests.support.webhooks import deliver, endpoint, happen, relay
from webhooks.events import PUBLIC_EVENTS, message, payload_of
from webhooks.models import Delivery

CANARY = "Kanarienvogel"


def told(event, hospital):
    """The payload of an event, read anew from the database."""
    return json.loads(payload_of(Event.objects.get(pk=event.pk), hospital))


def test_a_message_has_its_id_type_time_and_data(webhook, in_hospital):
    event = happen()
    payload = payload_of(Event.objects.get(pk=event.pk), in_hospital)

    said = json.loads(message("an-id", payload))

    assert list(said) == ["id", "event", "type", "timestamp", "data"]
    assert (said["id"], said["event"], said["type"]) == ("an-id", "booking.created", "booking.created")
    assert datetime.fromisoformat(said["timestamp"]) == event.occurred_at
    assert said["timestamp"].endswith("Z")


def test_a_booking_is_told_with_its_public_facts_and_where_it_stands_in_the_row_of_events(in_hospital):
    event = happen(subject_id="b1", changes={"status": [None, "SCHEDULED"]})

    assert told(event, in_hospital)["data"] == {
        "subdomain": "ploy",
        "sequence": event.pk,
        "booking_id": "b1",
        "reference": "K7QM-4TXR",
        "status": "SCHEDULED",
        "event_type_id": 1,
        "provider_id": "6e1f3f0a-0000-4000-8000-000000000001",
        "start": "2026-12-01T09:00:00+07:00",
        "changes": {"status": [None, "SCHEDULED"]},
    }


def test_a_move_tells_both_times_on_the_hospitals_clocks_and_both_providers(in_hospital):
    changes = {"start": ["2026-12-01T02:00:00Z", "2026-12-01T03:30:00Z"], "practitioner": ["a", "b"]}
    event = happen("booking.rescheduled", changes=changes)

    assert told(event, in_hospital)["data"]["changes"] == {
        "start": ["2026-12-01T09:00:00+07:00", "2026-12-01T10:30:00+07:00"],
        "provider_id": ["a", "b"],
    }


def test_a_hold_that_became_a_booking_had_no_status_before(in_hospital):
    event = happen(changes={"status": ["HELD", "SCHEDULED"]})

    assert told(event, in_hospital)["data"]["changes"] == {"status": [None, "SCHEDULED"]}


def test_what_else_an_event_knows_stays_in_the_house(in_hospital):
    event = happen(
        data={"reference": "K7QM-4TXR", "has_reason": True, "guest_name": CANARY, "note": CANARY},
        changes={"notes": ["", CANARY]},
    )

    said = told(event, in_hospital)
    assert CANARY not in json.dumps(said)
    assert set(said["data"]) == {"subdomain", "sequence", "booking_id", "reference"}


def test_of_a_patient_the_id_is_told_and_nothing_else(in_hospital):
    event = happen("patient.registered", "p1", subject_type="patient", data={"name": CANARY})

    assert told(event, in_hospital)["data"] == {
        "subdomain": "ploy",
        "sequence": event.pk,
        "patient_id": "p1",
    }


@pytest.mark.parametrize("kind", PUBLIC_EVENTS)
def test_a_message_is_short(kind, in_hospital):
    assert len(payload_of(Event.objects.get(pk=happen(kind).pk), in_hospital)) < 2000


def test_nothing_that_a_patient_or_a_clerk_wrote_leaves_the_house(
    in_hospital, desk, check_up, dr_eve, receiver
):
    endpoint(in_hospital, receiver.url())
    person = guest(CANARY, "0898765432", f"{CANARY}@example.org")
    row = book(desk, check_up, at(9), guest=person, notes=f"notes of {CANARY}")
    reschedule_appointment(
        desk, reference=row.reference, start=at(11), practitioner_id=str(dr_eve.pk), reason=f"for {CANARY}"
    )
    cancel_appointment(desk, reference=row.reference, reason=f"because of {CANARY}")
    hold = hold_slot(desk, service_id=check_up.pk, start=at(14))
    book_appointment(desk, service_id=check_up.pk, start=at(14), guest=person, hold_id=hold.pk, notes=CANARY)
    register_patient(desk, Patient(name=f"{CANARY} junior", phone_number="0811111111", email="k@b.example"))
    relay()

    deliver()

    assert len(receiver.requests) == Delivery.objects.count() == 6
    assert sorted(said["event"] for said in receiver.messages()) == [
        "booking.cancelled",
        "booking.created",
        "booking.created",
        "booking.rescheduled",
        "patient.registered",
        "patient.registered",
    ]
    everything = b"".join(
        request.body + repr((request.path, request.headers)).encode() for request in receiver.requests
    )
    for written in (CANARY.encode(), CANARY.lower().encode(), b"66898765432", b"0811111111", b"b.example"):
        assert written not in everything


def test_what_is_told_leads_to_the_booking(in_hospital, desk, check_up, receiver):
    endpoint(in_hospital, receiver.url(), "booking.created")
    row = book(desk, check_up, at(9))
    relay()
    deliver()

    [said] = receiver.messages()
    assert said["data"]["reference"] == row.reference
    assert said["data"]["booking_id"] == str(row.pk)
    assert datetime.fromisoformat(said["data"]["start"]) == row.start
    assert datetime.fromisoformat(said["data"]["start"]).utcoffset() == timedelta(hours=7)
