"""The holidays of a year: compared, confirmed, opened again."""

from datetime import date

import pytest

from bookings.models import Batch, Holiday
from events.models import Event
from tests.admin.hours import SAVE, UNDO, YEAR, decided, lines, said
from tests.support.catalogue import coming_day


# ── holidays ────────────────────────────────────────────────────────────────────
def test_the_holidays_of_a_year_are_asked_for_in_either_calendar(as_admin):
    Holiday.objects.create(date=date(2027, 4, 13), name_th="สงกรานต์", name_en="Songkran")

    pages = [as_admin.get(YEAR, year=year, language="th") for year in ("2570", "2027")]

    assert ["13 เม.ย. 2570" in page.text for page in pages] == [True, True]
    assert [as_admin.get(YEAR, year=year).status_code for year in ("x", "1999", "25700")] == [404] * 3


def test_all_or_some_of_a_year_are_confirmed_and_opened_again(as_admin):
    days = [Holiday.objects.create(date=date(2027, 4, day), name_th="x", name_en="x") for day in (13, 14, 15)]
    chosen = [str(day.pk) for day in days]

    as_admin.post(f"{YEAR}?year=2027", {"holiday": chosen, "do": "close"})
    assert Holiday.objects.filter(is_confirmed=True).count() == 3
    as_admin.post(f"{YEAR}?year=2027", {"holiday": chosen[:1], "do": "open"})
    assert Holiday.objects.filter(is_confirmed=True).count() == 2
    assert as_admin.get(f"{YEAR}?year=2027").context["can_undo"]
    as_admin.post(UNDO, {})

    assert Holiday.objects.filter(is_confirmed=True).count() == 3
    assert [event.type for event in Event.objects.order_by("pk")] == [
        "holidays.confirmed", "holidays.changed", "holidays.confirmed",
    ]  # fmt: skip


def test_a_year_without_a_choice_changes_nothing(as_admin):
    Holiday.objects.create(date=date(2027, 4, 13), name_th="x", name_en="x")

    answer = as_admin.post(f"{YEAR}?year=2027", {"do": "close"})

    assert "Choose at least one day." in said(as_admin, answer)
    assert as_admin.post(YEAR, {"holiday": "x", "do": "close"}).status_code == 404


@pytest.mark.parametrize("by", ["year", "list"])
def test_confirming_a_holiday_asks_what_becomes_of_the_appointments_of_that_day(as_admin, booked, by):
    row = booked(9)
    day = Holiday.objects.create(date=coming_day(), name_th="x", name_en="Closed")
    if by == "year":
        page = as_admin.post(f"{YEAR}?year={coming_day().year}", {"holiday": [str(day.pk)], "do": "close"})
    else:
        sent = {"action": "confirm", "_selected_action": [str(day.pk)], "index": 0}
        page = as_admin.post("/admin/bookings/holiday/", sent)

    assert lines(page) == [(row.reference, "holiday")]
    assert not Holiday.objects.get().is_confirmed

    as_admin.post(SAVE, decided(page, "tell"))
    assert Holiday.objects.get().is_confirmed
    assert Batch.objects.get().kind == "TELL"


def test_no_form_confirms_a_holiday_and_a_confirmed_one_keeps_its_day(as_admin, booked):
    booked(9)
    day = Holiday.objects.create(date=coming_day(), name_th="x", name_en="Closed")
    path = f"/admin/bookings/holiday/{day.pk}/change/"

    as_admin.submit(path, is_confirmed="on", name_en="Renamed")
    day.refresh_from_db()
    assert (day.is_confirmed, day.name_en) == (False, "Renamed")

    Holiday.objects.update(is_confirmed=True, date=coming_day(5))
    as_admin.submit(path, date=coming_day().isoformat(), name_en="Again")
    day.refresh_from_db()
    assert (day.date, day.name_en) == (coming_day(5), "Again")
