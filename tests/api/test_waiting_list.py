"""The waiting list by REST."""

from typing import Any

import pytest

from tenants.context import inside
from tests.api.stored import nothing_stored
from tests.api.wire import MOMENT, REFERENCE, UUID, day, refusal, wrong
from tests.support.waiting_list import let_jobs_run, let_offer_run_out

PHONE = "+66823456789"


@pytest.fixture
def guest_waits(check_up) -> dict[str, Any]:
    """The body that puts Anong on the list for the check-up, with anybody."""
    return {"event_type_id": check_up.pk, "guest_name": "Anong", "guest_phone": "082-345-6789"}


@pytest.fixture
def joined(rest, guest_waits):
    """Join by REST and return the entry."""

    def join(**more: Any) -> dict[str, Any]:
        answer = rest.post("/waiting-list", {**guest_waits, **more})
        assert answer.status_code == 201, answer.content
        return answer.json()

    return join


@pytest.fixture
def free_up(rest, booked, hospital):
    """Book and cancel a time, and let happen what follows."""

    def cancel(at: str = "10:00", **more: Any) -> None:
        row = booked(at, guest_name="Nok", **more)
        assert rest.post(f"/{row['reference']}/cancel").status_code == 200
        with inside(hospital):
            let_jobs_run()

    return cancel


def look(rest, entry):
    answer = rest.get(f"/waiting-list/{entry['id']}")
    assert answer.status_code == 200
    return answer.json()


def test_whoever_joins_sees_where_they_stand(rest, joined, check_up):
    entry = joined(date_from=day(1), date_to=day(5), part_of_day="morning")

    assert entry == {
        "id": UUID, "status": "WAITING", "event_type": {"id": check_up.pk, "name": "check-up"},
        "provider": None, "date_from": day(1), "date_to": day(5), "part_of_day": "morning",
        "brings_forward": None, "offer": None, "offers_missed": 0, "booking": None, "guest_name": "Anong",
        "guest_email": "", "guest_phone": PHONE, "timezone": "Asia/Bangkok", "created_at": MOMENT,
        "updated_at": MOMENT,
    }  # fmt: skip
    assert look(rest, entry) == entry


def test_what_is_offered_is_told_and_accepting_books_it(rest, joined, free_up, dr_bob):
    entry = joined()
    free_up()

    told = look(rest, entry)
    assert told["status"] == "OFFERED"
    assert told["offer"] == {
        "start": f"{day()}T10:00:00+07:00", "end": f"{day()}T10:30:00+07:00",
        "provider": {"id": str(dr_bob.pk), "name": "Dr Bob"}, "expires_at": MOMENT,
    }  # fmt: skip

    answer = rest.post(f"/waiting-list/{entry['id']}/accept", {"notes": "By wheelchair"})

    assert answer.status_code == 200
    row = answer.json()
    assert (row["reference"], row["status"], row["start"]) == (REFERENCE, "SCHEDULED", told["offer"]["start"])
    assert (row["notes"], row["guest_phone"], row["source"]) == ("By wheelchair", PHONE, "api")
    after = look(rest, entry)
    assert (after["status"], after["booking"], after["offer"]) == ("ACCEPTED", row["reference"], None)
    again = rest.post(f"/waiting-list/{entry['id']}/accept")
    assert (again.status_code, again.json()["reference"]) == (200, row["reference"])


def test_a_booking_comes_sooner_under_its_reference(rest, booked, joined, free_up):
    later = booked("14:00", ahead=5, guest_name="Anong", guest_phone=PHONE)
    entry = rest.post("/waiting-list", {"reference": later["reference"].lower()}).json()
    assert (entry["brings_forward"], entry["date_to"], entry["guest_name"]) == (
        later["reference"],
        day(5),
        "Anong",
    )
    free_up()

    row = rest.post(f"/waiting-list/{entry['id']}/accept").json()

    assert row["reference"] == later["reference"]
    assert row["start"] == f"{day()}T10:00:00+07:00"
    assert look(rest, entry)["booking"] == later["reference"]


def test_declining_and_leaving(rest, joined, free_up):
    first, second = joined(), joined(guest_name="Boon", guest_phone="0823456780")
    free_up()

    told = rest.post(f"/waiting-list/{first['id']}/decline")
    assert (told.status_code, told.json()["status"], told.json()["offer"]) == (200, "WAITING", None)
    refusal(rest.post(f"/waiting-list/{first['id']}/decline"), 409, "CONFLICT", "nothing_offered")
    assert rest.delete(f"/waiting-list/{first['id']}").status_code == 204
    assert look(rest, first)["status"] == "LEFT"
    gone = rest.delete(f"/waiting-list/{first['id']}")
    refusal(gone, 404, "RESOURCE_NOT_FOUND", "waiting_list_entry_not_found")
    assert look(rest, second)["status"] == "WAITING"


def test_declining_may_take_one_off_the_list(rest, joined, free_up, hospital):
    first, second = joined(), joined(guest_name="Boon", guest_phone="0823456780")
    free_up()

    told = rest.post(f"/waiting-list/{first['id']}/decline", {"leave": True})
    with inside(hospital):
        let_jobs_run()

    assert told.json()["status"] == "LEFT"
    assert look(rest, second)["offer"]["start"] == f"{day()}T10:00:00+07:00"


def test_an_offer_that_ran_out_is_refused_with_its_reason(rest, joined, free_up, hospital):
    entry = joined()
    free_up()
    with inside(hospital):
        let_offer_run_out(entry["id"])

    with nothing_stored():
        for answer in ("accept", "decline"):
            told = rest.post(f"/waiting-list/{entry['id']}/{answer}")
            assert refusal(told, 409, "CONFLICT") == {"reason": "offer_expired"}


def test_nobody_joins_twice(rest, joined, guest_waits):
    joined()

    with nothing_stored("ploy"):
        answer = rest.post("/waiting-list", guest_waits)
    refusal(answer, 409, "CONFLICT", "already_waiting")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"guest_name": ""}, "guest_name"),
        ({"guest_phone": ""}, "guest_phone"),
        ({"guest_phone": "x"}, "guest_phone"),
        ({"guest_phone": None, "guest_email": "x"}, "guest_email"),
        ({"event_type_id": None}, "event_type_id"),
        ({"event_type_id": "x"}, "event_type_id"),
        ({"provider_id": "x"}, "provider_id"),
        ({"date_from": "tomorrow"}, "date_from"),
        ({"date_from": "2569-11-20"}, "date_from"),
        ({"date_to": day(-1)}, "date_to"),
        ({"date_to": day(500)}, "date_to"),
        ({"part_of_day": "night"}, "part_of_day"),
        ({"reference": "K7QM-4TXR"}, "reference"),
    ],
)
def test_what_is_wrong_is_named(rest, guest_waits, more, field):
    with nothing_stored():
        answer = rest.post("/waiting-list", {**guest_waits, **more})

    wrong(answer, field)


@pytest.mark.parametrize("leave", ["yes", 1, None, []])
def test_whether_to_leave_is_true_or_false(rest, joined, leave):
    entry = joined()

    wrong(rest.post(f"/waiting-list/{entry['id']}/decline", {"leave": leave}), "leave")


def test_an_unknown_booking_cannot_come_sooner(rest, check_up):
    answer = rest.post("/waiting-list", {"reference": "CCCC-CCCC"})

    refusal(answer, 404, "RESOURCE_NOT_FOUND", "booking_not_found")


def test_the_list_is_read_in_its_order_page_by_page(rest, joined):
    line = [
        joined(guest_name=name, guest_phone=f"082345678{at}")["id"] for at, name in enumerate(("A", "B", "C"))
    ]

    first = rest.get("/waiting-list", limit=2).json()
    second = rest.get("/waiting-list", limit=2, cursor=first["next_cursor"]).json()

    assert [one["id"] for one in first["results"] + second["results"]] == line
    assert (first["count"], second["next_cursor"]) == (3, None)


def test_entries_are_found_by_phone_email_reference_and_status(rest, joined, booked):
    mine = joined(guest_email="Anong@Example.org")
    later = booked("14:00", ahead=5)
    other = rest.post("/waiting-list", {"reference": later["reference"]}).json()
    rest.delete(f"/waiting-list/{other['id']}")

    def found(**by: str) -> list[str]:
        return [one["id"] for one in rest.get("/waiting-list", **by).json()["results"]]

    assert (
        found(phone="082 345 6789")
        == found(email="ANONG@example.org")
        == found(status="WAITING")
        == [mine["id"]]
    )
    assert found(reference=later["reference"].lower()) == found(status="LEFT") == [other["id"]]
    assert found() == [mine["id"], other["id"]]
    wrong(rest.get("/waiting-list", status="GONE"), "status")
    wrong(rest.get("/waiting-list", phone="x"), "phone")
