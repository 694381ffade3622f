"""Some serializers write their fields out for speed: what they write must be what they declare."""

from datetime import date
from itertools import product

import pytest
from rest_framework.serializers import Serializer

from bookings.models import Appointment, Source, Specialty
from bookings.queries.availability import availability_for, month_for
from bookings.queries.catalogue import services_for
from bookings.queries.waiting_list import waiting_list_entry_for
from bookings.rules.statuses import Status
from bookings.serializers import appointments, catalogue, slots, waiting_list
from core.actor import Actor, Door
from tests.api.contract import validator
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, make_practitioner, make_service
from tests.support.waiting_list import offered

MODULES = (appointments, catalogue, slots, waiting_list)
WRITTEN_OUT = {
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Serializer) and "to_representation" in vars(one)
}


@pytest.fixture
def samples(in_hospital, check_up, dr_bob, desk):
    """Something real for each serializer that writes its fields out."""
    reader = Actor(door=Door.API, grants=frozenset({"availability.read", "catalogue.read"}))
    field = Specialty.objects.create(code="heart", name_th="หัวใจ", name_en="Heart")
    service = make_service(dr_bob, make_practitioner(), slug="heart", specialty=field, price=10)
    day = availability_for(reader, service_id=check_up.pk, date_from=coming_day(), date_until=coming_day())
    booking = book(desk, check_up, at(9))
    held = book(desk, check_up, at(10))
    held.status, held.hold_expires_at = Status.HELD, held.end
    waiting = offered(desk, check_up, at(15), practitioner_id=str(dr_bob.pk))
    entry = waiting_list_entry_for(desk, entry_id=waiting)
    return {
        slots.SlotSerializer: day.slots[0],
        slots.AvailabilitySerializer: day,
        slots.MonthSerializer: month_for(reader, service_id=check_up.pk, month=coming_day()),
        catalogue.EventTypeSerializer: service,
        catalogue.EventTypeListSerializer: services_for(reader),
        appointments.BookingSerializer: Appointment.objects.select_related("service", "practitioner").get(
            pk=booking.pk
        ),
        appointments.HoldSerializer: held,
        waiting_list.WaitingListEntrySerializer: entry,
        waiting_list.OfferSerializer: entry.open_offers[0],
    }


def test_each_serializer_that_writes_its_fields_out_is_held_against_them(samples):
    assert set(samples) == WRITTEN_OUT


@pytest.mark.parametrize("serializer", sorted(WRITTEN_OUT, key=lambda one: one.__name__))
def test_what_is_written_is_what_is_declared_in_its_order(samples, serializer):
    written = list(serializer().to_representation(samples[serializer]))
    declared = [name for name, field in serializer().fields.items() if field.required or name in written]

    assert written == declared


@pytest.mark.parametrize("serializer", sorted(WRITTEN_OUT, key=lambda one: one.__name__))
def test_what_is_written_has_the_types_that_the_document_tells(samples, serializer):
    value = serializer().to_representation(samples[serializer])

    validator(serializer.__name__.removesuffix("Serializer")).validate(value)
    assert serializer(samples[serializer]).data == value


def test_a_range_is_told_by_its_ends_and_a_day_by_its_date(samples):
    found = samples[slots.AvailabilitySerializer]
    one_day = slots.AvailabilitySerializer().to_representation(found)
    as_range = slots.AvailabilitySerializer(context={"as_range": True}).to_representation(found)

    assert {"date"} == set(one_day) - set(as_range)
    assert {"date_from", "date_to"} == set(as_range) - set(one_day)


def test_every_status_and_source_is_one_of_those_declared(samples):
    row = samples[appointments.BookingSerializer]

    for status, source in product([one for one in Status if one is not Status.HELD], Source.values):
        row.status, row.source = status, source
        value = appointments.BookingSerializer().to_representation(row)
        assert (value["status"], value["source"]) == (status.value, source)
        validator("Booking").validate(value)


def test_times_are_on_the_hospitals_clocks_in_summer_and_winter(samples, in_hospital):
    row = samples[appointments.BookingSerializer]
    in_hospital.timezone = "Europe/Berlin"
    winter, summer = (row.start.replace(year=2026, month=month, day=15, hour=8, minute=0) for month in (1, 7))

    row.start, row.end = winter, summer
    value = appointments.BookingSerializer().to_representation(row)

    assert value["start"] == "2026-01-15T09:00:00+01:00"
    assert value["end"] == "2026-07-15T10:00:00+02:00"
    assert value["timezone"] == "Europe/Berlin"
    assert date.fromisoformat(value["start"][:10]) == date(2026, 1, 15)
