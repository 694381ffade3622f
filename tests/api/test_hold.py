from datetime import UTC, datetime, timedelta

import pytest

from bookings.models import Appointment
from tenants.context import inside
from tests.api.stored import everything_stored, nothing_stored
from tests.api.wire import MOMENT, UUID, day, refusal, send, slot
from tests.support.booking import let_run_out

NOWHERE = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"


def test_a_slot_is_kept_for_ten_minutes(rest, check_up, dr_bob):
    answer = rest.post("/hold", {"event_type_id": check_up.pk, "date": day(), "time": "09:30"})

    assert answer.status_code == 201
    body = answer.json()
    assert body == {"hold_id": UUID, "expires_at": MOMENT, "slot": slot(dr_bob, "09:30")}
    left = datetime.fromisoformat(body["expires_at"]) - datetime.now(UTC)
    assert timedelta(minutes=9, seconds=50) < left <= timedelta(minutes=10)


def test_a_named_provider_is_the_one_who_is_held(held, dr_eve):
    assert held("09:30", provider_id=str(dr_eve.pk))["slot"] == slot(dr_eve, "09:30")


def test_what_is_held_cannot_be_booked_or_held_by_others(rest, held, visit):
    held("09:30")

    with nothing_stored():
        booking, hold = rest.post("/create", visit("09:30")), rest.post("/hold", visit("09:30"))

    refusal(booking, 409, "CONFLICT", "slot_taken")
    refusal(hold, 409, "CONFLICT", "slot_taken")


def test_a_held_seat_counts_among_the_seats_of_its_session(held, group, dr_bob):
    first, second = (held("09:00", event_type_id=group.pk) for _ in range(2))

    assert first["slot"] == slot(dr_bob, "09:00", minutes=60, seats_left=3)
    assert second["slot"] == slot(dr_bob, "09:00", minutes=60, seats_left=2)


def test_a_hold_is_let_go_with_an_empty_answer_and_its_slot_is_free(rest, held, booked):
    hold = held("09:30")["hold_id"]

    answer = rest.delete(f"/hold/{hold}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert booked("09:30")["start"] == f"{day()}T09:30:00+07:00"


def test_letting_go_twice_is_not_found(rest, held):
    hold = held("09:30")["hold_id"]
    assert rest.delete(f"/hold/{hold}").status_code == 204

    with nothing_stored():
        answer = rest.delete(f"/hold/{hold}")

    assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "hold_not_found"}


def test_a_booking_cannot_be_let_go_as_if_it_were_a_hold(rest, hospital, booked):
    reference = booked()["reference"]
    with inside(hospital):
        key = Appointment.objects.get(reference=reference).pk

    with nothing_stored():
        answer = rest.delete(f"/hold/{key}")

    refusal(answer, 404, "RESOURCE_NOT_FOUND", "hold_not_found")


def test_a_hold_that_ran_out_cannot_be_let_go_or_booked_and_blocks_nobody(rest, hospital, held, visit):
    hold = held("09:30")["hold_id"]
    with inside(hospital):
        let_run_out(Appointment.objects.get(pk=hold))

    refusal(rest.delete(f"/hold/{hold}"), 404, "RESOURCE_NOT_FOUND", "hold_not_found")
    refusal(rest.post("/create", visit("09:30", hold_id=hold)), 409, "CONFLICT", "hold_expired")
    assert rest.post("/create", visit("09:30")).status_code == 201


@pytest.mark.parametrize("hold", [NOWHERE, "x", "0", "..", f"{NOWHERE}0", f"{NOWHERE}%0A", "%00"])
def test_an_unknown_hold_is_not_found(rest, check_up, hold):
    with nothing_stored():
        answer = send(rest, "DELETE", f"/hold/{hold}")

    refusal(answer, 404, "RESOURCE_NOT_FOUND")


def test_a_hold_is_no_booking_to_anybody_who_looks(rest, hospital, held):
    hold = held("09:30")["hold_id"]
    with inside(hospital):
        reference = Appointment.objects.get(pk=hold).reference

    assert rest.get("/search", reference=reference).json() == {"results": [], "count": 0, "next_cursor": None}
    for answer in (
        rest.get(f"/{reference}"),
        rest.get(f"/{reference}.ics"),
        rest.post(f"/{reference}/cancel"),
        rest.post(f"/{reference}/reschedule", {"new_date": day(), "new_time": "10:00"}),
    ):
        refusal(answer, 404, "RESOURCE_NOT_FOUND", "booking_not_found")


def test_an_unknown_event_type_or_provider_is_not_found_and_nothing_is_stored(rest, check_up):
    asked = {"event_type_id": check_up.pk, "date": day(), "time": "09:30"}
    before = everything_stored("ploy")

    one = rest.post("/hold", {**asked, "event_type_id": 2147483647})
    other = rest.post("/hold", {**asked, "provider_id": NOWHERE})

    assert refusal(one, 404, "RESOURCE_NOT_FOUND") == {"reason": "event_type_not_found"}
    assert refusal(other, 404, "RESOURCE_NOT_FOUND") == {"reason": "provider_not_found"}
    assert everything_stored("ploy") == before
