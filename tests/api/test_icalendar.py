from datetime import datetime, timedelta
from time import sleep
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Event

from tenants.context import inside
from tests.api.stored import alter
from tests.api.wire import ZONE, day, refusal, send

GUEST = {
    "guest_name": "Malee Srisuk",
    "guest_phone": "0898765432",
    "guest_email": "malee@example.org",
    "notes": "A sore throat",
}


def calendar_of(rest, reference: str) -> Calendar:
    answer = rest.get(f"/{reference}.ics")
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.content)


def event_of(rest, reference: str) -> Event:
    events = calendar_of(rest, reference).walk("VEVENT")
    assert len(events) == 1
    return events[0]


def test_the_file_tells_when_where_what_and_with_whom(rest, hospital, booked):
    alter(hospital, address_line1="1 Rama Road")
    body = booked("13:30")

    calendar = calendar_of(rest, body["reference"])

    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    event = calendar.walk("VEVENT")[0]
    start = datetime.fromisoformat(f"{day()}T13:30").replace(tzinfo=ZoneInfo(ZONE))
    assert event.decoded("DTSTART") == start
    assert event.decoded("DTEND") == start + timedelta(minutes=30)
    assert event["SUMMARY"] == "check-up · Ploy Hospital"
    assert event["LOCATION"] == "Ploy Hospital, 1 Rama Road, Bangkok"
    assert event["STATUS"] == "CONFIRMED"
    assert body["reference"] in event["DESCRIPTION"]
    assert "Dr Bob" in event["DESCRIPTION"]


def test_times_are_on_the_hospitals_clocks_with_their_zone_in_the_file(rest, booked):
    calendar = calendar_of(rest, booked()["reference"])

    zones = calendar.walk("VTIMEZONE")
    assert [zone["TZID"] for zone in zones] == [ZONE]
    assert zones[0].walk("STANDARD")[0].decoded("TZOFFSETTO") == timedelta(hours=7)
    assert calendar.walk("VEVENT")[0]["DTSTART"].params["TZID"] == ZONE


def test_the_file_of_a_zone_with_summer_time_has_both_offsets(rest, hospital, booked):
    reference = booked()["reference"]
    alter(hospital, timezone="Europe/Berlin")

    zone = calendar_of(rest, reference).walk("VTIMEZONE")[0]

    assert zone["TZID"] == "Europe/Berlin"
    assert {one.decoded("TZOFFSETTO") for one in zone.walk("DAYLIGHT")} == {timedelta(hours=2)}
    assert {one.decoded("TZOFFSETTO") for one in zone.walk("STANDARD")} == {timedelta(hours=1)}


def test_the_uid_stays_and_the_sequence_grows_when_the_booking_moves(rest, booked):
    reference = booked()["reference"]
    before = event_of(rest, reference)
    sleep(0.11)  # as quick as any person

    answer = rest.post(f"/{reference}/reschedule", {"new_date": day(2), "new_time": "10:00"})
    after = event_of(rest, reference)

    assert answer.status_code == 200
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.decoded("DTSTART") > before.decoded("DTSTART")
    assert after.decoded("DTSTAMP") >= before.decoded("DTSTAMP")


def test_a_cancelled_booking_is_cancelled_in_the_calendar_under_the_same_uid(rest, booked):
    reference = booked()["reference"]
    before = event_of(rest, reference)

    assert rest.post(f"/{reference}/cancel", {"reason": "A cold"}).status_code == 200
    after = event_of(rest, reference)

    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert after["UID"] == before["UID"]


def test_two_bookings_have_two_uids(rest, booked):
    one, two = booked("09:00")["reference"], booked("09:30")["reference"]

    assert event_of(rest, one)["UID"] != event_of(rest, two)["UID"]


def test_nothing_that_the_guest_wrote_is_in_the_file(rest, booked):
    reference = booked(**GUEST)["reference"]
    rest.post(f"/{reference}/cancel", {"reason": "Secret reason"})

    content = rest.get(f"/{reference}.ics").content.decode().replace("\r\n ", "")

    for word in ("Malee", "Srisuk", "898765432", "malee@", "throat", "Secret"):
        assert word not in content
    assert "ATTENDEE" not in content


def test_lines_are_folded_and_ended_as_the_standard_says(rest, booked):
    content = rest.get(f"/{booked()['reference']}.ics").content

    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_file_is_downloaded_under_the_reference_in_any_spelling(rest, booked):
    reference = booked()["reference"]

    answer = rest.get(f"/{reference.replace('-', '').lower()}.ics")

    assert answer["Content-Disposition"] == f'attachment; filename="{reference}.ics"'


def test_names_are_in_the_callers_language(rest, booked):
    reference = booked()["reference"]

    answer = rest.get(f"/{reference}.ics", headers={"Accept-Language": "th"})

    assert "นพ. บ็อบ" in Calendar.from_ical(answer.content).walk("VEVENT")[0]["DESCRIPTION"]


@pytest.mark.parametrize("accept", ["text/calendar", "*/*", "application/json", "text/html"])
def test_whatever_a_calendar_program_says_it_takes_it_gets_the_file_or_a_refusal_in_json(
    rest, booked, accept
):
    known, unknown = (
        send(rest, "GET", f"/{reference}.ics", accept=accept)
        for reference in (booked()["reference"], "CCCC-CCCC")
    )

    assert (known.status_code, known["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert refusal(unknown, 404, "RESOURCE_NOT_FOUND") == {"reason": "booking_not_found"}


def test_odd_names_of_services_cannot_break_out_of_their_line(rest, hospital, check_up, booked):
    reference = booked()["reference"]
    name = "Check;up,\\ 1\r\nATTENDEE:mailto:x@example.org"
    with inside(hospital):
        check_up.name_en = name
        check_up.save()

    event = event_of(rest, reference)

    assert event["SUMMARY"] == f"{name} · Ploy Hospital".replace("\r\n", "\n")
    assert "ATTENDEE" not in event
