from datetime import datetime, time
from uuid import uuid4

import pytest
from django.utils import translation

from bookings.actions.appointments import cancel_appointment
from bookings.actions.holds import hold_slot
from bookings.models import Practitioner
from bookings.serializers.appointments import (
    BookingSerializer,
    CancelBookingSerializer,
    CreateBookingSerializer,
    HoldSerializer,
    RescheduleBookingSerializer,
    SearchSerializer,
)
from core import clock
from tests.support.booking import book, let_run_out
from tests.support.catalogue import at, coming_day, guest, make_service

TODAY = "2026-11-20"


def request(**fields):
    return {"event_type_id": 1, "date": TODAY, "time": "09:30", "guest_name": "Malee", **fields}


def errors_of(serializer):
    assert not serializer.is_valid()
    return sorted(serializer.errors)


def test_a_booking_is_told_on_the_hospitals_clocks(desk, check_up, dr_bob):
    row = book(
        desk, check_up, at(9, 30), guest=guest("Malee Srisuk", "0898765432", "m@e.example"), notes="Quiet."
    )
    day = coming_day().isoformat()
    wire = BookingSerializer(row).data

    assert {name: value for name, value in wire.items() if not name.endswith("_at")} == {
        "reference": row.reference, "status": "SCHEDULED",
        "event_type": {"id": check_up.pk, "name": check_up.name},
        "provider": {"id": str(dr_bob.pk), "name": dr_bob.name},
        "start": f"{day}T09:30:00+07:00", "end": f"{day}T10:00:00+07:00", "timezone": "Asia/Bangkok",
        "guest_name": "Malee Srisuk", "guest_email": "m@e.example", "guest_phone": "+66898765432",
        "notes": "Quiet.", "cancel_reason": "", "source": "admin",
    }  # fmt: skip
    for name in ("created_at", "updated_at"):
        assert wire[name].endswith("+07:00")
        assert abs(datetime.fromisoformat(wire[name]) - clock.now()).total_seconds() < 60


def test_a_bookings_fields_are_those_that_are_declared(desk, check_up):
    wire = BookingSerializer(book(desk, check_up, at(9))).data

    assert set(wire) == set(BookingSerializer().fields)


def test_a_booking_moves_with_the_hospitals_zone(desk, check_up, in_hospital):
    # In Bangkok: in Tokyo the next day may have begun.
    tomorrow = coming_day()
    row = book(desk, check_up, at(9))
    in_hospital.timezone = "Asia/Tokyo"

    assert BookingSerializer(row).data["start"] == f"{tomorrow.isoformat()}T11:00:00+09:00"


@pytest.mark.parametrize(("language", "name"), [("th", "นพ. บ็อบ"), ("en", "Dr Bob")])
def test_names_are_in_the_callers_language(desk, check_up, language, name):
    row = book(desk, check_up, at(9))
    with translation.override(language):
        assert BookingSerializer(row).data["provider"]["name"] == name


def test_a_cancelled_booking_tells_why(desk, check_up):
    row = book(desk, check_up, at(9))
    wire = BookingSerializer(cancel_appointment(desk, reference=row.reference, reason="Ill.")).data

    assert (wire["status"], wire["cancel_reason"]) == ("CANCELLED", "Ill.")


def test_a_hold_tells_its_id_its_end_and_its_slot(desk, check_up, dr_bob):
    row = hold_slot(desk, service_id=check_up.pk, start=at(9, 30))
    wire, day = HoldSerializer(row).data, coming_day().isoformat()

    assert wire["hold_id"] == str(row.pk)
    assert datetime.fromisoformat(wire["expires_at"]) == row.hold_expires_at.replace(microsecond=0)
    assert wire["slot"] == {
        "start": f"{day}T09:30:00+07:00", "end": f"{day}T10:00:00+07:00", "time": "09:30",
        "provider": {"id": str(dr_bob.pk), "name": dr_bob.name}, "seats_left": 1,
    }  # fmt: skip


def test_a_hold_of_a_group_counts_its_own_seat_as_free(desk, dr_bob):
    yoga = make_service(dr_bob, slug="yoga", capacity=5)
    for name in ("Ann", "Ben"):
        book(desk, yoga, at(9), guest=guest(name))
    row, other = (hold_slot(desk, service_id=yoga.pk, start=at(9)) for _ in range(2))

    assert HoldSerializer(row).data["slot"]["seats_left"] == 2
    let_run_out(other)
    assert HoldSerializer(row).data["slot"]["seats_left"] == 3


def test_a_whole_request_is_read():
    whose, held = uuid4(), uuid4()
    asked = CreateBookingSerializer(
        data=request(
            provider_id=str(whose), hold_id=str(held), guest_email="m@e.example", guest_phone="081", notes="x"
        )
    )

    assert asked.is_valid(), asked.errors
    assert asked.start() == datetime.combine(datetime.fromisoformat(TODAY), time(9, 30))
    assert (asked.provider(), asked.validated_data["hold_id"]) == (str(whose), held)


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_may_be_left_out_may_be_empty(nothing):
    asked = CreateBookingSerializer(data=request(guest_email=nothing, guest_phone=nothing, notes=nothing))

    assert asked.is_valid(), asked.errors
    assert asked.provider() is None
    assert CreateBookingSerializer(data=request(provider_id=None, hold_id=None)).is_valid()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"event_type_id": "one"}, "event_type_id"),
        ({"event_type_id": 0}, "event_type_id"),
        ({"event_type_id": 2**31}, "event_type_id"),
        ({"event_type_id": True}, "event_type_id"),
        ({"date": "20/11/2026"}, "date"),
        ({"time": "9.30"}, "time"),
        ({"provider_id": "bob"}, "provider_id"),
        ({"hold_id": "x"}, "hold_id"),
        ({"guest_name": ""}, "guest_name"),
        ({"guest_name": "   "}, "guest_name"),
        ({"guest_name": None}, "guest_name"),
        ({"guest_name": "a\x00b"}, "guest_name"),
        ({"guest_name": "x" * 201}, "guest_name"),
        ({"guest_email": "x"}, "guest_email"),
        ({"guest_phone": "0" * 41}, "guest_phone"),
        ({"notes": "x" * 2001}, "notes"),
        ({"notes": ["x"]}, "notes"),
    ],
)
def test_a_wrong_request_names_its_field(fields, wrong):
    assert errors_of(CreateBookingSerializer(data=request(**fields))) == [wrong]


def test_an_empty_request_names_all_that_is_missing():
    assert errors_of(CreateBookingSerializer(data={})) == ["date", "event_type_id", "guest_name", "time"]
    assert errors_of(RescheduleBookingSerializer(data={})) == ["new_date", "new_time"]


def test_a_move_is_read():
    asked = RescheduleBookingSerializer(data={"new_date": TODAY, "new_time": "10:00"})

    assert asked.is_valid()
    assert asked.start() == datetime.combine(datetime.fromisoformat(TODAY), time(10))


def test_a_reason_may_be_missing_but_not_endless():
    assert CancelBookingSerializer(data={}).is_valid()
    assert errors_of(CancelBookingSerializer(data={"reason": "x" * 501})) == ["reason"]


def test_a_search_needs_a_criterion():
    assert errors_of(SearchSerializer(data={})) == ["phone"]
    assert errors_of(SearchSerializer(data={"limit": 5})) == ["phone"]
    assert errors_of(SearchSerializer(data={"phone": "081", "limit": 101})) == ["limit"]
    for criterion in ({"phone": "081"}, {"email": "a@b.example"}, {"reference": "K7QM-4TXR"}):
        assert SearchSerializer(data=criterion).is_valid()


def test_a_name_that_changed_since_is_told_as_it_is_now(desk, check_up, dr_bob):
    row = book(desk, check_up, at(9))
    Practitioner.objects.update(name_en="Dr Robert", name_th="Dr Robert")

    assert BookingSerializer(type(row).objects.get(pk=row.pk)).data["provider"]["name"] == "Dr Robert"
