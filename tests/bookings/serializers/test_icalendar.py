from datetime import timedelta

from django.utils import translation
from icalendar import Calendar

from bookings.actions.appointments import cancel_appointment, reschedule_appointment
from bookings.models import Appointment
from bookings.serializers.icalendar import booking_as_icalendar
from core import clock
from tests.support.booking import book
from tests.support.catalogue import at, guest


def event_of(row):
    row = Appointment.objects.select_related("service", "practitioner").get(pk=row.pk)
    with translation.override("en"):
        calendar = Calendar.from_ical(booking_as_icalendar(row))
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_a_booking_is_an_event_in_the_hospitals_zone(desk, check_up, dr_bob):
    row = book(desk, check_up, at(9, 30))
    calendar, event = event_of(row)

    assert event["DTSTART"].dt == row.start
    assert event["DTEND"].dt == row.end
    assert event["DTSTART"].params["TZID"] == "Asia/Bangkok"
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Bangkok"]
    assert str(event["SUMMARY"]) == "check-up · Ploy Hospital"
    assert row.reference in event["DESCRIPTION"]
    assert "Dr Bob" in event["DESCRIPTION"]
    assert str(event["LOCATION"]) == "Ploy Hospital, Bangkok"
    assert (str(event["STATUS"]), str(calendar["METHOD"])) == ("CONFIRMED", "PUBLISH")


def test_a_moved_booking_is_the_same_event_in_a_later_version(desk, check_up):
    row = book(desk, check_up, at(9))
    _, before = event_of(row)
    reschedule_appointment(desk, reference=row.reference, start=at(10))
    # The version counts seconds: a move within the second that booked it would be the same.
    Appointment.objects.filter(pk=row.pk).update(created_at=clock.now() - timedelta(minutes=1))
    _, after = event_of(row)

    assert str(after["UID"]) == str(before["UID"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["DTSTART"].dt == row.start + timedelta(hours=1)


def test_a_cancelled_booking_says_so(desk, check_up):
    row = book(desk, check_up, at(9))
    cancel_appointment(desk, reference=row.reference)

    assert str(event_of(row)[1]["STATUS"]) == "CANCELLED"


def test_nothing_that_a_patient_wrote_is_in_a_calendar(desk, check_up):
    secretive = guest("Wanida Sornsakul", "0812349999", "wanida@example.org")
    row = book(desk, check_up, at(9), guest=secretive, notes="Is pregnant.")
    text = booking_as_icalendar(row).decode()

    for word in ("Wanida", "2349999", "example.org", "pregnant"):
        assert word not in text.replace("\r\n ", "")
