"""Hours and time off at a glance: who sees what, and at what cost."""

from datetime import time
from uuid import uuid4

import pytest

from bookings.models import Holiday
from tests.admin.hours import (
    EVERYBODY,
    SAVE,
    STAFF,
    UNDO,
    YEAR,
    off,
    time_of,
)
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, give_hours, guest, make_practitioner, make_service
from tests.support.statements import counted


# ── who sees what ───────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", STAFF)
def test_everybody_of_the_staff_reads_hours_and_only_an_administrator_types_them(browser_of, dr_bob, role):
    browser = browser_of(role)

    pages = [browser.get(path) for path in (EVERYBODY, time_of(dr_bob), YEAR)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert ('value="week"' in pages[1].text) is (role == "ADMIN")
    assert "09:00–12:00, 13:00–17:00" in pages[1].text or role == "ADMIN"


@pytest.mark.parametrize("role", STAFF[1:])
@pytest.mark.parametrize("what", ["week", "dated", "delete", "presence", "outside"])
def test_who_may_not_change_hours_is_refused_whatever_is_sent(browser_of, dr_bob, role, what):
    before = list(dr_bob.weekly_hours.values_list("pk", flat=True))

    answer = browser_of(role).post(time_of(dr_bob), {"what": what, "row_id": str(uuid4())})

    assert answer.status_code == 403
    assert list(dr_bob.weekly_hours.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("role", STAFF[1:])
def test_who_may_not_change_hours_saves_no_preview_and_takes_nothing_back(browser_of, role):
    browser = browser_of(role)

    assert browser.post(SAVE, {"change": "{}"}).status_code == 403
    assert browser.post(UNDO, {}).status_code == 403
    assert browser.post(YEAR, {"holiday": str(uuid4())}).status_code == 403


def test_a_stranger_and_a_wrong_address_get_nowhere(as_admin, stranger, dr_bob):
    assert stranger.get(time_of(dr_bob)).status_code == 302
    assert as_admin.get(f"/admin/bookings/practitioner/{uuid4()}/time/").status_code == 404
    assert as_admin.get(EVERYBODY, practitioner="x").status_code == 404
    assert as_admin.get(EVERYBODY, practitioner=str(dr_bob.pk))["Location"] == time_of(dr_bob)
    assert as_admin.post(time_of(dr_bob), {"what": "nothing"}).status_code == 404
    assert as_admin.get(SAVE).status_code == 405
    assert as_admin.post(SAVE, {"change": "no change"}).status_code == 400


def test_the_doctor_of_another_is_not_shown_whose_appointments_stand_outside(
    browser_of, desk, check_up, dr_bob, dr_eve
):
    for person in (dr_bob, dr_eve):
        book(desk, check_up, at(9), practitioner_id=str(person.pk), guest=guest(f"Of {person.name_en}"))
        off(person)
    browser = browser_of("DOCTOR")

    assert "Of Dr Bob" in browser.get(time_of(dr_bob)).text
    assert "Of Dr Eve" not in browser.get(time_of(dr_eve)).text


# ── at a glance ─────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("exception", "times", "note"),
    [
        (None, "09:00–12:00, 13:00–17:00", ""),
        ({}, "", "away"),
        ({"start_time": time(9), "end_time": time(12)}, "13:00–17:00", "away"),
        ({"start_time": time(18), "end_time": time(19)}, "09:00–12:00, 13:00–17:00", ""),
        (
            {"start_time": time(18), "end_time": time(19), "kind": "EXTRA_HOURS"},
            "09:00–12:00, 13:00–17:00, 18:00–19:00", "",
        ),
    ],
    ids=["as always", "away", "away in the morning", "away in the evening", "extra hours"],
)  # fmt: skip
def test_the_list_tells_what_today_is_like(as_admin, dr_bob, exception, times, note):
    if exception is not None:
        off(dr_bob, coming_day(0), **exception)

    (row,) = as_admin.get(EVERYBODY).context["rows"]

    assert (row["today"].times, row["today"].note) == (times, note)


def test_the_list_tells_of_who_does_not_work_today_of_holidays_and_of_who_takes_no_bookings(as_admin, dr_bob):
    make_practitioner("Dr Idle", hours=False)
    notes = {row["today"].note for row in as_admin.get(EVERYBODY).context["rows"]}
    assert notes == {"does not work today", ""}
    make_practitioner("Dr Off", is_bookable=False)
    make_practitioner("Dr Gone", is_active=False)
    Holiday.objects.create(date=coming_day(0), name_th="x", name_en="x", is_confirmed=True)

    rows = as_admin.get(EVERYBODY).context["rows"]

    assert {row["person"].name_en: row["today"].note for row in rows} == {
        "Dr Bob": "holiday", "Dr Idle": "holiday", "Dr Off": "does not take bookings",
    }  # fmt: skip


def test_the_list_counts_what_stands_outside_of_the_hours(as_admin, desk, check_up, dr_bob):
    book(desk, check_up, at(9))
    off(dr_bob)

    page = as_admin.get(EVERYBODY)

    assert [row["outside"] for row in page.context["rows"]] == [1]
    assert "1 appointment" in page.text


def test_pages_cost_as_many_statements_for_three_as_for_one(as_admin, desk, check_up, dr_bob):
    def add(number):
        person = make_practitioner(f"Dr {number}")
        give_hours(dr_bob, ("18:00", "19:00"), weekdays=(number,))
        make_service(person, dr_bob, slug=f"s{number}")
        whose = guest(f"G{number}", f"08100000{number:02}")
        book(desk, check_up, at(8 + number), practitioner_id=str(dr_bob.pk), guest=whose)
        off(dr_bob, coming_day(), start_time=time(7 + number), end_time=time(7 + number, 5))
        off(dr_bob, coming_day(), start_time=time(8 + number), end_time=time(8 + number, 5))
        off(dr_bob, coming_day(-number - 1))
        Holiday.objects.create(date=coming_day(100 + number), name_th="x", name_en="x")

    def cost(path):
        with counted() as statements:
            assert as_admin.get(path).status_code == 200
        return len(statements)

    add(1)
    paths = (EVERYBODY, time_of(dr_bob), YEAR)
    [cost(path) for path in paths]
    one = [cost(path) for path in paths]
    add(2)
    add(3)

    # The first look after a change reads the rules anew.
    [cost(path) for path in paths]
    assert [cost(path) for path in paths] == one
    assert max(one) < 25
