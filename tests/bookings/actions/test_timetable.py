from dataclasses import replace
from datetime import time

import pytest

from bookings.actions.timetable import (
    save_change,
)
from bookings.actions.timetable_changes import (
    HolidaysChange,
    HoursChangedMeanwhile,
    stamp_of,
)
from bookings.models import (
    Batch,
    Holiday,
    ScheduleException,
)
from bookings.models.schedule import ExceptionKind
from events.models import Event
from events.outbox import history_of
from tests.support.booking import book, refused
from tests.support.catalogue import at, coming_day, guest
from tests.support.hours import (
    FIVE,
    NINE,
    NOON,
    ONE,
    all_of,
    away,
    changes_that_take_away,
    hit_by,
    spans_of,
    week_of,
)


@pytest.fixture
def admin(in_hospital, people):
    return people.actor("ADMIN")


# ── nothing is hit ──────────────────────────────────────────────────────────────
def test_a_week_is_saved_at_once_where_it_hits_nothing_and_is_recorded(admin, desk, check_up, dr_bob):
    book(desk, check_up, at(9))

    saved = save_change(admin, week_of(dr_bob, (NINE, NOON)))

    assert spans_of(dr_bob) == [(NINE, NOON)]
    assert (saved.is_changed, saved.hit, saved.batches, saved.came_between) == (True, 0, (), ())
    (event,) = history_of("provider", dr_bob.pk)
    assert (event.type, event.data) == (
        "schedule.changed", {"rows": "weekly_hours", "added": 0, "changed": 0, "removed": 7},
    )  # fmt: skip


def test_rows_that_stay_keep_their_ids(admin, dr_bob):
    before = set(dr_bob.weekly_hours.filter(start_time=NINE).values_list("pk", flat=True))

    save_change(admin, week_of(dr_bob, (NINE, NOON), (time(14), time(18))))

    assert before <= set(dr_bob.weekly_hours.values_list("pk", flat=True))
    assert spans_of(dr_bob) == [(NINE, NOON), (time(14), time(18))]


def test_saving_what_there_is_changes_and_records_nothing(admin, dr_bob):
    saved = save_change(admin, week_of(dr_bob, (NINE, NOON), (ONE, FIVE)))

    assert not saved.is_changed
    assert not Event.objects.exists()


def test_extra_hours_take_nothing_away(admin, desk, check_up, dr_bob):
    book(desk, check_up, at(9))
    extra = away(dr_bob, coming_day(), start=time(18), end=time(20), kind=ExceptionKind.EXTRA_HOURS)

    save_change(admin, extra)

    assert book(desk, check_up, at(18), guest=guest("Late Comer", "0810000001"))
    assert history_of("provider", dr_bob.pk)[0].data["added"] == 1


# ── something is hit ────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "which",
    ["shorter", "break", "ended", "time off", "an hour off", "not bookable", "gone", "other clocks"],
)
def test_whatever_takes_time_away_names_what_it_hits_and_saves_nothing(admin, desk, check_up, dr_bob, which):
    row = book(desk, check_up, at(9))
    before, events = stamp_of(dr_bob.pk), Event.objects.count()

    assert hit_by(admin, changes_that_take_away(dr_bob)[which]) == [row.pk]
    assert stamp_of(dr_bob.pk) == before
    assert Event.objects.count() == events
    assert not Batch.objects.exists()


def test_extra_hours_that_are_deleted_hit_what_was_booked_in_them(admin, desk, check_up, dr_bob):
    extra = away(dr_bob, coming_day(), start=time(18), end=time(20), kind=ExceptionKind.EXTRA_HOURS)
    save_change(admin, extra)
    row = book(desk, check_up, at(18))

    assert hit_by(admin, replace(extra, row=None, seen=stamp_of(dr_bob.pk))) == [row.pk]


def test_a_confirmed_holiday_hits_what_every_practitioner_has_on_it(admin, desk, check_up, dr_bob, dr_eve):
    day = Holiday.objects.create(date=coming_day(2), name_th="x", name_en="x")
    rows = [
        book(desk, check_up, at(9, days=2), practitioner_id=str(person.pk), guest=guest(person.name_en))
        for person in (dr_bob, dr_eve)
    ]
    book(desk, check_up, at(9, days=3))
    change = HolidaysChange(ids=(str(day.pk),))

    assert set(hit_by(admin, change)) == {row.pk for row in rows}
    assert not Holiday.objects.get().is_confirmed

    save_change(admin, change, all_of(rows))
    assert Holiday.objects.get().is_confirmed


def test_a_holiday_that_is_opened_again_hits_nothing(admin, dr_bob):
    day = Holiday.objects.create(date=coming_day(), name_th="x", name_en="x", is_confirmed=True)

    saved = save_change(admin, HolidaysChange(ids=(str(day.pk),), is_confirmed=False))

    assert saved.is_changed
    assert not Holiday.objects.get().is_confirmed
    assert Event.objects.get().data == {"days": [coming_day().isoformat()]}


def test_what_stood_outside_before_is_not_asked_about_again(admin, desk, check_up, dr_bob):
    row = book(desk, check_up, at(9))
    save_change(admin, away(dr_bob, coming_day(), start=time(8), end=NOON), all_of([row]))

    assert save_change(admin, away(dr_bob, coming_day())).hit == 0


# ── taking it back ──────────────────────────────────────────────────────────────
@pytest.mark.parametrize("which", ["shorter", "break", "ended", "time off", "not bookable", "other clocks"])
def test_a_change_is_taken_back_by_the_one_that_it_answers_with(admin, dr_bob, which):
    before = stamp_of(dr_bob.pk)

    saved = save_change(admin, changes_that_take_away(dr_bob)[which])
    assert stamp_of(dr_bob.pk) != before
    save_change(admin, saved.undo)

    assert stamp_of(dr_bob.pk) == before


def test_a_deleted_exception_comes_back_as_it_was(admin, dr_bob):
    added = away(dr_bob, coming_day(), start=NINE, end=NOON)
    save_change(admin, added)
    before = stamp_of(dr_bob.pk)

    saved = save_change(admin, replace(added, row=None, seen=before))
    assert not ScheduleException.objects.exists()
    save_change(admin, saved.undo)

    assert stamp_of(dr_bob.pk) == before


def test_only_the_holidays_that_were_confirmed_now_are_taken_back(admin):
    first, second = (
        Holiday.objects.create(date=coming_day(n), name_th="x", name_en="x", is_confirmed=n == 1)
        for n in (1, 2)
    )

    saved = save_change(admin, HolidaysChange(ids=(str(first.pk), str(second.pk))))
    save_change(admin, saved.undo)

    assert set(Holiday.objects.filter(is_confirmed=True)) == {first}


def test_nothing_is_taken_back_over_what_somebody_else_changed_since(admin, dr_bob):
    saved = save_change(admin, week_of(dr_bob, (NINE, NOON)))
    save_change(admin, week_of(dr_bob, (NINE, FIVE)))

    with refused("hours_changed_meanwhile"):
        save_change(admin, saved.undo)
    assert spans_of(dr_bob) == [(NINE, FIVE)]


# ── two at once ─────────────────────────────────────────────────────────────────
def test_the_second_of_two_who_edit_the_same_hours_is_told(admin, dr_bob):
    first, second = week_of(dr_bob, (NINE, NOON)), week_of(dr_bob, (ONE, FIVE))

    save_change(admin, first)
    with refused("hours_changed_meanwhile"):
        save_change(admin, second)

    assert spans_of(dr_bob) == [(NINE, NOON)]


def test_an_exception_that_is_sent_twice_is_added_once(admin, dr_bob):
    change = away(dr_bob, coming_day())

    assert save_change(admin, change).is_changed
    assert not save_change(admin, change).is_changed
    assert ScheduleException.objects.count() == 1


def test_an_exception_of_somebody_else_is_not_changed(admin, dr_bob, dr_eve):
    theirs = away(dr_eve, coming_day())
    save_change(admin, theirs)

    with pytest.raises(HoursChangedMeanwhile):
        save_change(admin, replace(theirs, practitioner_id=str(dr_bob.pk), seen=stamp_of(dr_bob.pk)))
