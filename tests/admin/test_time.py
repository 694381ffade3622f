"""Hours and time off on one page: what is typed, what is refused, what is taken back."""

from datetime import date, time, timedelta

import pytest

from bookings.admin.time import saving
from bookings.models import ScheduleException
from events.outbox import history_of
from tests.admin.hours import (
    SAVE,
    UNDO,
    decided,
    lines,
    off,
    said,
    time_of,
    time_off,
    typed,
    whole_week,
)
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, give_hours


# ── the week ────────────────────────────────────────────────────────────────────
def test_a_week_is_typed_and_saved_at_once_where_nothing_is_hit(as_admin, dr_bob):
    answer = typed(
        as_admin, dr_bob, "week", **{"p0-d0-start": ["9.00", "13:00"], "p0-d0-end": ["12:00", "24:00"]}
    )

    assert answer["Location"] == time_of(dr_bob)
    monday = dr_bob.weekly_hours.filter(weekday=0)
    assert {(row.start_time, row.end_time) for row in monday} == {(time(9), time(12)), (time(13), time(0))}
    (event,) = history_of("provider", dr_bob.pk)
    assert (event.type, event.data["rows"], event.door) == ("schedule.changed", "weekly_hours", "admin")


def test_hours_of_other_dates_are_a_period_of_their_own_in_either_calendar(as_admin, dr_bob):
    page = typed(as_admin, dr_bob, "week", more="1")
    assert len(page.context["grid"].periods) == 2
    assert "Not saved yet." in page.text

    first = date(coming_day().year + 1, 1, 1)
    typed(
        as_admin, dr_bob, "week",
        **{
            "period": ["0", "1"], "p0-last": f"31/12/{first.year + 542}",
            "p1-first": first.isoformat(), "p1-d0-start": ["10:00"], "p1-d0-end": ["11:00"],
        },
    )  # fmt: skip

    assert set(dr_bob.weekly_hours.values_list("valid_from", "valid_until")) == {
        (None, first - timedelta(days=1)), (first, None),
    }  # fmt: skip
    assert [period.validity for period in as_admin.get(time_of(dr_bob)).context["grid"].periods] == [
        f"Until 31 Dec {first.year - 1}", f"From 1 Jan {first.year} on",
    ]  # fmt: skip


def test_a_period_is_dropped_from_the_form_and_saved_only_then(as_admin, dr_bob):
    give_hours(dr_bob, ("18:00", "20:00"))
    dr_bob.weekly_hours.filter(start_time=time(18)).update(valid_from=coming_day(30))

    page = typed(as_admin, dr_bob, "week", drop="1")

    assert [period.key for period in page.context["grid"].periods] == ["0"]
    assert dr_bob.weekly_hours.filter(start_time=time(18)).exists()


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (["09:00", "11:00"], ["12:00", "13:00"], "09:00–12:00 and 11:00–13:00 overlap."),
        (["12:00"], ["09:00"], "The end must be after the start."),
        (["09:00"], [""], "Give both times or neither."),
        (["nine"], ["12:00"], "Write the time as HH:MM"),
    ],
    ids=["overlap", "turned round", "half", "no time"],
)
def test_what_cannot_be_is_told_at_its_day_and_nothing_typed_is_lost(as_admin, dr_bob, start, end, text):
    page = typed(as_admin, dr_bob, "week", **{"p0-d2-start": start, "p0-d2-end": end})

    wednesday = page.context["grid"].periods[0].days[2]
    assert text in wednesday.error
    assert [pair for pair in wednesday.pairs if any(pair)] == list(zip(start, end, strict=True))
    assert page.text.count('aria-invalid="true"') == 2 * len(wednesday.pairs)
    assert dr_bob.weekly_hours.count() == 14


def test_the_dates_of_a_period_are_told_to_be_wrong(as_admin, dr_bob):
    page = typed(as_admin, dr_bob, "week", **{"p0-first": "31/02/2569"})
    turned = typed(as_admin, dr_bob, "week", **{"p0-first": "2027-02-02", "p0-last": "2027-02-01"})

    assert "it must exist" in page.context["grid"].periods[0].error
    assert "must not be before" in turned.context["grid"].periods[0].error


def test_the_second_of_two_is_told_and_sees_both_what_there_is_and_what_they_typed(as_admin, dr_bob):
    seen = as_admin.get(time_of(dr_bob)).context["seen"]
    typed(as_admin, dr_bob, "week", **whole_week("09:00", "12:00"))

    page = typed(as_admin, dr_bob, "week", seen=seen, **whole_week("13:00", "17:00"))

    assert "Somebody else has changed these hours meanwhile." in page.text
    assert page.context["now"].periods[0].days[0].text == "09:00–12:00"
    assert page.context["grid"].periods[0].days[0].text == "13:00–17:00"
    assert not dr_bob.weekly_hours.filter(start_time=time(13)).exists()

    typed(as_admin, dr_bob, "week", seen=page.context["seen"], **whole_week("13:00", "17:00"))
    assert dr_bob.weekly_hours.filter(start_time=time(13)).count() == 7


# ── time off ────────────────────────────────────────────────────────────────────
def test_time_off_is_added_changed_and_deleted(as_admin, dr_bob):
    typed(as_admin, dr_bob, "dated", **time_off(coming_day(3), note="Congress"))
    row = ScheduleException.objects.get()
    assert (row.date_from, row.date_until, row.start_time, row.note) == (
        coming_day(3),
        coming_day(3),
        None,
        "Congress",
    )

    page = as_admin.get(time_of(dr_bob), exception=str(row.pk))
    assert page.context["is_editing"]
    typed(
        as_admin, dr_bob, "dated", **time_off(coming_day(4)), row_id=str(row.pk),
        row_seen=page.context["seen"], start_time="09:00", end_time="10:00",
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.date_from, row.start_time, row.end_time, row.note) == (coming_day(4), time(9), time(10), "")

    typed(as_admin, dr_bob, "delete", row_id=str(row.pk))
    assert not ScheduleException.objects.exists()
    assert [
        next(name for name in ("added", "changed", "removed") if event.data[name])
        for event in history_of("provider", dr_bob.pk)
    ] == ["added", "changed", "removed"]


def test_what_is_wrong_with_time_off_is_told_at_its_line(as_admin, dr_bob):
    day = coming_day(3)
    page = typed(as_admin, dr_bob, "dated", date_from="")
    turned = typed(as_admin, dr_bob, "dated", **time_off(day, date_until=coming_day(2).isoformat()))
    half = typed(as_admin, dr_bob, "dated", **time_off(day, start_time="09:00"))

    assert list(page.context["dated"].errors) == ["date_from"]
    assert list(turned.context["dated"].errors) == ["date_until"]
    assert list(half.context["dated"].errors) == ["end_time"]


def test_time_off_that_somebody_else_changed_meanwhile_is_not_overwritten(as_admin, dr_bob):
    row = off(dr_bob, coming_day(3), note="first")
    seen = as_admin.get(time_of(dr_bob)).context["seen"]
    ScheduleException.objects.update(note="second")

    page = typed(as_admin, dr_bob, "dated", **time_off(coming_day(4)), row_id=str(row.pk), row_seen=seen)

    assert "Somebody else has changed" in str(page.context["dated"].errors)
    assert ScheduleException.objects.get().note == "second"

    again = page.context["dated"]["row_seen"].value()
    typed(as_admin, dr_bob, "dated", **time_off(coming_day(4)), row_id=str(row.pk), row_seen=again)
    assert ScheduleException.objects.get().date_from == coming_day(4)


def test_the_days_are_said_in_the_readers_calendar(as_admin, dr_bob):
    off(dr_bob, date(2027, 1, 2), note="Congress")

    page = as_admin.get(time_of(dr_bob), language="th").text

    assert "2 ม.ค. 2570" in page
    assert "วันจันทร์" in page or "จันทร์" in page


# ── taking it back ──────────────────────────────────────────────────────────────
def test_a_change_is_taken_back_by_the_button_that_follows_it(as_admin, dr_bob):
    typed(as_admin, dr_bob, "dated", **time_off(coming_day()))
    assert as_admin.get(time_of(dr_bob)).context["can_undo"]

    answer = as_admin.post(UNDO, {})

    assert answer["Location"] == time_of(dr_bob)
    assert not ScheduleException.objects.exists()


def test_what_was_changed_again_since_is_not_taken_back(as_admin, dr_bob):
    typed(as_admin, dr_bob, "dated", **time_off(coming_day()))
    ScheduleException.objects.update(note="changed since")

    text = said(as_admin, as_admin.post(UNDO, {}))

    assert "Somebody else has changed these hours meanwhile." in text
    assert ScheduleException.objects.exists()


def test_the_button_goes_after_a_while_and_on_other_pages(as_admin, dr_bob, dr_eve, monkeypatch):
    typed(as_admin, dr_bob, "dated", **time_off(coming_day()))
    assert not as_admin.get(time_of(dr_eve)).context["can_undo"]

    monkeypatch.setattr(saving, "UNDO_FOR", -1)
    assert not as_admin.get(time_of(dr_bob)).context["can_undo"]
    assert "There is nothing to take back." in said(as_admin, as_admin.post(UNDO, {}))
    assert ScheduleException.objects.exists()


def test_taking_extra_hours_back_asks_what_becomes_of_what_was_booked_in_them(
    as_admin, desk, check_up, dr_bob
):
    typed(
        as_admin,
        dr_bob,
        "dated",
        **time_off(coming_day(), kind="EXTRA_HOURS", start_time="18:00", end_time="19:00"),
    )
    row = book(desk, check_up, at(18))

    page = as_admin.post(UNDO, {})

    assert lines(page) == [(row.reference, "outside working hours")]
    as_admin.post(SAVE, decided(page))
    assert not ScheduleException.objects.exists()
