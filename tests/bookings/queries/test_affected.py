from datetime import datetime, time, timedelta

import pytest

from bookings.models import Holiday, Practitioner, ScheduleException
from bookings.queries.affected import (
    coming,
    count_outside,
    outside,
    outside_for,
    read_book,
    rules_of,
    why_outside,
)
from bookings.queries.catalogue import catalogue
from bookings.rules.policy import Refusal
from core import clock
from tests.support import newyork
from tests.support.booking import book, set_status
from tests.support.catalogue import at, coming_day, give_hours, guest, make_practitioner, make_service
from tests.support.statements import counted


def off(person, day, *, until=None, start=None, end=None, kind="TIME_OFF"):
    return ScheduleException.objects.create(
        practitioner=person, kind=kind, date_from=day, date_until=until or day,
        start_time=start and time.fromisoformat(start), end_time=end and time.fromisoformat(end),
    )  # fmt: skip


def whys(person):
    hits = outside(read_book([person.pk]), coming([person.pk]))
    return [(hit.appointment.reference, hit.why) for hit in hits]


def same(rules):
    return rules.zone, set(rules.weekly), set(rules.extra_hours), set(rules.time_off)


def test_hours_read_here_are_those_that_the_catalogue_offers_times_by(check_up, dr_bob):
    give_hours(dr_bob, ("18:00", "00:00"), weekdays=(5,))
    off(dr_bob, coming_day(3), until=coming_day(5))
    off(dr_bob, coming_day(3), start="07:00", end="08:30", kind="EXTRA_HOURS")
    Holiday.objects.create(date=coming_day(9), name_th="x", name_en="x", is_confirmed=True)
    Holiday.objects.create(date=coming_day(10), name_th="x", name_en="x")

    here, offered = read_book(), catalogue().book

    assert here.holidays == offered.holidays
    assert list(here.practitioners) == list(offered.practitioners)
    assert same(here.practitioners[str(dr_bob.pk)]) == same(offered.practitioners[str(dr_bob.pk)])


def test_what_was_booked_within_the_hours_is_not_outside(desk, check_up, dr_bob):
    book(desk, check_up, at(9))
    book(desk, check_up, at(11, 30), practitioner_id=str(dr_bob.pk))

    assert whys(dr_bob) == []


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({}, Refusal.TIME_OFF),
        ({"start": "09:15", "end": "09:20"}, Refusal.TIME_OFF),
        ({"start": "08:00", "end": "09:01"}, Refusal.TIME_OFF),
        ({"start": "08:00", "end": "09:00"}, None),
        ({"start": "09:30", "end": "10:00"}, None),
    ],
    ids=["whole day", "within the visit", "its first minute", "until it begins", "from its end on"],
)
def test_time_off_that_touches_a_visit_leaves_it_outside(desk, check_up, dr_bob, asked, why):
    row = book(desk, check_up, at(9))
    off(dr_bob, coming_day(), **asked)

    assert whys(dr_bob) == ([(row.reference, why)] if why else [])


def test_a_visit_over_a_new_break_is_outside_and_its_neighbours_are_not(desk, check_up, dr_bob):
    rows = [book(desk, check_up, at(hour)) for hour in (9, 10, 11)]
    dr_bob.weekly_hours.all().delete()
    give_hours(dr_bob, ("09:00", "10:15"), ("10:45", "12:00"))

    assert whys(dr_bob) == [(rows[1].reference, Refusal.OUTSIDE_HOURS)]


def test_a_confirmed_holiday_leaves_outside_what_extra_hours_do_not_keep(desk, check_up, dr_bob):
    early, late = book(desk, check_up, at(9)), book(desk, check_up, at(15))
    Holiday.objects.create(date=coming_day(), name_th="x", name_en="x", is_confirmed=True)
    off(dr_bob, coming_day(), start="09:00", end="12:00", kind="EXTRA_HOURS")

    assert whys(dr_bob) == [(late.reference, Refusal.HOLIDAY)]
    assert early.reference not in dict(whys(dr_bob))


def test_hours_that_end_their_validity_leave_outside_what_comes_later(desk, check_up, dr_bob):
    book(desk, check_up, at(9))
    later = book(desk, check_up, at(9, days=2))
    dr_bob.weekly_hours.update(valid_until=coming_day())

    assert whys(dr_bob) == [(later.reference, Refusal.OUTSIDE_HOURS)]


@pytest.mark.parametrize("flag", ["is_active", "is_bookable"])
def test_of_somebody_who_takes_no_bookings_everything_is_outside(desk, check_up, dr_bob, flag):
    row = book(desk, check_up, at(9))
    Practitioner.objects.filter(pk=dr_bob.pk).update(**{flag: False})

    assert whys(dr_bob) == [(row.reference, Refusal.OUTSIDE_HOURS)]


@pytest.mark.parametrize("status", ["CANCELLED", "CHECKED_IN", "NO_SHOW", "COMPLETED", "HELD"])
def test_what_is_not_expected_any_more_is_not_asked_about(desk, check_up, dr_bob, status):
    row = book(desk, check_up, at(9))
    extra = {"hold_expires_at": clock.now() + timedelta(hours=1)} if status == "HELD" else {}
    type(row).objects.filter(pk=row.pk).update(status=status, **extra)
    off(dr_bob, coming_day())

    assert whys(dr_bob) == []


def test_what_was_overbooked_on_purpose_is_not_asked_about_again(desk, check_up, dr_bob):
    row = book(desk, check_up, at(9))
    type(row).objects.filter(pk=row.pk).update(overbooked=True, overbook_reason="Asked by the doctor")
    off(dr_bob, coming_day())

    assert whys(dr_bob) == []


def test_confirmed_appointments_count_and_past_ones_do_not(desk, check_up, dr_bob):
    row, gone = book(desk, check_up, at(9)), book(desk, check_up, at(10))
    set_status(row, "CONFIRMED")
    yesterday = gone.start - timedelta(days=2)
    type(gone).objects.filter(pk=gone.pk).update(
        start=yesterday,
        end=yesterday + timedelta(minutes=30),
        occupied=(yesterday, yesterday + timedelta(minutes=30)),
    )
    off(dr_bob, coming_day(-3), until=coming_day(3))

    assert [reference for reference, _why in whys(dr_bob)] == [row.reference]


def test_hours_are_judged_on_the_clocks_of_the_practitioner_through_the_night_of_a_change(in_hospital):
    owl = make_practitioner("Dr Owl", hours=False, timezone=newyork.ZONE)
    give_hours(owl, ("01:00", "04:00"))
    book_of_owl = read_book([owl.pk])
    zone = clock.zone(newyork.ZONE)
    # The clocks of New York jump from two to three, so that this night has two hours of work.
    first = clock.to_epoch(datetime(2027, 3, 14, 1, 0, tzinfo=zone))

    assert why_outside(book_of_owl, str(owl.pk), first, first + 2 * 3600) is None
    assert why_outside(book_of_owl, str(owl.pk), first, first + 2 * 3600 + 60) is Refusal.OUTSIDE_HOURS
    assert why_outside(book_of_owl, str(owl.pk), first - 60, first + 60) is Refusal.OUTSIDE_HOURS


def test_hours_that_meet_at_midnight_keep_a_visit_over_it(in_hospital):
    owl = make_practitioner("Dr Owl", hours=False)
    give_hours(owl, ("20:00", "00:00"), ("00:00", "04:00"))
    zone = clock.zone(in_hospital.timezone)
    start = clock.to_epoch(datetime.combine(coming_day(), time(23, 45), zone))

    assert why_outside(read_book([owl.pk]), str(owl.pk), start, start + 1800) is None


def test_counting_costs_one_statement_for_three_practitioners_as_for_one(desk, check_up, dr_bob):
    ids = [dr_bob.pk]
    for number in range(3):
        person = make_practitioner(f"Dr {number}")
        service = make_service(person, slug=f"s{number}")
        book(desk, service, at(9 + number))
        off(person, coming_day())
        ids.append(person.pk)
    present = read_book()

    with counted() as statements:
        counts = count_outside(present, ids)

    assert len(statements) == 1
    assert counts == dict.fromkeys(map(str, ids[1:]), 1)


def test_reading_hours_costs_as_many_statements_for_three_as_for_one(in_hospital, dr_bob):
    with counted() as one:
        read_book([dr_bob.pk])
    for number in range(3):
        make_practitioner(f"Dr {number}")
    with counted() as four:
        assert len(read_book().practitioners) == 4

    assert len(one) == len(four) == 4


def test_a_doctor_is_shown_their_own_appointments_and_no_others(desk, check_up, dr_bob, people):
    eve = make_practitioner("Dr Eve")
    check_up.practitioners.add(eve)
    for person in (dr_bob, eve):
        book(desk, check_up, at(9), practitioner_id=str(person.pk), guest=guest(person.name_en))
        off(person, coming_day())
    doctor = people.actor("DOCTOR")

    assert len(outside_for(doctor, dr_bob, read_book())) == 1
    assert outside_for(doctor, eve, read_book()) == []
    assert len(outside_for(desk, eve, read_book())) == 1


def test_the_book_knows_a_person_without_any_rows(in_hospital):
    empty = make_practitioner("Dr Empty", hours=False)

    assert rules_of(empty, "Asia/Bangkok").weekly == ()
    assert why_outside(read_book([empty.pk]), str(empty.pk), 0, 60) is Refusal.OUTSIDE_HOURS
