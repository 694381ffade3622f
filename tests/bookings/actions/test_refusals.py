from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from bookings.errors import NonexistentTime, SlotRefused
from bookings.models import Appointment, ExceptionKind, Holiday, ScheduleException
from core import clock
from core.errors import Kind
from events.models import Event
from tests.support.booking import alternatives_of, book, refused
from tests.support.catalogue import at, coming_day, guest, make_practitioner, make_service
from tests.support.newyork import is_repeated, is_skipped, next_day_when


def ask_for_yesterday(desk, service, doctor):
    return at(10, days=-1)


def ask_sooner_than_the_notice(desk, service, doctor):
    type(service).objects.filter(pk=service.pk).update(minimum_notice=3 * 24 * 60)
    return at(10)


def ask_beyond_the_horizon(desk, service, doctor):
    type(service).objects.filter(pk=service.pk).update(horizon_days=4)
    return at(10, days=5)


def ask_for_a_holiday(desk, service, doctor):
    Holiday.objects.create(date=coming_day(2), name_th="วันหยุด", name_en="Day off", is_confirmed=True)
    return at(10, days=2)


def ask_for_time_off(desk, service, doctor):
    ScheduleException.objects.create(
        practitioner=doctor, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day(3)
    )
    return at(10, days=2)


def ask_for_lunch_time(desk, service, doctor):
    return at(12)


def ask_between_two_starts(desk, service, doctor):
    return at(10, 10)


def ask_for_a_taken_slot(desk, service, doctor):
    book(desk, service, at(10), guest=guest("Somebody Else"))
    return at(10)


@pytest.mark.parametrize(
    ("reason", "arrange"),
    [
        ("past", ask_for_yesterday),
        ("too_soon", ask_sooner_than_the_notice),
        ("beyond_horizon", ask_beyond_the_horizon),
        ("holiday", ask_for_a_holiday),
        ("time_off", ask_for_time_off),
        ("outside_hours", ask_for_lunch_time),
        ("off_grid", ask_between_two_starts),
        ("slot_taken", ask_for_a_taken_slot),
    ],
)
@pytest.mark.parametrize("is_named", [True, False])
def test_each_refusal_tells_why_and_offers_what_can_be_booked(
    desk, check_up, dr_bob, reason, arrange, is_named
):
    start = arrange(desk, check_up, dr_bob)
    before, told = Appointment.objects.count(), Event.objects.count()

    with pytest.raises(SlotRefused) as caught:
        book(desk, check_up, start, practitioner_id=str(dr_bob.pk) if is_named else None)

    assert caught.value.reason == reason
    assert caught.value.kind is Kind.CONFLICT
    assert (Appointment.objects.count(), Event.objects.count()) == (before, told)
    offered = caught.value.data["alternatives"]
    assert 1 <= len(offered) <= 3
    for number, slot in enumerate(offered):
        book(desk, check_up, clock.from_epoch(slot.start), guest=guest(f"Guest {number}"))


def test_the_alternatives_are_the_nearest_slots_of_the_day(desk, check_up):
    book(desk, check_up, at(10), guest=guest("Somebody Else"))

    with refused("slot_taken") as caught:
        book(desk, check_up, at(10))
    day = coming_day().isoformat()
    assert alternatives_of(caught) == [f"{day}T{hour}:00+07:00" for hour in ("09:30", "10:30", "09:00")]


def test_when_the_day_is_full_the_first_slots_of_the_coming_days_are_offered(desk, check_up, dr_bob):
    ScheduleException.objects.create(
        practitioner=dr_bob, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day()
    )

    with refused("time_off") as caught:
        book(desk, check_up, at(15))
    day = coming_day(2).isoformat()
    assert alternatives_of(caught) == [f"{day}T{hour}:00+07:00" for hour in ("09:00", "09:30", "10:00")]


def test_alternatives_for_a_named_practitioner_are_theirs_alone(desk, check_up, dr_bob, dr_eve):
    book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk), guest=guest("Somebody Else"))

    with refused("slot_taken") as caught:
        book(desk, check_up, at(10), practitioner_id=str(dr_bob.pk))
    assert {slot.practitioner_id for slot in caught.value.data["alternatives"]} == {str(dr_bob.pk)}


def test_of_several_reasons_the_one_that_leaves_most_hope_is_told(desk, check_up, dr_bob, dr_eve):
    ScheduleException.objects.create(
        practitioner=dr_eve, kind=ExceptionKind.TIME_OFF, date_from=coming_day(), date_until=coming_day()
    )
    book(desk, check_up, at(10), guest=guest("Somebody Else"))

    with refused("slot_taken"):
        book(desk, check_up, at(10))


def test_a_service_that_nobody_offers_has_no_hours(desk):
    with refused("outside_hours") as caught:
        book(desk, make_service(slug="orphan"), at(10))
    assert alternatives_of(caught) == []


def test_a_refusal_is_worded_in_the_language_of_whoever_hears_it(desk, check_up):
    with refused("outside_hours") as caught:
        book(desk, check_up, at(12))
    with translation.override("en"):
        assert str(caught.value) == "This time is outside working hours."


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (datetime.combine(date.min, time(3)), "past"),
        (datetime.min.replace(tzinfo=UTC), "past"),
        (datetime.combine(date(1600, 2, 29), time(9)), "past"),
        (datetime.combine(date.max, time(23)), "beyond_horizon"),
        (datetime.max.replace(tzinfo=UTC), "beyond_horizon"),
    ],
)
def test_times_at_the_ends_of_the_calendar_are_refused_like_any_other(desk, check_up, start, reason):
    with refused(reason):
        book(desk, check_up, start)


def test_an_aware_start_is_that_instant_whatever_its_offset(desk, check_up):
    noon_there = at(9).replace(tzinfo=ZoneInfo("Asia/Bangkok")).astimezone(ZoneInfo("Pacific/Auckland"))

    row = book(desk, check_up, noon_there)
    assert clock.local_iso(clock.to_epoch(row.start), "Asia/Bangkok") == f"{at(9).isoformat()}+07:00"


def test_a_naive_start_is_on_the_hospitals_clocks_wherever_the_practitioner_works(desk):
    abroad = make_practitioner("Dr Abroad", timezone="Asia/Tokyo")
    remote = make_service(abroad, slug="remote")

    row = book(desk, remote, at(8))  # ten o'clock in Tokyo
    assert clock.local_time_of_day(clock.to_epoch(row.start), "Asia/Tokyo") == "10:00"
    with refused("outside_hours"):
        book(desk, remote, at(15, 30), guest=guest("Late"))


def test_a_time_that_the_clocks_skip_is_refused(desk, night_shift):
    day = next_day_when(is_skipped, time(2, 30))

    with pytest.raises(NonexistentTime) as caught:
        book(desk, night_shift, datetime.combine(day, time(2, 30)))
    assert list(caught.value.data["fields"]) == ["time"]
    row = book(desk, night_shift, datetime.combine(day, time(3, 0)))
    assert clock.local_iso(clock.to_epoch(row.start), "America/New_York") == f"{day}T03:00:00-04:00"


def test_a_time_that_the_clocks_repeat_is_its_first_occurrence_then_its_second(desk, night_shift):
    day = next_day_when(is_repeated, time(1, 30))
    asked = datetime.combine(day, time(1, 30))

    starts = [book(desk, night_shift, asked, guest=guest(name)).start for name in ("Ann", "Ben")]
    assert [clock.local_iso(clock.to_epoch(start), "America/New_York") for start in starts] == [
        f"{day}T01:30:00-04:00",
        f"{day}T01:30:00-05:00",
    ]
    with refused("slot_taken"):
        book(desk, night_shift, asked, guest=guest("Cat"))
