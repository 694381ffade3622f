"""What a field cannot be is refused with 400 and the field's name, and nothing is stored."""

import pytest

from tests.api.stored import nothing_stored
from tests.api.wire import all_wrong, day, wrong

NUMBERS_AND_CONTAINERS = [5, 1.5, True, False, [], ["2026-11-20"], {}, {"a": 1}]

DATES = [
    "2026-02-30", "2026-13-01", "2026-00-10", "2026-11-00", "2569-11-20", "2400-01-01", "9999-12-31",
    "0000-01-01",
    "20/11/2026", "20-11-2026", "2026/11/20", "2026-1-2", "20261120", "2026-W47-5", "2026-324", "2026-1-20\n",
    "2026-11-20T09:00", "2026-11-20 ", "๒๐๒๖-๑๑-๒๐", "tomorrow", "", " ", "\0", "\ud800", "2026-11-2\0", None,
    *NUMBERS_AND_CONTAINERS,
]  # fmt: skip
TIMES = [
    "25:00", "24:00", "09:60", "9:5", "9:05", "09:5", "09.30", "0930", "09:30:15", "09:30:60",
    "09:30:00.5", "09:30Z",
    "09:30+07:00", "09:30 ", " 09:30", "๐๙:๓๐", "0๙:30", "9 am", "-1:00", "noon", "", "\0", "09:3\0",
    "\ud800", None,
    *NUMBERS_AND_CONTAINERS,
]  # fmt: skip
EVENT_TYPES = [
    "abc", "", " 1", "1_0", "１", "0x1", "1e0", "\0", "\ud800", 0, -1, 1.5, 2**31, 10**40, True, False,
    None, [], {}, [1],
    "9" * 2000,
]  # fmt: skip
IDS = [
    "x",
    "5f0c1c5e",
    "5f0c1c5e-5d0a-4a53-9f0e-6a8a3f0f2a1g",
    "' OR 1=1",
    "\0",
    "\ud800",
    "",
    *NUMBERS_AND_CONTAINERS,
]
NAMES = [
    "", " ", "\n\t", None, "a" * 201, "Malee\0", "\0", "Ma\x07lee", "Ma\x1b[31mlee", "Ma\x7flee",
    "Ma\x9blee", "\ud800",
    "Malee \udfff", *NUMBERS_AND_CONTAINERS,
]  # fmt: skip
EMAILS = [
    "malee", "malee@", "@example.org", "a b@example.org", "malee@example", "a@b@example.org",
    "Malee <m@example.org>",
    "m@example.org\nBcc: x@example.org", "m\0@example.org", "\ud800@example.org",
    "m@example.org,n@example.org",
    "a" * 250 + "@example.org", *NUMBERS_AND_CONTAINERS,
]  # fmt: skip
PHONES = [
    "x", "12", "0", "081-234", "+", "+66", "+66 81 234 56789 0", "99999999999999999999", "0812345678\0",
    "\ud800",
    "08123\x0745678", "0" * 41, "+1 555 0100", *NUMBERS_AND_CONTAINERS,
]  # fmt: skip
NOTES = ["a" * 2001, "\0", "a\0b", "a\x08b", "a\x1bb", "\ud800", *NUMBERS_AND_CONTAINERS]
REASONS = ["a" * 501, "\0", "a\x1bb", "\ud800", *NUMBERS_AND_CONTAINERS]

CREATE = {
    "event_type_id": EVENT_TYPES, "date": DATES, "time": TIMES, "provider_id": IDS, "hold_id": IDS,
    "guest_name": NAMES, "guest_email": EMAILS, "guest_phone": PHONES, "notes": NOTES,
}  # fmt: skip
HOLD = {"event_type_id": EVENT_TYPES, "date": DATES, "time": TIMES, "provider_id": IDS}
MOVE = {"new_date": DATES, "new_time": TIMES, "provider_id": IDS, "reason": REASONS}


@pytest.mark.parametrize("field", CREATE)
def test_create_refuses_it_by_the_name_of_the_field(rest, visit, field):
    with nothing_stored("ploy"):
        answers = [(value, rest.post("/create", visit(**{field: value}))) for value in CREATE[field]]

    all_wrong(answers, field)


@pytest.mark.parametrize("field", HOLD)
def test_hold_refuses_it_by_the_name_of_the_field(rest, visit, field):
    with nothing_stored("ploy"):
        answers = [(value, rest.post("/hold", visit(**{field: value}))) for value in HOLD[field]]

    all_wrong(answers, field)


@pytest.mark.parametrize("field", MOVE)
def test_reschedule_refuses_it_by_the_name_of_the_field(rest, booked, field):
    path, right = f"/{booked()['reference']}/reschedule", {"new_date": day(2), "new_time": "09:00"}

    with nothing_stored("ploy"):
        answers = [(value, rest.post(path, {**right, field: value})) for value in MOVE[field]]

    all_wrong(answers, field)


def test_cancel_refuses_it_by_the_name_of_the_field(rest, booked):
    path = f"/{booked()['reference']}/cancel"

    with nothing_stored("ploy"):
        answers = [(value, rest.post(path, {"reason": value})) for value in REASONS]

    all_wrong(answers, "reason")


def in_an_address(values: list) -> list[str]:
    return [one for one in values if isinstance(one, str) and one not in ("", "\ud800")]


@pytest.mark.parametrize(
    ("field", "values"), [("date", DATES), ("provider_id", IDS)], ids=["date", "provider_id"]
)
def test_availability_refuses_it_by_the_name_of_the_parameter(rest, check_up, field, values):
    path = f"/availability/{check_up.pk}"
    answers = [(value, rest.get(path, **{"date": day(), field: value})) for value in in_an_address(values)]

    all_wrong(answers, field)


@pytest.mark.parametrize("field", ["date_from", "date_to"])
@pytest.mark.parametrize("value", ["2026-02-30", "2569-11-20", "x", "\0"])
def test_availability_refuses_a_wrong_end_of_a_range_by_its_name(rest, check_up, field, value):
    wrong(
        rest.get(f"/availability/{check_up.pk}", **{"date_from": day(), "date_to": day(), field: value}),
        field,
    )


@pytest.mark.parametrize("field", ["event_type_id", "date", "time", "guest_name"])
def test_what_is_needed_must_be_there(rest, visit, field):
    body = visit()
    del body[field]

    with nothing_stored():
        answer = rest.post("/create", body)

    wrong(answer, field)


def test_all_wrong_fields_are_named_at_once(rest):
    with nothing_stored():
        answer = rest.post("/create", {"date": "x", "guest_email": "x", "provider_id": "x"})

    wrong(answer, "event_type_id", "date", "time", "guest_name", "guest_email", "provider_id")


def test_an_unknown_form_of_date_is_told_how_to_write_it_and_a_buddhist_year_what_it_is(rest, visit):
    form = rest.post("/create", visit(date="20/11/2026")).json()["error"]["details"]["date"]
    year = rest.post("/create", visit(date="2569-11-20")).json()["error"]["details"]["date"]

    assert form == ["Write the date as YYYY-MM-DD, such as 2026-11-20; it must exist."]
    assert year == ["Write the Gregorian year: 2569 of the Buddhist era is 2026."]


def test_refusals_do_not_repeat_what_was_sent(rest, visit):
    answer = rest.post(
        "/create",
        visit(
            guest_phone="CANARY-1",
            guest_email="CANARY-2",
            date="CANARY-3",
            time="CANARY-4",
            provider_id="CANARY-5",
        ),
    )

    assert answer.status_code == 400
    assert b"CANARY" not in answer.content


@pytest.mark.parametrize(
    ("name", "phone"),
    [("ß" * 200, "0898765432"), ("ﷺ" * 200, "0898765432"), ("İ" * 200, "0898765432"), ("🌸" * 200, "")],
    ids=["sharp s", "ligature", "dotted i", "flower"],
)
def test_the_longest_name_is_stored_in_any_letters(rest, visit, name, phone):
    answer = rest.post("/create", visit(guest_name=name, guest_phone=phone))

    assert (answer.status_code, answer.json()["guest_name"]) == (201, name)


def test_the_longest_notes_and_reason_are_stored(rest, booked):
    body = booked(notes="น" * 2000)
    cancelled = rest.post(f"/{body['reference']}/cancel", {"reason": "ห" * 500}).json()

    assert (cancelled["notes"], cancelled["cancel_reason"]) == ("น" * 2000, "ห" * 500)
