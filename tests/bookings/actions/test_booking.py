from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DataError

from bookings.errors import PractitionerNotFound, ServiceNotFound
from bookings.models import Appointment, Patient
from bookings.references import PATTERN
from bookings.rules.statuses import Status
from core import clock
from core.actor import Actor, Door
from events.models import Event
from tests.support.booking import book, events_of, refused
from tests.support.catalogue import at, guest, make_practitioner, make_service


def test_a_booking_is_written_as_it_was_asked_for(desk, check_up, dr_bob):
    asked = guest("Malee Srisuk", "0898765432", "Malee@Example.org")
    row = book(desk, check_up, at(9, 30), guest=asked, notes="Asked for a quiet room.")
    row.refresh_from_db()

    assert clock.local_time_of_day(clock.to_epoch(row.start), "Asia/Bangkok") == "09:30"
    assert row.end - row.start == timedelta(minutes=30)
    assert (row.occupied.lower, row.occupied.upper) == (row.start, row.end)
    assert (row.status, row.seat, row.source) == (Status.SCHEDULED, 1, "admin")
    assert (row.service, row.practitioner) == (check_up, dr_bob)
    assert (row.guest_name, row.guest_phone) == ("Malee Srisuk", "+66898765432")
    assert (row.guest_email, row.notes) == ("malee@example.org", "Asked for a quiet room.")
    assert row.patient == Patient.objects.get(phone_number="+66898765432")
    assert row.hold_expires_at is None


def test_a_booking_records_one_event_of_itself(desk, check_up, dr_bob):
    row = book(desk, check_up, at(9))
    (event,) = events_of(row)

    assert event.type == "booking.created"
    assert event.changes == {"status": [None, "SCHEDULED"]}
    assert event.data["reference"] == row.reference
    assert event.data["event_type_id"] == check_up.pk
    assert event.data["provider_id"] == str(dr_bob.pk)
    assert (event.door, event.actor_role, event.actor_user_id) == ("admin", "FRONT_DESK", desk.user_id)


def test_a_booking_whose_event_cannot_be_written_is_not_made(desk, check_up):
    unwritable = replace(desk, role="x" * 50)

    with pytest.raises(DataError):
        book(unwritable, check_up, at(9))
    assert not Appointment.objects.exists()
    assert not Patient.objects.filter(phone_number="+66898765432").exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize("door", [Door.ADMIN, Door.API, Door.MCP, Door.TELEGRAM, Door.WEB])
def test_a_booking_keeps_the_door_that_it_came_by(desk, check_up, door):
    row = book(replace(desk, door=door), check_up, at(9))

    assert Appointment.objects.get(pk=row.pk).source == door
    assert events_of(row)[0].door == door


def test_what_the_platform_books_itself_counts_as_the_api(in_hospital, check_up):
    row = book(Actor.system("import", "appointments.book"), check_up, at(9))

    assert row.source == "api"
    assert (events_of(row)[0].door, events_of(row)[0].actor_label) == ("system", "import")


def test_a_reference_can_be_read_aloud_and_is_another_each_time(desk, check_up):
    first, second = book(desk, check_up, at(9)), book(desk, check_up, at(10))

    assert Appointment.objects.filter(reference__regex=rf"^{PATTERN}$").count() == 2
    assert first.reference != second.reference


def test_a_named_practitioner_is_taken_whoever_else_is_free(desk, check_up, dr_bob, dr_eve):
    for hour in (9, 10, 11):
        row = book(desk, check_up, at(hour), practitioner_id=str(dr_eve.pk))
        assert row.practitioner.pk == str(dr_eve.pk)
    assert set(Appointment.objects.values_list("practitioner", flat=True)) == {dr_eve.pk}


def test_the_least_busy_practitioner_of_the_day_is_chosen(desk, check_up, dr_bob, dr_eve):
    for hour in (9, 10, 13):
        book(desk, check_up, at(hour), practitioner_id=str(dr_bob.pk))

    chosen = [str(book(desk, check_up, at(hour)).practitioner_id) for hour in (11, 14, 15)]
    assert chosen == [str(dr_eve.pk)] * 3


def test_the_day_is_the_hospitals_even_where_it_is_yesterday_for_the_caller(desk, check_up, dr_bob, dr_eve):
    for hour in (9, 10, 11):
        for minute in (0, 30):
            book(desk, check_up, at(hour, minute), practitioner_id=str(dr_bob.pk))

    bangkok, honolulu = ZoneInfo("Asia/Bangkok"), ZoneInfo("Pacific/Honolulu")
    for hour in (13, 14, 15):
        for minute in (0, 30):
            there = at(hour, minute).replace(tzinfo=bangkok).astimezone(honolulu)
            assert there.date() < at(hour).date()
            assert str(book(desk, check_up, there).practitioner_id) == str(dr_eve.pk)


def test_bookings_for_anybody_are_shared_evenly_at_every_moment(desk, check_up, dr_bob, dr_eve):
    day = [at(hour, minute) for hour in (9, 10, 11, 13, 14, 15, 16) for minute in (0, 30)]
    taken = Counter()
    for start in day:
        taken[str(book(desk, check_up, start).practitioner_id)] += 1
        assert abs(taken[str(dr_bob.pk)] - taken[str(dr_eve.pk)]) <= 1
    assert sum(taken.values()) == 14


def test_equally_busy_practitioners_are_chosen_in_turn_over_the_days(desk, check_up, dr_bob, dr_eve):
    chosen = {str(book(desk, check_up, at(9, days=day)).practitioner_id) for day in range(1, 21)}

    assert chosen == {str(dr_bob.pk), str(dr_eve.pk)}


def test_anybody_means_each_of_them_once_at_one_time(desk, check_up, dr_bob, dr_eve):
    taken = {str(book(desk, check_up, at(9), guest=guest(name)).practitioner_id) for name in ("Ann", "Ben")}

    assert taken == {str(dr_bob.pk), str(dr_eve.pk)}
    with refused("slot_taken"):
        book(desk, check_up, at(9), guest=guest("Cat"))


def test_a_group_session_counts_once_as_a_load(desk, dr_bob, check_up, dr_eve):
    group = make_service(dr_bob, slug="group", capacity=5)
    for name in ("Ann", "Ben", "Cat"):
        book(desk, group, at(9), guest=guest(name))
    for hour in (9, 10):
        book(desk, check_up, at(hour), practitioner_id=str(dr_eve.pk))

    assert str(book(desk, check_up, at(14)).practitioner_id) == str(dr_bob.pk)


def test_an_unknown_service_is_not_found(desk, check_up):
    with pytest.raises(ServiceNotFound):
        book(desk, check_up.__class__(pk=987_654), at(9))


def test_a_service_that_is_switched_off_is_not_found(desk, check_up):
    check_up.is_active = False
    check_up.save()

    with pytest.raises(ServiceNotFound):
        book(desk, check_up, at(9))


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_bookable": False}])
def test_a_practitioner_who_cannot_be_booked_is_not_found(desk, check_up, dr_bob, change):
    type(dr_bob).objects.filter(pk=dr_bob.pk).update(**change)

    with pytest.raises(PractitionerNotFound):
        book(desk, check_up, at(9), practitioner_id=str(dr_bob.pk))
    with refused("outside_hours"):
        book(desk, check_up, at(9))


def test_a_practitioner_who_does_not_offer_the_service_is_not_found(desk, check_up):
    stranger = make_practitioner("Dr Stranger")

    with pytest.raises(PractitionerNotFound):
        book(desk, check_up, at(9), practitioner_id=str(stranger.pk))
    with pytest.raises(PractitionerNotFound):
        book(desk, check_up, at(9), practitioner_id=str(uuid4()))
