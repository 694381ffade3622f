from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.db import transaction

from bookings.actions.timetable import (
    AppointmentsHit,
    Choice,
    DecideFirst,
    Decisions,
    Fate,
    decide,
    require_nothing_hit,
    save_change,
)
from bookings.actions.timetable_changes import (
    HolidaysChange,
    WeekChange,
)
from bookings.models import (
    Appointment,
    Batch,
    Practitioner,
    ScheduleException,
    WeeklyHours,
)
from bookings.rules.intervals import Interval
from core.errors import InvalidInput, NotAllowed
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest, make_practitioner
from tests.support.hours import (
    FIVE,
    LEAVE,
    NINE,
    NOON,
    all_of,
    away,
    items_of,
    switched_off,
    week_of,
)


@pytest.fixture
def admin(in_hospital, people):
    return people.actor("ADMIN")


# ── what becomes of it ──────────────────────────────────────────────────────────
def test_each_appointment_gets_what_was_chosen_for_it_in_one_transaction(
    admin, desk, check_up, dr_bob, dr_eve
):
    hours = (9, 10, 11, 13, 14)
    rows = [
        book(
            desk,
            check_up,
            at(hour),
            practitioner_id=str(dr_bob.pk),
            guest=guest(f"G {hour}", f"08100000{hour:02}"),
        )
        for hour in hours
    ]
    left, told, moved, given, cancelled = rows
    decisions = all_of(
        rows,
        Fate.TELL,
        each={
            left.pk: LEAVE,
            moved.pk: Choice(Fate.MOVE),
            given.pk: Choice(Fate.MOVE, str(dr_eve.pk)),
            cancelled.pk: Choice(Fate.CANCEL),
        },
        reason="The doctor is ill",
    )

    saved = save_change(admin, away(dr_bob, coming_day()), decisions)

    assert (saved.hit, len(saved.batches)) == (5, 4)
    assert {batch.kind: items_of(batch) for batch in saved.batches if batch.kind != "MOVE"} == {
        "TELL": [told.pk], "CANCEL": [cancelled.pk],
    }  # fmt: skip
    moves = [items_of(batch) for batch in saved.batches if batch.kind == "MOVE"]
    assert sorted(moves) == sorted([[moved.pk], [given.pk]])
    assert ScheduleException.objects.count() == 1


def test_cancelling_asks_for_a_reason_and_saves_nothing_without_one(admin, desk, check_up, dr_bob):
    row = book(desk, check_up, at(9))

    with pytest.raises(AppointmentsHit) as caught:
        save_change(admin, away(dr_bob, coming_day()), all_of([row], Fate.CANCEL, reason="  "))

    assert list(caught.value.data["fields"]) == ["reason"]
    assert not ScheduleException.objects.exists()
    assert not Batch.objects.exists()


def test_nobody_is_moved_to_who_does_not_offer_the_event_type(admin, desk, check_up, dr_bob):
    row, other = book(desk, check_up, at(9)), make_practitioner("Dr Other")

    with pytest.raises(AppointmentsHit) as caught:
        save_change(admin, away(dr_bob, coming_day()), all_of([row], Fate.MOVE, str(other.pk)))

    assert row.reference in str(caught.value.data["fields"]["fate"][0])


def test_nobody_is_moved_within_the_hours_of_who_takes_no_bookings_any_more(
    admin, desk, check_up, dr_bob, dr_eve
):
    row = book(desk, check_up, at(9), practitioner_id=str(dr_bob.pk))

    with pytest.raises(AppointmentsHit):
        save_change(admin, switched_off(dr_bob, is_active=False), all_of([row], Fate.MOVE))
    saved = save_change(
        admin, switched_off(dr_bob, is_active=False), all_of([row], Fate.MOVE, str(dr_eve.pk))
    )

    assert [items_of(batch) for batch in saved.batches] == [[row.pk]]


def test_who_books_between_the_look_and_the_save_is_named_and_nothing_is_saved(admin, desk, check_up, dr_bob):
    seen = book(desk, check_up, at(9))
    decisions = all_of([seen], Fate.CANCEL, reason="ill")
    new = book(desk, check_up, at(10), guest=guest("New Comer", "0810000001"))

    with pytest.raises(AppointmentsHit) as caught:
        save_change(admin, away(dr_bob, coming_day()), decisions)

    assert {hit.appointment.pk for hit in caught.value.hits} == {seen.pk, new.pk}
    assert not ScheduleException.objects.exists()


def test_what_was_cancelled_between_the_look_and_the_save_is_left_alone(admin, desk, check_up, dr_bob):
    stays, goes = book(desk, check_up, at(9)), book(desk, check_up, at(10), guest=guest("G", "0810000001"))
    Appointment.objects.filter(pk=goes.pk).update(status="CANCELLED")

    saved = save_change(admin, away(dr_bob, coming_day()), all_of([stays, goes], Fate.TELL))

    assert [items_of(batch) for batch in saved.batches] == [[stays.pk]]


def test_what_was_left_can_be_decided_later(admin, desk, check_up, dr_bob):
    left, inside = (
        book(desk, check_up, at(9)),
        book(desk, check_up, at(9, days=2), guest=guest("G", "0810000001")),
    )
    save_change(admin, away(dr_bob, coming_day()), all_of([left]))

    (batch,) = decide(admin, practitioner_id=str(dr_bob.pk), decisions=all_of([left, inside], Fate.TELL))

    assert items_of(batch) == [left.pk]


# ── refusals ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "spans",
    [
        [(NINE, NOON), (time(11), FIVE)],
        [(NINE, NOON), (NINE, NOON)],
        [(NINE, time(0)), (time(23), time(23, 30))],
        [(NOON, NINE)],
        [(NINE, NINE)],
    ],
    ids=["overlap", "twice the same", "until midnight", "turned round", "empty"],
)  # fmt: skip
def test_intervals_that_cannot_be_are_refused(admin, dr_bob, spans):
    with pytest.raises(InvalidInput) as caught:
        save_change(admin, week_of(dr_bob, *spans))

    assert list(caught.value.data["fields"]) == ["intervals"]


def test_intervals_that_touch_or_hold_in_different_months_do_not_overlap(admin, dr_bob):
    day = {"weekday": 0, "start": NINE}
    rows = (
        Interval(**day, end=NOON, valid_until=coming_day(30)),
        Interval(weekday=0, start=NOON, end=FIVE),
        Interval(**day, end=time(11), valid_from=coming_day(31)),
    )

    save_change(admin, WeekChange(practitioner_id=str(dr_bob.pk), intervals=rows))

    assert WeeklyHours.objects.filter(practitioner=dr_bob).count() == 3


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"date_until": -1}, "date_until"),
        ({"start": NINE}, "end"),
        ({"start": NOON, "end": NINE}, "end"),
    ],
    ids=["days turned round", "half a pair", "times turned round"],
)
def test_exceptions_that_cannot_be_are_refused(admin, dr_bob, row, field):
    day = coming_day(5)
    if "date_until" in row:
        row = {"date_until": day - timedelta(days=1)}
    change = away(dr_bob, day)

    with pytest.raises(InvalidInput) as caught:
        save_change(admin, replace(change, row=replace(change.row, **row)))

    assert list(caught.value.data["fields"]) == [field]


@pytest.mark.parametrize("role", ["DOCTOR", "NURSE", "FRONT_DESK", "PATIENT"])
def test_only_an_administrator_changes_hours_and_holidays(people, dr_bob, role):
    actor = people.actor(role)
    for change in (week_of(dr_bob, (NINE, NOON)), switched_off(dr_bob), HolidaysChange(ids=())):
        with pytest.raises(NotAllowed):
            save_change(actor, change)
    with pytest.raises(NotAllowed):
        decide(actor, practitioner_id=str(dr_bob.pk), decisions=Decisions())


def test_a_form_that_asks_nothing_is_told_that_it_would_hit_something(admin, desk, check_up, dr_bob):
    book(desk, check_up, at(9))

    with transaction.atomic(), pytest.raises(DecideFirst):
        require_nothing_hit(admin, switched_off(dr_bob, is_bookable=False))
    Appointment.objects.update(status="CANCELLED")
    with transaction.atomic():
        require_nothing_hit(admin, switched_off(dr_bob, is_bookable=False))

    assert Practitioner.objects.get(pk=dr_bob.pk).is_bookable
