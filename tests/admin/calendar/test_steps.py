"""The steps of a visit by the calendar, and taking them back."""

from uuid import uuid4

import pytest

from bookings.models import Appointment
from bookings.rules.statuses import Status
from tests.support.booking import set_status, types_of
from tests.support.catalogue import at, guest


def stepped(calendar, row, status):
    return calendar.post("step/", {"id": str(row.pk), "status": status})


def test_each_step_is_one_click(calendar, booked):
    row = booked(9)

    seen = [
        stepped(calendar, row, status).json()["event"]["status"]
        for status in ("CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED")
    ]

    assert seen == ["CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"]
    assert types_of(row).count("booking.status_changed") == 4


def test_a_step_that_is_not_legal_is_refused_with_those_that_are(calendar, booked):
    row = booked(9)

    answer = stepped(calendar, row, "COMPLETED")

    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "illegal_status")
    assert "CHECKED_IN" in answer.json()["error"]["allowed"]
    assert answer.json()["event"]["status"] == "SCHEDULED"


def test_a_step_is_taken_back(calendar, booked):
    row = booked(9)
    event = stepped(calendar, row, "CHECKED_IN").json()["event"]

    answer = calendar.post("undo/", {"id": str(row.pk), "status": "CHECKED_IN"})

    assert event["can_undo"]
    assert answer.status_code == 200
    assert (answer.json()["event"]["status"], answer.json()["event"]["can_undo"]) == ("SCHEDULED", False)


def test_what_was_taken_back_is_not_taken_back_again(calendar, booked):
    row = booked(9)
    stepped(calendar, row, "CHECKED_IN")
    calendar.post("undo/", {"id": str(row.pk)})

    answer = calendar.post("undo/", {"id": str(row.pk)})

    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "nothing_to_undo")


def test_a_cancellation_keeps_its_reason_and_can_be_taken_back(calendar, booked):
    row = booked(9)

    answer = calendar.post("cancel/", {"id": str(row.pk), "reason": "has a cold"})
    row.refresh_from_db()
    assert (answer.json()["event"]["status"], row.cancel_reason) == ("CANCELLED", "has a cold")

    back = calendar.post("undo/", {"id": str(row.pk)})
    row.refresh_from_db()
    assert (back.json()["event"]["status"], row.cancel_reason) == ("SCHEDULED", "")


def test_a_cancellation_whose_slot_went_to_another_stays(calendar, booked):
    row = booked(9)
    calendar.post("cancel/", {"id": str(row.pk), "reason": ""})
    booked(9, guest=guest("Somsak Rak", "0811111111"))

    answer = calendar.post("undo/", {"id": str(row.pk)})

    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "slot_taken")
    assert answer.json()["event"]["status"] == "CANCELLED"
    assert Appointment.objects.filter(start=row.start, status=Status.SCHEDULED).count() == 1


def test_cancelling_twice_is_refused(calendar, booked):
    row = booked(9)
    set_status(row, Status.CANCELLED)

    answer = calendar.post("cancel/", {"id": str(row.pk)})

    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "illegal_status")


def test_a_doctor_attends_the_own_appointments_alone(doctors_calendar, booked, dr_eve):
    own = booked(9)
    other = booked(10, practitioner_id=str(dr_eve.pk), guest=guest("Somsak Rak", "0811111111"))

    assert stepped(doctors_calendar, own, "CHECKED_IN").status_code == 200
    assert stepped(doctors_calendar, own, "NO_SHOW").status_code == 200
    assert stepped(doctors_calendar, other, "CHECKED_IN").status_code == 404
    assert doctors_calendar.post("cancel/", {"id": str(other.pk)}).status_code == 404
    assert doctors_calendar.post("undo/", {"id": str(other.pk)}).status_code == 404


def test_a_doctor_confirms_nothing(doctors_calendar, booked):
    assert stepped(doctors_calendar, booked(9), "CONFIRMED").status_code == 403


@pytest.mark.parametrize("status", ["CANCELLED", "HELD", "SCHEDULED", "", None, 7, "checked_in"])
def test_only_steps_are_steps(calendar, booked, status):
    answer = stepped(calendar, booked(9), status)

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["status"]


@pytest.mark.parametrize("name", ["step/", "undo/", "cancel/"])
def test_what_there_is_not_is_not_found(calendar, name):
    answer = calendar.post(name, {"id": str(uuid4()), "status": "CHECKED_IN"})

    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "booking_not_found")


def slots(calendar, check_up, **more):
    asked = {"service": check_up.pk, "day": at(9).date().isoformat(), **more}
    return calendar.get("slots/", **asked)


def test_free_times_are_listed_for_whoever_types(calendar, check_up, dr_bob, booked):
    booked(9)

    found = slots(calendar, check_up, practitioner=str(dr_bob.pk)).json()["slots"]

    assert [each["start"][11:16] for each in found][:3] == ["09:30", "10:00", "10:30"]
    assert found[0]["practitioner_id"] == str(dr_bob.pk)


def test_the_desk_sees_times_nearer_than_the_notice(calendar, doctors_calendar, check_up):
    type(check_up).objects.filter(pk=check_up.pk).update(minimum_notice=7 * 24 * 60)

    assert slots(calendar, check_up).json()["slots"]
    assert slots(doctors_calendar, check_up).json()["slots"] == []


def test_free_times_of_nothing_are_not_found(calendar, check_up):
    assert slots(calendar, check_up, practitioner=str(uuid4())).status_code == 404
    assert slots(calendar, check_up, service=2**31 - 1).status_code == 404
    assert slots(calendar, check_up, day="x").status_code == 400
    assert slots(calendar, check_up, service="x").status_code == 400
