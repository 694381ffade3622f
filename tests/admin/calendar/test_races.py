"""Two of the staff, or staff and a patient, at one slot in the same moment: one wins, the other is told."""

import json
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from accounts.models import User
from accounts.permissions import Role
from bookings.models import Appointment, Practitioner
from bookings.rules.statuses import Status
from core.actor import Actor
from tenants.context import enter_hospital
from tests.admin.calendar.conftest import CALENDAR, a_move, wall
from tests.conftest import signed_in
from tests.support.booking import book, events_of
from tests.support.catalogue import at, give_hours, guest, make_service
from tests.support.people import PASSWORD
from tests.support.threads import together

pytestmark = pytest.mark.usefixtures("patient_locks")

FRESH = "fresh.localhost"
SYSTEM = Actor.system("tests", "appointments.book", "availability.read")


@pytest.fixture
def place(fresh_hospital):
    """Two doctors who offer a check-up, and two of the desk who have signed in."""
    people = [Practitioner.objects.create(name_th=name, name_en=name) for name in ("Dr Bob", "Dr Eve")]
    for person in people:
        give_hours(person)
    service = make_service(*people, slug="check-up")
    users = [
        User.objects.create_user(f"{name}@fresh.example", PASSWORD, first_name=name, role=Role.FRONT_DESK)
        for name in ("fon", "fai")
    ]
    clients = [signed_in(user, FRESH) for user in users]
    # A request leaves the hospital at its end.
    enter_hospital(fresh_hospital)
    return fresh_hospital, service, people, clients


def posting(client: Client, name: str, body):
    """A request of a browser in a thread of its own."""

    def post():
        answer = client.post(f"{CALENDAR}{name}", json.dumps(body), content_type="application/json")
        connections["default"].close()
        return answer.status_code, answer.json()

    return post


def outcomes(hospital, *jobs):
    found = together(hospital, jobs)
    for each in found:
        if isinstance(each, Exception):
            raise each
    return sorted(found, key=lambda outcome: outcome[0])


def test_of_two_who_drag_one_appointment_one_wins_and_the_other_is_told_where_it_is(place):
    hospital, service, (bob, eve), (fon, fai) = place
    row = book(SYSTEM, service, at(9), practitioner_id=str(bob.pk))
    drags = a_move(row, at(10)), a_move(row, at(11), eve)

    won, lost = outcomes(hospital, posting(fon, "move/", drags[0]), posting(fai, "move/", drags[1]))

    assert (won[0], lost[0]) == (200, 409)
    assert lost[1]["error"]["reason"] == "moved_meanwhile"
    assert lost[1]["event"]["start"] == won[1]["event"]["start"]
    assert [event.type for event in events_of(row)].count("booking.rescheduled") == 1


def test_of_two_who_drag_onto_one_time_one_wins_and_nothing_is_lost(place):
    hospital, service, (bob, eve), (fon, fai) = place
    rows = [
        book(
            SYSTEM,
            service,
            at(9 + n),
            practitioner_id=str(bob.pk),
            guest=guest(f"Guest {n}", f"081111111{n}"),
        )
        for n in range(2)
    ]
    jobs = [
        posting(client, "move/", a_move(row, at(14), eve))
        for client, row in zip((fon, fai), rows, strict=True)
    ]

    won, lost = outcomes(hospital, *jobs)

    assert (won[0], lost[0]) == (200, 409)
    assert lost[1]["error"]["reason"] == "slot_taken"
    assert lost[1]["error"]["alternatives"]
    assert Appointment.objects.filter(practitioner=eve).count() == 1
    assert Appointment.objects.filter(practitioner=bob, status=Status.SCHEDULED).count() == 1


def test_a_patient_who_books_what_a_clerk_is_about_to_take_leaves_one_appointment(place):
    hospital, service, (bob, _eve), (fon, _fai) = place
    clerk = posting(
        fon, "book/",
        {
            "token": str(uuid4()), "service_id": service.pk, "practitioner_id": str(bob.pk),
            "start": wall(at(9)), "guest_name": "Malee Srisuk", "guest_phone": "0898765432",
        },
    )  # fmt: skip

    def patient():
        book(SYSTEM, service, at(9), practitioner_id=str(bob.pk), guest=guest("Somsak Rak", "0811111111"))

    of_patient, of_clerk = together(hospital, [patient, clerk])

    status, body = of_clerk
    assert Appointment.objects.filter(practitioner=bob).count() == 1
    if of_patient is None:
        assert (status, body["error"]["reason"]) == (409, "slot_taken")
        assert body["error"]["alternatives"]
    else:
        assert (status, of_patient.reason) == (201, "slot_taken")


def test_a_double_click_books_once(place):
    hospital, service, (bob, _eve), (fon, _fai) = place
    body = {
        "token": str(uuid4()), "service_id": service.pk, "practitioner_id": str(bob.pk),
        "start": wall(at(9)), "guest_name": "Malee Srisuk",
    }  # fmt: skip

    first, second = outcomes(hospital, posting(fon, "book/", body), posting(fon, "book/", body))

    assert (first[0], second[0]) == (201, 201)
    assert first[1]["event"]["id"] == second[1]["event"]["id"]
    assert Appointment.objects.count() == 1
