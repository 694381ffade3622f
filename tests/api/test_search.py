import base64
import re

import pytest

from bookings.models import Appointment
from tenants.context import inside
from tests.api.stored import nothing_stored
from tests.api.wire import STARTS, day, send, wrong
from tests.support.booking import set_status


@pytest.fixture
def three(booked) -> list[dict]:
    """Three bookings: Malee's two, of which one by e-mail, and her brother's with the same phone."""
    return [
        booked("09:00", guest_phone="0898765432", guest_email="malee@example.org"),
        booked("09:30", guest_email="malee@example.org"),
        booked("10:00", guest_phone="0898765432", guest_name="Mana Srisuk"),
    ]


def found(rest, **asked) -> list[dict]:
    answer = rest.get("/search", **asked)
    assert answer.status_code == 200, answer.content
    assert answer.json()["count"] == len(answer.json()["results"])
    assert answer.json()["next_cursor"] is None
    return answer.json()["results"]


def test_whole_bookings_are_told_latest_start_first(rest, three):
    answer = rest.get("/search", phone="0898765432")

    assert answer.status_code == 200
    assert answer.json() == {"results": [three[2], three[0]], "count": 2, "next_cursor": None}


@pytest.mark.parametrize(
    "phone", ["0898765432", "089-876-5432", "+66898765432", "+66 89 876 5432", " 66898765432"]
)
def test_a_phone_is_found_in_any_spelling(rest, three, phone):
    assert found(rest, phone=phone) == [three[2], three[0]]


def test_a_plus_that_was_not_escaped_in_the_address_is_understood(rest, three):
    assert send(rest, "GET", "/search?phone=+66898765432").json()["count"] == 2


def test_an_email_is_found_in_any_case(rest, three):
    assert found(rest, email="Malee@EXAMPLE.org") == [three[1], three[0]]


def test_a_reference_is_found_in_any_spelling(rest, three):
    reference = three[1]["reference"]

    assert found(rest, reference=reference) == [three[1]]
    assert found(rest, reference=reference.replace("-", "").lower()) == [three[1]]
    assert found(rest, reference=f" {reference} ") == [three[1]]


def test_all_given_criteria_must_match(rest, three):
    one, two, three_ = three

    assert found(rest, phone="0898765432", email="malee@example.org") == [one]
    assert found(rest, phone="0898765432", reference=three_["reference"]) == [three_]
    assert found(rest, email="malee@example.org", reference=two["reference"]) == [two]
    assert found(rest, phone="0898765432", email="malee@example.org", reference=one["reference"]) == [one]
    assert found(rest, phone="0898765432", reference=two["reference"]) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"phone": "0811111111"},
        {"email": "nobody@example.org"},
        {"reference": "CCCC-CCCC"},
        {"reference": "?"},
    ],
)
def test_what_matches_nothing_is_an_empty_list_and_no_error(rest, three, asked):
    assert found(rest, **asked) == []


def test_nothing_is_found_by_a_part_or_a_pattern(rest, three):
    for asked in ({"reference": three[0]["reference"][:4]}, {"reference": "%"}, {"reference": "____-____"}):
        assert found(rest, **asked) == []


def test_cancelled_bookings_are_found_too(rest, three):
    reference = three[0]["reference"]
    cancelled = rest.post(f"/{reference}/cancel").json()

    assert found(rest, reference=reference) == [cancelled]
    assert cancelled["status"] == "CANCELLED"


@pytest.fixture
def forty_five(rest, hospital, booked) -> list[str]:
    """References of 45 bookings of one phone, latest start first; some of them at the same time."""
    made = []
    for ahead in (1, 2, 3):
        made += [booked(at, ahead=ahead, guest_email="many@example.org")["reference"] for at in STARTS]
    for _ in range(3):
        # At 16:30 of the last day again and again: the time that is freed by a cancellation.
        with inside(hospital):
            set_status(Appointment.objects.get(reference=made[-1]), "CANCELLED")
        made.append(booked("16:30", ahead=3, guest_email="many@example.org")["reference"])
    with inside(hospital):
        rows = Appointment.objects.order_by("-start", "-id")
        assert {row.reference for row in rows} == set(made)
        return [row.reference for row in rows]


def test_pages_of_any_size_show_each_of_45_bookings_once(rest, forty_five):
    for limit in (None, 1, 7, 44, 45, 100):
        asked, pages = {"email": "many@example.org"} | ({"limit": limit} if limit else {}), []
        for _page in range(46):  # a page that comes again must fail the test, not hang it
            body = rest.get("/search", **asked).json()
            assert body["count"] == 45
            pages.append([one["reference"] for one in body["results"]])
            if body["next_cursor"] is None:
                break
            asked["cursor"] = body["next_cursor"]
            assert re.fullmatch(r"[A-Za-z0-9_-]+", asked["cursor"])  # fit for an address as it is

        assert [reference for page in pages for reference in page] == forty_five
        size = limit or 20
        assert [len(page) for page in pages] == [size] * (45 // size) + [45 % size] * bool(45 % size)


def test_a_booking_that_comes_between_two_pages_moves_no_other(rest, forty_five, booked):
    first = rest.get("/search", email="many@example.org", limit=30).json()
    booked("09:00", ahead=9, guest_email="many@example.org")

    second = rest.get("/search", email="many@example.org", limit=30, cursor=first["next_cursor"]).json()

    told = [one["reference"] for body in (first, second) for one in body["results"]]
    assert told == forty_five


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


ID = "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a11"


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "!!!!", "ก", "%", "=", "\0", "a" * 201, encoded("2026-11-20T09:00:00+07:00"), encoded(f"|{ID}"),
        encoded(f"2026-11-20T09:00:00|{ID}"), encoded(f"2026-02-30T09:00:00+07:00|{ID}"),
        encoded("2026-11-20T09:00:00+07:00|5"), encoded("2026-11-20T09:00:00+07:00|' OR 1=1"),
    ],
)  # fmt: skip
def test_a_cursor_that_we_did_not_give_is_refused(rest, check_up, cursor):
    wrong(rest.get("/search", phone="0898765432", cursor=cursor), "cursor")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_made_up_cursor_at_the_end_of_time_is_refused(rest, check_up, moment):
    wrong(rest.get("/search", email="malee@example.org", cursor=encoded(f"{moment}|{ID}")), "cursor")


@pytest.mark.parametrize(
    "asked",
    [{}, {"limit": 5}, {"cursor": "x"}, {"name": "Malee"}, {"phone": ""}, {"email": "", "reference": ""}],
)
def test_at_least_one_criterion_must_be_given(rest, check_up, asked):
    wrong(rest.get("/search", **asked), "phone")


@pytest.mark.parametrize("limit", ["0", "-1", "101", "x", "1.5", "1_0", "９", "9" * 2000, "\0"])
def test_a_limit_that_is_no_number_from_1_to_100_is_refused(rest, check_up, limit):
    wrong(rest.get("/search", phone="0898765432", limit=limit), "limit")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", " "), ("phone", "x"), ("phone", "12"), ("phone", "0" * 41), ("phone", "08\0"),
        ("email", "malee"), ("email", "malee@"), ("email", "a\0@example.org"),
        ("email", "a" * 250 + "@example.org"), ("reference", "C" * 21), ("reference", "\0"),
    ],
)  # fmt: skip
def test_a_criterion_of_another_form_is_refused_with_its_name(rest, check_up, field, value):
    with nothing_stored():
        wrong(rest.get("/search", **{field: value}), field)


def test_a_search_stores_nothing(rest, three):
    with nothing_stored():
        assert len(found(rest, phone="0898765432")) == 2
        assert rest.get(f"/availability/{three[0]['event_type']['id']}", date=day()).status_code == 200
