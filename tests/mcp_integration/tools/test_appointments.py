"""Appointments by tools for staff: listing, booking by ids, taking steps, a doctor's free times."""

import pytest

from accounts.permissions import Role
from bookings.models import Appointment, HealthcareService, Patient
from tenants.context import inside
from tests.support.booking import book, set_status
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service

NOWHERE = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"


@pytest.fixture
def tools(tools_of):
    return tools_of(Role.FRONT_DESK)


@pytest.fixture
def visit(people, check_up, dr_bob):
    """What `create_appointment` needs."""
    return {
        "patient_id": str(people.alice.pk),
        "doctor_id": str(dr_bob.pk),
        "appointment_date": coming_day().isoformat(),
        "appointment_time": "09:30:00",
        "reason": "Cough for a week",
    }


def test_a_visit_from_the_free_times_to_its_end(tools, visit, people):
    free = tools.call("list_appointment_slots", doctor_id=visit["doctor_id"], date=visit["appointment_date"])
    assert free["available_times"][:2] == ["09:00", "09:30"]
    assert (free["count"], free["doctor"]["id"]) == (14, visit["doctor_id"])

    made = tools.call("create_appointment", **visit, notes="By wheelchair", idempotency_key="v-1")
    assert made["patient"] == {"id": visit["patient_id"], "untrusted_name": people.alice.name}
    assert (made["doctor"]["name"], made["start"][11:]) == ("Dr Bob", "09:30:00+07:00")
    assert (made["untrusted_reason"], made["untrusted_notes"]) == ("Cough for a week", "By wheelchair")
    assert tools.call("create_appointment", **visit, notes="By wheelchair", idempotency_key="v-1") == made

    page = tools.call("list_appointments", patient_id=visit["patient_id"], status="SCHEDULED")
    assert (page["results"], page["count"], page["next_cursor"]) == ([made], 1, None)

    for status in ("CONFIRMED", "CHECKED_IN", "IN_PROGRESS", "COMPLETED"):
        step = tools.call("update_appointment_status", appointment_id=made["id"], status=status)
        assert step["status"] == status
    again = tools.refused("update_appointment_status", appointment_id=made["id"], status="CHECKED_IN")
    assert (again["reason"], again["details"]["allowed"]) == ("illegal_status", [])


def test_what_is_said_names_no_patient(tools, visit, people):
    made = tools.outcome("create_appointment", **visit)
    listed = tools.outcome("list_appointments")
    moved = tools.outcome(
        "update_appointment_status", appointment_id=made.result["id"], status="CONFIRMED", notes="Called"
    )

    assert made.text.startswith("Booked: check-up with Dr Bob on ")
    assert "1 appointment. " in listed.text
    assert f"{made.result['reference']} is now CONFIRMED" in moved.text
    for outcome in (made, listed, moved):
        assert people.alice.name not in outcome.text
        assert "Cough" not in outcome.text
    assert moved.result["untrusted_notes"] == "Called"


def test_cancelling_alone_asks_for_a_yes(tools, visit):
    made = tools.call("create_appointment", **visit)
    asked = {"appointment_id": made["id"], "status": "CANCELLED", "notes": "A cold"}

    question = tools.refused("update_appointment_status", **asked)
    assert question["reason"] == "confirmation_required"
    assert "Dr Bob" in question["details"]["question"]
    assert Appointment.objects.get().status == "SCHEDULED"

    done = tools.call("update_appointment_status", **asked, confirm=True)
    assert (done["status"], done["untrusted_cancel_reason"]) == ("CANCELLED", "A cold")
    assert tools.refused("update_appointment_status", **asked)["reason"] == "illegal_status"


def test_the_event_type_may_be_named(tools, visit, dr_bob):
    long = make_service(dr_bob, slug="long", duration_minutes=60, slot_interval=60)
    at_nine = {**visit, "appointment_time": "09:00"}

    assert tools.call("create_appointment", **at_nine, event_type_id=long.pk)["event_type"]["id"] == long.pk
    free = tools.call(
        "list_appointment_slots", doctor_id=visit["doctor_id"], date=visit["appointment_date"],
        event_type_id=long.pk,
    )  # fmt: skip
    assert free["available_times"] == ["10:00", "11:00", "13:00", "14:00", "15:00", "16:00"]


def test_a_taken_time_comes_with_others(tools, visit, desk, check_up):
    book(desk, check_up, at(9, 30))

    error = tools.refused("create_appointment", **visit)

    assert (error["reason"], len(error["alternatives"])) == ("slot_taken", 3)


def test_a_list_of_a_day_goes_on_page_by_page_in_its_order(tools, desk, check_up):
    for hour in (9, 10, 11):
        book(desk, check_up, at(hour))
    book(desk, check_up, at(9, days=2))
    day = {"date_from": coming_day().isoformat(), "date_to": coming_day().isoformat()}

    first = tools.call("list_appointments", **day, limit=2)
    rest = tools.call("list_appointments", **day, limit=2, cursor=first["next_cursor"])

    hours = [one["start"][11:13] for one in first["results"] + rest["results"]]
    assert (hours, first["count"], rest["next_cursor"]) == (["09", "10", "11"], 3, None)


def test_a_guest_without_a_phone_is_no_patient_and_is_listed(tools, desk, check_up):
    book(desk, check_up, at(9), guest=guest("Walk-in", ""))

    [row] = tools.call("list_appointments")["results"]

    assert row["patient"] == {"id": None, "untrusted_name": "Walk-in"}


@pytest.mark.parametrize(("name", "asked", "field"), [
    ("create_appointment", {"patient_id": "1"}, "patient_id"),
    ("create_appointment", {"appointment_time": "09:30:30"}, "appointment_time"),
    ("create_appointment", {"appointment_date": "2569-11-20"}, "appointment_date"),
    ("create_appointment", {"reason": "x" * 501}, "reason"),
    ("create_appointment", {"reason": ""}, "reason"),
    ("list_appointments", {"status": "HELD"}, "status"),
    ("list_appointments", {"date_from": "2026-11-21", "date_to": "2026-11-20"}, "date_to"),
    ("list_appointments", {"limit": 101}, "limit"),
    ("update_appointment_status", {"appointment_id": NOWHERE, "status": "SCHEDULED"}, "status"),
    ("list_appointment_slots", {"doctor_id": NOWHERE}, "date"),
])  # fmt: skip
def test_wrong_input_is_refused_by_its_field(tools, visit, name, asked, field):
    if name == "create_appointment":
        asked = {**visit, **asked}

    error = tools.refused(name, **asked)

    assert (error["code"], list(error["details"])) == ("VALIDATION_ERROR", [field])


def test_a_time_that_the_clocks_skip_is_refused_by_its_field(tools, visit, hospital):
    hospital.timezone = "America/New_York"
    hospital.save()
    skipped = {"appointment_date": "2027-03-14", "appointment_time": "02:30"}

    assert list(tools.refused("create_appointment", **{**visit, **skipped})["details"]) == [
        "appointment_time"
    ]


def test_what_is_not_there_is_named(tools, visit):
    day = {"date": coming_day().isoformat()}
    for name, asked, reason in (
        ("create_appointment", {**visit, "patient_id": NOWHERE}, "patient_not_found"),
        ("create_appointment", {**visit, "doctor_id": NOWHERE}, "provider_not_found"),
        ("create_appointment", {**visit, "event_type_id": 999_999}, "event_type_not_found"),
        (
            "update_appointment_status",
            {"appointment_id": NOWHERE, "status": "CONFIRMED"},
            "booking_not_found",
        ),
        ("list_appointment_slots", {"doctor_id": NOWHERE, **day}, "provider_not_found"),
    ):
        assert tools.refused(name, **asked)["reason"] == reason, name


def test_another_hospitals_people_and_appointments_are_not_there(tools, visit, other_hospital, other_people):
    with inside(other_hospital):
        theirs = book(
            other_people.actor(Role.FRONT_DESK), HealthcareService.objects.get(slug="check-up"), at(9)
        )
        doctor, patient = str(other_people.dr_bob.pk), str(other_people.alice.pk)
    day = {"date": coming_day().isoformat()}

    assert tools.call("list_appointments", patient_id=patient)["count"] == 0
    assert tools.call("list_appointments", doctor_id=doctor)["count"] == 0
    for name, asked, reason in (
        ("create_appointment", {**visit, "patient_id": patient}, "patient_not_found"),
        ("create_appointment", {**visit, "doctor_id": doctor}, "provider_not_found"),
        ("list_appointment_slots", {"doctor_id": doctor, **day}, "provider_not_found"),
        (
            "update_appointment_status",
            {"appointment_id": str(theirs.pk), "status": "CANCELLED", "confirm": True},
            "booking_not_found",
        ),
    ):
        assert tools.refused(name, **asked)["reason"] == reason, name


def test_a_patient_books_and_lists_their_own_and_takes_no_steps_of_staff(tools_of, visit, desk, check_up):
    alice = tools_of(Role.PATIENT)
    ben = Patient.objects.create(name="Ben", name_key="ben", phone_number="+66811111111")
    theirs = book(desk, check_up, at(14))

    made = alice.call("create_appointment", **visit)
    assert [one["id"] for one in alice.call("list_appointments")["results"]] == [made["id"]]
    assert alice.refused("create_appointment", **{**visit, "patient_id": str(ben.pk)})["reason"] == (
        "patient_not_found"
    )
    assert (
        alice.refused("update_appointment_status", appointment_id=str(theirs.pk), status="CONFIRMED")[
            "reason"
        ]
        == "tool_not_allowed"
    )


def test_a_doctor_takes_the_steps_of_their_own_visits_alone(tools_of, visit, desk, check_up):
    doctor = tools_of(Role.DOCTOR)
    eve = make_practitioner("Dr Eve")
    check_up.practitioners.add(eve)
    own = book(desk, check_up, at(9), practitioner_id=visit["doctor_id"])
    other = book(desk, check_up, at(10), practitioner_id=str(eve.pk))

    assert [one["id"] for one in doctor.call("list_appointments")["results"]] == [str(own.pk)]
    step = {"appointment_id": str(own.pk), "status": "CHECKED_IN"}
    assert doctor.call("update_appointment_status", **step)["status"] == "CHECKED_IN"
    assert (
        doctor.refused("update_appointment_status", **{**step, "appointment_id": str(other.pk)})["reason"]
        == "booking_not_found"
    )
    assert doctor.refused("create_appointment", **visit)["reason"] == "tool_not_allowed"


def test_a_no_show_whose_time_was_given_away_is_refused_as_taken(tools, desk, check_up):
    row = book(desk, check_up, at(9))
    set_status(row, "NO_SHOW")
    book(desk, check_up, at(9), guest=guest("Ben", "0811111111"))

    error = tools.refused("update_appointment_status", appointment_id=str(row.pk), status="CHECKED_IN")

    assert error["reason"] == "slot_taken"
