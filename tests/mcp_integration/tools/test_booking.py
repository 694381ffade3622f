"""Booking by tools, from the first question to the last change."""

from datetime import date, timedelta

import pytest

from accounts.permissions import Role
from bookings.models import Appointment, HealthcareService
from core import clock
from tenants.context import current_hospital, inside
from tests.support.booking import book, set_status
from tests.support.catalogue import at, coming_day, give_hours, guest, make_practitioner, make_service

NOWHERE = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"


@pytest.fixture
def tools(tools_by_key):
    return tools_by_key("read:bookings", "write:bookings")


@pytest.fixture
def slot(check_up):
    return {"event_type_id": check_up.pk, "date": coming_day().isoformat(), "time": "09:30"}


def said(tools, name, **arguments) -> str:
    outcome = tools.outcome(name, **arguments)
    assert outcome.error is None, outcome.error
    return outcome.text


def test_a_whole_booking_from_the_services_to_the_cancelling(tools, dr_bob):
    [service] = tools.call("get_event_types")["results"]
    day = coming_day().isoformat()
    free = tools.call("check_availability", event_type_id=service["id"], date=day)
    chosen = {"event_type_id": service["id"], "date": day, "time": free["slots"][1]["time"]}

    held = tools.call("hold_slot", **chosen, idempotency_key="h-1")
    booked = tools.call(
        "create_booking", **chosen, hold_id=held["hold_id"], guest_name="Malee Srisuk",
        guest_phone="089-876-5432", notes="Fasting", idempotency_key="b-1",
    )  # fmt: skip
    reference = booked["reference"]
    assert booked["start"] == free["slots"][1]["start"] == held["slot"]["start"]
    assert (booked["status"], booked["source"]) == ("SCHEDULED", "mcp")
    assert booked["untrusted_guest_name"] == "Malee Srisuk"

    found = tools.call("search_appointments", phone="+66 89 876 5432")
    assert [one["reference"] for one in found["results"]] == [reference]
    assert (found["count"], found["next_cursor"]) == (1, None)

    moved = tools.call("reschedule_booking", booking_reference=reference, new_date=day, new_time="14:00")
    assert (moved["reference"], moved["start"][11:16]) == (reference, "14:00")

    question = tools.refused("cancel_booking", booking_reference=reference)
    assert question["reason"] == "confirmation_required"
    done = tools.call("cancel_booking", booking_reference=reference.lower(), reason="A cold", confirm=True)
    assert (done["success"], done["booking"]["status"]) == (True, "CANCELLED")
    assert done["booking"]["untrusted_cancel_reason"] == "A cold"
    again = tools.refused("cancel_booking", booking_reference=reference, confirm=True)
    assert (again["reason"], again["details"]) == (
        "illegal_status", {"from": "CANCELLED", "allowed": []},
    )  # fmt: skip


def test_a_repeated_booking_is_answered_again_and_not_made_again(tools, slot):
    asked = {**slot, "guest_name": "Malee", "idempotency_key": "once"}

    first, second = tools.call("create_booking", **asked), tools.call("create_booking", **asked)

    assert first == second
    assert Appointment.objects.count() == 1


# ── what is read aloud ────────────────────────────────────────────────────────
def in_english(day: date) -> str:
    year = "" if day.year == clock.today_in(current_hospital().timezone).year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def test_a_confirmation_says_what_with_whom_when_and_the_reference(tools, slot):
    outcome = tools.outcome("create_booking", **slot, guest_name="Malee Srisuk")

    assert (
        outcome.text
        == outcome.result["confirmation"]
        == (
            f"Booked: check-up with Dr Bob on {in_english(coming_day())}, 09:30."
            f" The reference is {outcome.result['reference']}."
        )
    )
    assert "Malee" not in outcome.text


def test_it_speaks_the_callers_language(tools, slot):
    tools.language = "th"
    day = coming_day()

    text = said(tools, "hold_slot", **slot)

    assert "09:30 น." in text
    assert "นพ. บ็อบ" in text
    assert f"{day.day} " in text


def test_free_times_are_told_once_each_however_many_have_them(tools, check_up, dr_eve):
    text = said(tools, "check_availability", event_type_id=check_up.pk, date=coming_day().isoformat())

    assert text.count("09:30") == 1
    assert f"{coming_day():%A} {coming_day().day} {coming_day():%B %Y}" in text


def test_fifty_times_are_named_and_the_rest_is_counted(tools, in_hospital):
    busy = make_service(make_practitioner("Dr Quick"), slug="quick", duration_minutes=5, slot_interval=5)

    outcome = tools.outcome("check_availability", event_type_id=busy.pk, date=coming_day().isoformat())

    assert outcome.result["count"] == 84
    assert outcome.text.count(":") == 51
    assert "and 34 more" in outcome.text


def test_in_the_hour_that_comes_twice_the_offset_is_said(tools, hospital, in_hospital):
    hospital.timezone = "America/New_York"
    hospital.save()
    owl = make_practitioner("Dr Owl", hours=False)
    give_hours(owl, ("00:00", "03:00"))
    night = make_service(owl, slug="night", horizon_days=500)
    clocks_back = date(2027, 11, 7)

    text = said(tools, "check_availability", event_type_id=night.pk, date=clocks_back.isoformat())

    assert "01:30 (UTC-04:00)" in text
    assert "01:30 (UTC-05:00)" in text
    assert ", 02:00," in text


# ── what is refused ───────────────────────────────────────────────────────────
def test_a_taken_time_comes_with_others(tools, slot, desk, check_up):
    book(desk, check_up, at(9, 30))

    for name, more in (("hold_slot", {}), ("create_booking", {"guest_name": "Ben"})):
        error = tools.refused(name, **slot, **more)
        assert (error["code"], error["reason"], error["retryable"]) == ("CONFLICT", "slot_taken", False)
        assert len(error["alternatives"]) == 3
        assert {"start", "end", "time", "provider", "seats_left"} == set(error["alternatives"][0])


def test_a_day_without_free_times_names_the_nearest(tools, check_up):
    past = (coming_day() - timedelta(days=3)).isoformat()

    outcome = tools.outcome("check_availability", event_type_id=check_up.pk, date=past)

    assert (outcome.result["slots"], len(outcome.result["alternatives"])) == ([], 3)
    assert "The nearest free times" in outcome.text


@pytest.mark.parametrize(("name", "more", "reason"), [
    ("check_availability", {"event_type_id": 999_999}, "event_type_not_found"),
    ("check_availability", {"provider_id": NOWHERE}, "provider_not_found"),
    ("hold_slot", {"time": "03:00"}, "outside_hours"),
    ("create_booking", {"guest_name": "Ben", "hold_id": NOWHERE}, "hold_expired"),
])  # fmt: skip
def test_what_is_not_there_is_named(tools, slot, name, more, reason):
    asked = {**slot, **more}
    if name == "check_availability":
        del asked["time"]

    assert tools.refused(name, **asked)["reason"] == reason


@pytest.mark.parametrize(("name", "asked", "field"), [
    ("create_booking", {"date": "2569-11-20"}, "date"),
    ("create_booking", {"time": "9.30"}, "time"),
    ("create_booking", {"guest_phone": "123"}, "guest_phone"),
    ("create_booking", {"guest_name": "\u200b"}, "guest_name"),
    ("hold_slot", {"event_type_id": "1_0"}, "event_type_id"),
    ("search_appointments", {}, "phone"),
    ("search_appointments", {"phone": "12"}, "phone"),
    ("search_appointments", {"phone": "0898765432", "cursor": "x"}, "cursor"),
])  # fmt: skip
def test_wrong_input_is_refused_by_its_field_without_an_echo(tools, slot, name, asked, field):
    if name != "search_appointments":
        asked = {**slot, **({"guest_name": "Ben"} if name == "create_booking" else {}), **asked}

    error = tools.refused(name, **asked)

    assert (error["code"], list(error["details"])) == ("VALIDATION_ERROR", [field])
    assert not Appointment.objects.exists()


def test_a_time_that_the_clocks_skip_is_refused_by_its_field(tools, hospital, in_hospital, check_up, desk):
    row = book(desk, check_up, at(10))
    hospital.timezone = "America/New_York"
    hospital.save()
    skipped = {"new_date": "2027-03-14", "new_time": "02:30"}

    error = tools.refused("reschedule_booking", booking_reference=row.reference, **skipped)

    assert list(error["details"]) == ["new_time"]


def test_confirming_is_asked_only_where_there_is_something_to_confirm(tools, desk, check_up):
    row = book(desk, check_up, at(10), guest=guest("Malee <b>Srisuk</b>"))
    error = tools.refused("cancel_booking", booking_reference=row.reference)
    assert "Dr Bob" in error["details"]["question"]
    assert "Malee" not in str(error)

    set_status(row, "COMPLETED")
    assert tools.refused("cancel_booking", booking_reference=row.reference)["reason"] == "illegal_status"
    assert tools.refused("cancel_booking", booking_reference="CCCC-CCCC")["reason"] == "booking_not_found"


# ── who sees what ─────────────────────────────────────────────────────────────
def test_a_patient_searches_without_a_criterion_and_finds_their_own(tools_of, people, desk, check_up):
    mine = book(desk, check_up, at(9), guest=guest(people.alice.name, people.alice.phone_number))
    theirs = book(desk, check_up, at(10))
    alice = tools_of(Role.PATIENT)

    assert [one["reference"] for one in alice.call("search_appointments")["results"]] == [mine.reference]
    assert alice.refused("cancel_booking", booking_reference=theirs.reference, confirm=True)["reason"] == (
        "booking_not_found"
    )
    assert alice.call("cancel_booking", booking_reference=mine.reference, confirm=True)["success"]


def test_a_search_goes_on_page_by_page(tools, desk, check_up):
    for hour in (9, 10, 11):
        book(desk, check_up, at(hour))

    first = tools.call("search_appointments", phone="0898765432", limit=2)
    rest = tools.call("search_appointments", phone="0898765432", limit=2, cursor=first["next_cursor"])

    hours = [one["start"][11:13] for one in first["results"] + rest["results"]]
    assert (hours, rest["next_cursor"]) == (["11", "10", "09"], None)


def test_another_hospitals_booking_is_not_found(tools, other_hospital, other_people):
    with inside(other_hospital):
        actor = other_people.actor(Role.FRONT_DESK)
        row = book(actor, HealthcareService.objects.get(slug="check-up"), at(9))
        phone = row.guest_phone

    assert tools.call("search_appointments", phone=phone)["count"] == 0
    for name, more in (
        ("cancel_booking", {"confirm": True}),
        ("reschedule_booking", {"new_date": coming_day().isoformat(), "new_time": "10:00"}),
    ):
        assert tools.refused(name, booking_reference=row.reference, **more)["reason"] == "booking_not_found"


def test_a_platforms_key_names_the_hospital_by_its_subdomain(tools_of_platform, check_up):
    platform = tools_of_platform("read:bookings")

    assert platform.refused("get_event_types")["details"].keys() == {"subdomain"}
    assert platform.call("get_event_types", subdomain="ploy")["count"] == 1
    assert platform.refused("get_event_types", subdomain="nowhere")["reason"] == "hospital_not_found"
