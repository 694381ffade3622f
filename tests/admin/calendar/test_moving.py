"""Moving by the calendar: dragged or typed."""

from datetime import time, timedelta

import pytest

from accounts.models import User
from accounts.permissions import Role
from bookings.models import Appointment, ExceptionKind, ScheduleException
from bookings.rules.statuses import Status
from tests.admin.calendar.conftest import a_move, wall
from tests.support.booking import events_of, set_status
from tests.support.catalogue import at, coming_day, guest, make_practitioner


def moved(calendar, row, start, practitioner=None, **more):
    return calendar.post("move/", a_move(row, start, practitioner, **more))


def test_a_drag_moves_the_appointment_and_says_how_to_take_it_back(calendar, booked, dr_bob):
    row = booked(9)

    answer = moved(calendar, row, at(10))

    assert answer.status_code == 200
    assert answer.json()["event"]["start"] == wall(at(10))
    assert answer.json()["undo"] == {"start": wall(at(9)), "practitioner_id": str(dr_bob.pk)}
    assert events_of(row)[-1].type == "booking.rescheduled"
    assert events_of(row)[-1].door == "admin"


def test_a_drag_to_another_column_changes_the_practitioner(calendar, booked, dr_eve):
    row = booked(9)

    answer = moved(calendar, row, at(9), dr_eve, reason="Bob is ill")

    row.refresh_from_db()
    assert answer.json()["event"]["practitioner"] == "Dr Eve"
    assert row.practitioner == dr_eve


def test_a_move_is_taken_back_by_the_answer(calendar, booked, dr_eve):
    row = booked(9)
    undo = moved(calendar, row, at(10), dr_eve).json()["undo"]
    row.refresh_from_db()

    back = calendar.post("move/", a_move(row, at(10)) | undo)

    assert back.status_code == 200
    assert (back.json()["event"]["start"], back.json()["event"]["practitioner"]) == (wall(at(9)), "Dr Bob")


@pytest.fixture
def squeezed(calendar_of, booked):
    """Two at nine: Malee by her seat, Somsak overbooked by an administrator."""
    booked(9)
    row = booked(11, guest=guest("Somsak Rak", "0811111111"))
    assert moved(calendar_of(Role.ADMIN), row, at(9), overbook_reason="in pain").status_code == 200
    row.refresh_from_db()
    return row


def test_who_was_overbooked_comes_back_without_anybody_saying_why_again(calendar_of, squeezed):
    calendar = calendar_of(Role.ADMIN)
    undo = moved(calendar, squeezed, at(10)).json()["undo"]
    squeezed.refresh_from_db()
    assert not squeezed.overbooked

    back = calendar.post("move/", a_move(squeezed, at(10)) | undo)

    assert back.status_code == 200
    event = back.json()["event"]
    assert (event["start"], event["overbooked"], event["overbook_reason"]) == (wall(at(9)), True, "in pain")


def test_the_reason_of_the_way_back_is_that_of_the_place_and_not_a_later_one(calendar_of, booked, squeezed):
    booked(10, guest=guest("Nok", "0822222222"))
    calendar = calendar_of(Role.ADMIN)
    undo = moved(calendar, squeezed, at(10), overbook_reason="begged").json()["undo"]
    squeezed.refresh_from_db()

    event = calendar.post("move/", a_move(squeezed, at(10)) | undo).json()["event"]

    assert (event["overbooked"], event["overbook_reason"]) == (True, "in pain")


def test_who_may_not_overbook_comes_back_only_where_there_is_a_seat(calendar, squeezed):
    undo = moved(calendar, squeezed, at(10)).json()["undo"]
    squeezed.refresh_from_db()

    back = calendar.post("move/", a_move(squeezed, at(10)) | undo)

    assert (back.status_code, back.json()["error"]["reason"]) == (409, "slot_taken")
    assert not back.json()["error"]["may_overbook"]
    Appointment.objects.exclude(pk=squeezed.pk).update(status=Status.CANCELLED)
    back = calendar.post("move/", a_move(squeezed, at(10)) | undo)
    assert back.status_code == 200
    assert (back.json()["event"]["start"], back.json()["event"]["overbooked"]) == (wall(at(9)), False)


def test_a_taken_time_is_refused_with_what_is_free_and_where_the_appointment_is(calendar, booked):
    row = booked(9)
    booked(10, guest=guest("Somsak Rak", "0811111111"))

    answer = moved(calendar, row, at(10))

    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["reason"], error["message"]) == ("slot_taken", "This time has just been taken.")
    assert wall(at(10, 30)) in [each["start"] for each in error["alternatives"]]
    assert error["alternatives"][0]["practitioner"] == "Dr Bob"
    assert error["alternatives"][0]["text"].endswith(", Dr Bob")
    assert answer.json()["event"]["start"] == wall(at(9))


def test_off_hours_are_refused_and_only_some_may_overbook(calendar, calendar_of, booked):
    row = booked(9)

    refused = moved(calendar, row, at(12, 15))
    by_admin = moved(calendar_of(Role.ADMIN), row, at(12, 15))

    assert refused.json()["error"]["reason"] == "outside_hours"
    assert not refused.json()["error"]["may_overbook"]
    assert by_admin.json()["error"]["may_overbook"]


def test_the_desk_is_bound_by_no_grid(calendar, booked):
    row = booked(9)

    answer = moved(calendar, row, at(10, 10))

    assert answer.json()["event"]["start"] == wall(at(10, 10))


def test_overbooking_needs_the_permission(calendar, calendar_of, booked):
    row = booked(9)
    booked(10, guest=guest("Somsak Rak", "0811111111"))

    refused = moved(calendar, row, at(10), overbook_reason="an emergency")
    done = moved(calendar_of(Role.ADMIN), row, at(10), overbook_reason="an emergency")

    assert refused.status_code == 403
    assert done.status_code == 200
    assert (done.json()["event"]["overbooked"], done.json()["event"]["overbook_reason"]) == (
        True,
        "an emergency",
    )


def test_who_is_let_by_name_may_overbook(calendar, people, booked):
    User.objects.filter(pk=people.desk.pk).update(may_overbook=True)
    row = booked(9)
    booked(10, guest=guest("Somsak Rak", "0811111111"))

    assert moved(calendar, row, at(10)).json()["error"]["may_overbook"]
    assert moved(calendar, row, at(10), overbook_reason="an emergency").status_code == 200


def test_an_appointment_that_somebody_else_has_moved_is_not_moved_again(calendar, booked):
    row = booked(9)
    stale = a_move(row, at(11))
    moved(calendar, row, at(10))

    answer = calendar.post("move/", stale)

    assert answer.status_code == 409
    assert answer.json()["error"]["reason"] == "moved_meanwhile"
    assert not answer.json()["error"]["may_overbook"]
    assert answer.json()["event"]["start"] == wall(at(10))


def test_what_is_over_is_not_moved(calendar, booked):
    row = booked(9)
    set_status(row, Status.COMPLETED)

    answer = moved(calendar, row, at(10))

    assert (answer.status_code, answer.json()["error"]["reason"]) == (409, "illegal_status")
    assert answer.json()["error"]["allowed"] == []


def test_time_off_is_named(calendar, booked, dr_bob):
    row = booked(9)
    ScheduleException.objects.create(
        practitioner=dr_bob, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day(),
        start_time=time(14), end_time=time(15),
    )  # fmt: skip

    assert moved(calendar, row, at(14)).json()["error"]["reason"] == "time_off"


def test_a_practitioner_who_does_not_offer_it_is_none(calendar, booked):
    row = booked(9)

    answer = moved(calendar, row, at(9), make_practitioner("Dr Nobody"))

    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "provider_not_found")


def test_a_doctor_moves_the_own_appointment_but_not_to_somebody_else(doctors_calendar, booked, dr_eve):
    row = booked(9)

    assert moved(doctors_calendar, row, at(10)).status_code == 200
    row.refresh_from_db()
    assert moved(doctors_calendar, row, at(10), dr_eve).status_code == 403


def test_a_doctor_knows_of_no_others_appointments(doctors_calendar, booked, dr_eve):
    row = booked(9, practitioner_id=str(dr_eve.pk))

    answer = moved(doctors_calendar, row, at(10))

    assert (answer.status_code, answer.json()["error"]["reason"]) == (404, "booking_not_found")


def test_another_hospitals_appointment_is_not_found(calendar, booked, other_hospital):
    row = booked(9)
    Appointment.objects.filter(pk=row.pk).delete()

    assert moved(calendar, row, at(10)).status_code == 404


def test_a_refused_move_changes_nothing(calendar, booked):
    row = booked(9)
    booked(10, guest=guest("Somsak Rak", "0811111111"))
    before = len(events_of(row))

    moved(calendar, row, at(10))

    row.refresh_from_db()
    assert len(events_of(row)) == before
    assert row.end - row.start == timedelta(minutes=30)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", None), ("id", 7), ("id", "x"), ("start", ""), ("start", "2026-11-23"), ("start", 5),
        ("start", "2026-11-23T09:30:00Z"), ("start", "2026-11-23T09:30:00+07:00"),
        ("start", "2026-02-30T09:30:00"), ("start", "0001-01-01T00:00:00"), ("start", "9999-12-31T23:59:00"),
        ("seen_start", None), ("practitioner_id", "x"), ("practitioner_id", None),
        ("seen_practitioner_id", []), ("reason", 7), ("reason", "x" * 501), ("reason", "\x00"),
        ("overbook_reason", {"a": 1}), ("overbook_reason", "\ud800"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_told_at_its_name(calendar, booked, field, value):
    answer = calendar.post("move/", a_move(booked(9), at(10)) | {field: value})

    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == [field]
    assert answer.json()["error"]["message"] == "Some of the input is wrong."


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "7", '"x"', '{"id": 1, "id": 2}', "\ufeff[", "{" * 99]
)
def test_a_body_that_is_no_object_is_refused(calendar, body):
    answer = calendar.browser.client.post(
        "/admin/bookings/appointment/calendar/move/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["reason"] == "invalid"


def test_moving_needs_the_token_against_forgery(calendar, booked):
    row = booked(9)
    calendar.browser.client.handler.enforce_csrf_checks = True

    assert moved(calendar, row, at(10)).status_code == 403
