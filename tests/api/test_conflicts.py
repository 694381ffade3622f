"""Each reason for which a time is refused, by create and by hold, with times that can be had instead."""

from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connection

from bookings.actions import seats
from bookings.models import Holiday, ScheduleException
from tenants.context import inside
from tests.api.contract import checked
from tests.api.stored import nothing_stored
from tests.api.wire import UUID, Like, day, refusal, slot
from tests.conftest import make_api_key
from tests.support.catalogue import give_hours, make_practitioner, make_service
from tests.support.rest import Rest

NEXT = {"start": Like(r"\d{4}-\d\d-\d\dT\d\d:\d\d:00\+07:00"), "time": Like(r"\d\d:\d\d")}


def take_time_off(hospital, person, ahead: int, begin: str, end: str) -> None:
    with inside(hospital):
        ScheduleException.objects.create(
            practitioner=person, kind="TIME_OFF", date_from=day(ahead), date_until=day(ahead),
            start_time=begin, end_time=end,
        )  # fmt: skip


def notice_of_a_day(hospital, check_up, _bob) -> None:
    with inside(hospital):
        check_up.minimum_notice = 24 * 60 * 2
        check_up.save()


def closed(hospital, _check_up, _bob) -> None:
    with inside(hospital):
        Holiday.objects.create(date=day(3), name_th="หยุด", name_en="Closed", is_confirmed=True)


def away(hospital, _check_up, bob) -> None:
    take_time_off(hospital, bob, 3, "09:00", "12:00")


def nothing(*_: object) -> None:
    """The world as it is."""


REASONS = {
    "past": (nothing, "10:00", -1),
    "too_soon": (notice_of_a_day, "10:00", 1),
    "beyond_horizon": (nothing, "10:00", 61),
    "holiday": (closed, "10:00", 3),
    "time_off": (away, "10:00", 3),
    "outside_hours": (nothing, "12:00", 3),
    "off_grid": (nothing, "10:10", 3),
}


@pytest.mark.parametrize("path", ["/create", "/hold"])
@pytest.mark.parametrize("reason", REASONS)
def test_a_time_that_cannot_be_had_is_refused_with_its_reason_and_nothing_is_stored(
    rest, hospital, check_up, dr_bob, visit, reason, path
):
    prepare, at, ahead = REASONS[reason]
    prepare(hospital, check_up, dr_bob)

    with nothing_stored():
        answer = rest.post(path, visit(at, ahead=ahead))

    details = refusal(answer, 409, "CONFLICT", reason)
    assert set(details) == {"reason", "alternatives"}
    assert len(details["alternatives"]) == 3
    for one in details["alternatives"]:
        assert one == {
            **NEXT,
            "end": (datetime.fromisoformat(one["start"]) + timedelta(minutes=30)).isoformat(),
            "provider": {"id": str(dr_bob.pk), "name": "Dr Bob"},
            "seats_left": 1,
        }
        assert one["start"][11:16] == one["time"]


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_offered_instead_can_be_booked(rest, hospital, check_up, dr_bob, visit, reason):
    prepare, at, ahead = REASONS[reason]
    prepare(hospital, check_up, dr_bob)
    offered = rest.post("/create", visit(at, ahead=ahead)).json()["error"]["details"]["alternatives"]

    for one in offered:
        body = {**visit(one["time"]), "date": one["start"][:10], "provider_id": one["provider"]["id"]}
        answer = rest.post("/create", body)
        assert (answer.status_code, answer.json()["start"]) == (201, one["start"])


def test_a_taken_slot_is_refused_with_the_nearest_free_ones(rest, dr_bob, booked, visit):
    booked("10:00")

    with nothing_stored():
        answer = rest.post("/create", visit("10:00", guest_name="Somebody Else"))

    assert refusal(answer, 409, "CONFLICT") == {
        "reason": "slot_taken",
        "alternatives": [slot(dr_bob, "09:30"), slot(dr_bob, "10:30"), slot(dr_bob, "09:00")],
    }


def test_alternatives_of_a_named_provider_are_that_providers(rest, dr_bob, dr_eve, booked, visit):
    booked("10:00", provider_id=str(dr_eve.pk))

    answer = rest.post("/create", visit("10:00", guest_name="Else", provider_id=str(dr_eve.pk)))

    details = refusal(answer, 409, "CONFLICT", "slot_taken")
    assert [one["provider"]["name"] for one in details["alternatives"]] == ["Dr Eve"] * 3


def test_when_nothing_is_free_the_list_of_alternatives_is_empty(rest, hospital, in_hospital):
    rare = make_practitioner("Dr Rare", hours=False)
    service = make_service(rare, slug="rare", horizon_days=2)

    answer = rest.post(
        "/create", {"event_type_id": service.pk, "date": day(), "time": "10:00", "guest_name": "Malee"}
    )

    assert refusal(answer, 409, "CONFLICT") == {"reason": "outside_hours", "alternatives": []}


def test_a_patient_cannot_be_in_two_places_and_is_offered_other_times(rest, dr_bob, dr_eve, booked, visit):
    mine = {"guest_phone": "0898765432"}
    booked("10:00", provider_id=str(dr_bob.pk), **mine)

    with nothing_stored():
        answer = rest.post("/create", visit("10:00", provider_id=str(dr_eve.pk), **mine))

    details = refusal(answer, 409, "CONFLICT", "patient_busy")
    assert [one["time"] for one in details["alternatives"]] == ["09:30", "10:30", "09:00"]
    assert {one["provider"]["id"] for one in details["alternatives"]} == {str(dr_eve.pk)}


@pytest.mark.parametrize("reason", [*REASONS, "slot_taken"])
def test_moving_is_refused_for_the_same_reasons(rest, hospital, check_up, dr_bob, booked, reason):
    prepare, at, ahead = {**REASONS, "slot_taken": (nothing, "16:00", 1)}[reason]
    reference = booked("09:00", guest_phone="0898765432")["reference"]
    booked("16:00")
    prepare(hospital, check_up, dr_bob)

    with nothing_stored():
        answer = rest.post(f"/{reference}/reschedule", {"new_date": day(ahead), "new_time": at})

    details = refusal(answer, 409, "CONFLICT", reason)
    assert details["alternatives"][0]["provider"] == {"id": UUID, "name": "Dr Bob"}


def test_when_a_provider_is_fought_over_for_too_long_the_caller_is_told_to_try_again(
    fresh_hospital, monkeypatch
):
    # Not three seconds: this test knows that it will wait in vain.
    monkeypatch.setattr(seats, "LOCK_TIMEOUT", 50)
    with inside(fresh_hospital):
        wanted = make_practitioner("Dr Wanted", hours=False)
        give_hours(wanted)
        service = make_service(wanted, slug="wanted")
    rest = checked(Rest(fresh_hospital, make_api_key(fresh_hospital)))
    asked = {"event_type_id": service.pk, "date": day(), "time": "10:00", "guest_name": "Malee"}

    with psycopg.connect(**connection.get_connection_params()) as rival:
        # Another session is just booking with the same person.
        rival.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{fresh_hospital.schema_name}:{wanted.pk}"],
        )
        with nothing_stored("fresh"):
            answer = rest.post("/create", asked)

    assert refusal(answer, 409, "CONFLICT") == {"reason": "try_again"}
    assert rest.post("/create", asked).status_code == 201
