from collections import Counter

import pytest

from tests.live.crowd import at_once, day_ahead

CROWD, ROUNDS = 500, 10
BOOKINGS_OF_MALEE = "SELECT count(*) FROM bookings_appointment WHERE guest_name = 'Malee Srisuk'"


@pytest.mark.parametrize("number", range(ROUNDS))
def test_of_500_people_at_one_slot_one_gets_it_and_499_hear_what_else_is_free(platform, number):
    door, place = platform.door("ploy"), platform.places["ploy"]
    day, time = day_ahead(2 + number).isoformat(), "09:30"

    def book(person):
        body = {
            "event_type_id": place["check_up"], "date": day, "time": time,
            "guest_name": f"Person {person}", "guest_phone": f"+66812{person:06}",
        }  # fmt: skip
        return lambda: door.call("POST", "/create", body)

    answers = at_once(door, [book(person) for person in range(CROWD)])

    assert Counter(answer.status for answer in answers) == {201: 1, 409: CROWD - 1}
    refusals = [answer.body["error"] for answer in answers if answer.status == 409]
    assert {refusal["details"]["reason"] for refusal in refusals} == {"slot_taken"}
    assert all(len(refusal["details"]["alternatives"]) == 3 for refusal in refusals)
    stored = platform.query(
        "ploy", f"SELECT status FROM bookings_appointment WHERE start = '{day}T{time}+07'"
    )
    assert stored == [("SCHEDULED",)]


def test_of_60_people_at_a_group_of_five_five_get_a_seat(platform):
    door, place = platform.door("ploy"), platform.places["ploy"]
    body = {"event_type_id": place["group"], "date": day_ahead(30).isoformat(), "time": "10:00"}

    def book(person):
        return lambda: door.call("POST", "/create", {**body, "guest_name": f"Person {person}"})

    answers = at_once(door, [book(person) for person in range(60)])

    assert Counter(answer.status for answer in answers) == {201: 5, 409: 55}


def test_50_equal_requests_with_one_idempotency_key_make_one_booking_and_50_equal_answers(platform):
    door, place = platform.door("ploy"), platform.places["ploy"]
    body = {
        "event_type_id": place["check_up"], "date": day_ahead(31).isoformat(), "time": "11:00",
        "guest_name": "Malee Srisuk", "guest_phone": "0812345678",
    }  # fmt: skip

    def book():
        return door.call("POST", "/create", body, **{"Idempotency-Key": "one-and-only"})

    answers = at_once(door, [book] * 50)

    assert {answer.status for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Counter(answer.headers.get("Idempotency-Replayed") for answer in answers) == {"true": 49, None: 1}
    assert platform.query("ploy", BOOKINGS_OF_MALEE) == [(1,)]
