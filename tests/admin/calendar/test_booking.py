"""Booking by the calendar: a free time that was clicked on, and whoever walks in."""

from uuid import uuid4

import pytest

from accounts.permissions import Role
from bookings.models import Appointment, Patient, Source
from bookings.rules.statuses import Status
from tests.admin.calendar.conftest import wall
from tests.support.booking import types_of
from tests.support.catalogue import at, give_hours, guest


def asked(check_up, dr_bob, hour=9, **more):
    return {
        "token": str(uuid4()),
        "service_id": check_up.pk,
        "practitioner_id": str(dr_bob.pk),
        "start": wall(at(hour)),
        "guest_name": "Malee Srisuk",
        "guest_phone": "089-876-5432",
        **more,
    }


def test_a_click_on_a_free_time_books_it(calendar, check_up, dr_bob):
    answer = calendar.post("book/", asked(check_up, dr_bob, notes="first visit", reason="cough"))

    row = Appointment.objects.get()
    assert answer.status_code == 201
    assert answer.json()["event"]["id"] == str(row.pk)
    assert answer.json()["event"]["start"] == wall(at(9))
    assert (row.guest_phone, row.notes, row.reason) == ("+66898765432", "first visit", "cough")
    assert (row.source, types_of(row)) == (Source.ADMIN, ["booking.created"])


def test_a_patient_who_was_found_is_booked_as_themselves(calendar, check_up, dr_bob, people):
    body = asked(check_up, dr_bob, patient_id=str(people.alice.pk), guest_name="", guest_phone="")

    answer = calendar.post("book/", body)

    assert answer.status_code == 201
    assert Appointment.objects.get().patient == people.alice


def test_anybody_who_is_free_can_be_asked_for(calendar, check_up, dr_bob, dr_eve, booked):
    booked(9, guest=guest("Somsak Rak", "0811111111"))

    answer = calendar.post("book/", asked(check_up, dr_bob, practitioner_id=None))

    assert answer.json()["event"]["practitioner"] == "Dr Eve"


def test_the_same_dialog_sent_again_gets_the_same_appointment(calendar, check_up, dr_bob):
    body = asked(check_up, dr_bob)

    first, second = calendar.post("book/", body), calendar.post("book/", body)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["event"]["id"] == second.json()["event"]["id"]
    assert Appointment.objects.count() == 1


def test_a_dialog_that_has_booked_books_nobody_else(calendar, check_up, dr_bob):
    body = asked(check_up, dr_bob)
    calendar.post("book/", body)

    answer = calendar.post("book/", body | {"guest_name": "Somsak Rak"})

    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "form_reused")
    assert Appointment.objects.count() == 1


def test_a_refused_dialog_can_be_sent_again(calendar, check_up, dr_bob, booked):
    booked(9, guest=guest("Somsak Rak", "0811111111"))
    body = asked(check_up, dr_bob)

    refused = calendar.post("book/", body)
    done = calendar.post("book/", body | {"start": wall(at(10))})

    assert (refused.status_code, refused.json()["error"]["reason"]) == (409, "slot_taken")
    assert refused.json()["error"]["alternatives"]
    assert "event" not in refused.json()
    assert done.status_code == 201


def test_an_administrator_overbooks_with_a_reason(calendar, calendar_of, check_up, dr_bob, booked):
    booked(9, guest=guest("Somsak Rak", "0811111111"))
    body = asked(check_up, dr_bob, overbook_reason="an emergency")

    assert calendar.post("book/", body).status_code == 403
    answer = calendar_of(Role.ADMIN).post("book/", body)

    assert answer.status_code == 201
    assert answer.json()["event"]["overbooked"]


def test_a_doctor_books_nobody(doctors_calendar, check_up, dr_bob):
    assert doctors_calendar.post("book/", asked(check_up, dr_bob)).status_code == 403
    assert doctors_calendar.post("walk-in/", asked(check_up, dr_bob)).status_code == 403
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("token", ""), ("token", None), ("token", "x" * 101), ("service_id", "x"), ("service_id", None),
        ("service_id", True), ("service_id", -1), ("service_id", 2**40), ("service_id", 1.5), ("start", None),
        ("patient_id", "x"), ("guest_name", ""), ("guest_name", "  "), ("guest_name", "x" * 201),
        ("guest_phone", "12"), ("guest_email", "nonsense"), ("guest_email", 7), ("notes", "x" * 2001),
        ("notes", ["a"]), ("practitioner_id", 5), ("guest_name", "\u200b"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_at_its_name(calendar, check_up, dr_bob, field, value):
    answer = calendar.post("book/", asked(check_up, dr_bob) | {field: value})

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]


def test_everything_that_is_wrong_is_told_at_once(calendar):
    fields = calendar.post("book/", {}).json()["error"]["fields"]

    assert set(fields) == {"token", "service_id", "start", "guest_name"}


def test_what_there_is_not_is_not_found(calendar, check_up, dr_bob, other_people):
    def reason(**more):
        answer = calendar.post("book/", asked(check_up, dr_bob, **more))
        return answer.status_code, answer.json()["error"]["reason"]

    assert reason(service_id=2**31 - 1) == (404, "event_type_not_found")
    assert reason(practitioner_id=str(uuid4())) == (404, "provider_not_found")
    assert reason(patient_id=str(other_people.alice.pk)) == (404, "patient_not_found")


def works_all_day(dr_bob):
    """Whatever time it is now."""
    dr_bob.weekly_hours.all().delete()
    give_hours(dr_bob, ("00:00", "00:00"))


def test_whoever_walks_in_gets_the_first_free_time_and_a_number(calendar, check_up, dr_bob):
    works_all_day(dr_bob)

    first = calendar.post("walk-in/", asked(check_up, dr_bob))
    second = calendar.post("walk-in/", asked(check_up, dr_bob, guest_name="Somsak Rak"))

    # Within half an hour of midnight there is room for nobody.
    if first.status_code == second.status_code == 201:
        events = first.json()["event"], second.json()["event"]
        assert [event["queue_number"] for event in events] == [1, 2]
        assert {event["status"] for event in events} == {Status.CHECKED_IN}
        assert events[1]["start"] >= events[0]["end"]


def test_the_same_walk_in_sent_again_gets_the_same_number(calendar_of, check_up, dr_bob):
    calendar, body = calendar_of(Role.ADMIN), asked(check_up, dr_bob, overbook_reason="in pain")

    first, second = calendar.post("walk-in/", body), calendar.post("walk-in/", body)

    assert first.status_code == second.status_code == 201
    assert first.json()["event"] == second.json()["event"]
    assert Appointment.objects.count() == 1


def test_a_walk_in_for_whom_there_is_no_time_is_refused_with_what_is_free(calendar, check_up, dr_bob):
    dr_bob.weekly_hours.all().delete()
    give_hours(dr_bob, weekdays=((at(9).weekday()),))

    answer = calendar.post("walk-in/", asked(check_up, dr_bob))

    assert answer.status_code == 409
    assert answer.json()["error"]["alternatives"][0]["start"] == wall(at(9))
    assert not Patient.objects.filter(name="Malee Srisuk").exists()
