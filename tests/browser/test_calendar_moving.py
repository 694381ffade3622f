"""Moving in the calendar: dragged, refused and put back, at once by two, and by keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar import (
    BECAUSE,
    CALENDAR,
    REFUSED,
    box,
    button,
    column,
    drag,
    drag_by_touch,
    event,
    is_in_column,
    press_until,
    told,
)


@pytest.fixture
def calendar(desk_page) -> Page:
    """The calendar at the front desk, with the appointments of today."""
    desk_page.goto(CALENDAR)
    expect(event(desk_page, "Malee Srisuk")).to_be_visible()
    return desk_page


def where(place, name: str = "Malee Srisuk") -> tuple[str, str]:
    """Time and practitioner of somebody's appointment of today."""
    rows = place.sql(
        "SELECT to_char(a.start, 'HH24:MI'), p.name_en FROM bookings_appointment a"
        " JOIN bookings_practitioner p ON p.id = a.practitioner_id WHERE guest_name = %s",
        name,
    )
    assert len(rows) == 1
    return rows[0]


def test_an_appointment_is_dragged_to_another_time_and_doctor_and_back_by_undo(calendar, place):
    drag(calendar, "Malee Srisuk", by=120, to="Dr Eve")
    expect(told(calendar)).to_contain_text("Moved: Malee Srisuk")
    expect(event(calendar, "Malee Srisuk")).to_contain_text("12:00–12:30")
    assert is_in_column(calendar, "Malee Srisuk", "Dr Eve")
    assert where(place) == ("12:00", "Dr Eve")
    told(calendar).get_by_role("button", name="Undo").click()
    expect(event(calendar, "Malee Srisuk")).to_contain_text("10:00–10:30")
    assert where(place) == ("10:00", "Dr Bob")


def test_a_drag_onto_somebody_else_is_put_back_with_the_reason_and_what_is_free(calendar, place, watch):
    watch.allow(REFUSED, because=BECAUSE)
    drag(calendar, "Malee Srisuk", by=60, to="Dr Eve")
    dialog = calendar.locator("dialog")
    expect(dialog).to_contain_text("taken")
    expect(event(calendar, "Malee Srisuk")).to_contain_text("10:00–10:30")
    assert is_in_column(calendar, "Malee Srisuk", "Dr Bob")
    assert where(place) == ("10:00", "Dr Bob")
    dialog.get_by_role("button", name="11:30, Dr Eve").click()
    expect(event(calendar, "Malee Srisuk")).to_contain_text("11:30–12:00")
    assert where(place) == ("11:30", "Dr Eve")


def test_of_two_who_drag_the_same_appointment_one_wins_and_the_other_is_told(calendar, page_of, place, watch):
    watch.allow(REFUSED, because=BECAUSE)
    other = page_of("NURSE", CALENDAR)
    expect(event(other, "Malee Srisuk")).to_be_visible()
    # As if it had not asked yet whether anything is new.
    other.route("**/version/**", lambda _: None)
    drag(calendar, "Malee Srisuk", by=120, to="Dr Eve")
    expect(told(calendar)).to_contain_text("Moved: Malee Srisuk")
    drag(other, "Malee Srisuk", by=180, to="Dr Bob")
    expect(told(other)).to_contain_text("Malee Srisuk is on")
    expect(told(other)).to_contain_text("12:00 with Dr Eve now")
    expect(event(other, "Malee Srisuk")).to_contain_text("12:00–12:30")
    assert is_in_column(other, "Malee Srisuk", "Dr Eve")
    assert where(place) == ("12:00", "Dr Eve")


def test_what_cannot_be_moved_cannot_be_dragged(calendar, place):
    place.sql("UPDATE bookings_appointment SET status = 'COMPLETED' WHERE guest_name = 'Malee Srisuk'")
    calendar.reload()
    expect(event(calendar, "Malee Srisuk")).to_contain_text("Completed")
    drag(calendar, "Malee Srisuk", by=120, to="Dr Eve")
    expect(event(calendar, "Malee Srisuk")).to_contain_text("10:00–10:30")
    assert where(place) == ("10:00", "Dr Bob")


def test_while_it_is_dragged_the_time_is_said_at_which_it_would_be(calendar):
    start, target = box(event(calendar, "Malee Srisuk")), box(column(calendar, "Dr Eve"))
    calendar.mouse.move(start["x"] + 20, start["y"] + 6)
    calendar.mouse.down()
    calendar.mouse.move(target["x"] + target["width"] / 2, start["y"] + 6 + 26 * 8, steps=8)

    expect(calendar.locator(".ec-event.ec-preview")).to_contain_text("12:00–12:30")
    calendar.mouse.up()


@pytest.fixture
def tablet(page_of) -> Page:
    """The same calendar on a tablet, held upright."""
    page = page_of("FRONT_DESK", CALENDAR, width=820, height=1100, has_touch=True)
    expect(event(page, "Malee Srisuk")).to_be_visible()
    return page


def test_a_finger_that_rests_on_an_appointment_drags_it(tablet, place):
    drag_by_touch(tablet, "Malee Srisuk", by=120, to="Dr Eve")
    expect(told(tablet)).to_contain_text("Moved: Malee Srisuk")
    expect(event(tablet, "Malee Srisuk")).to_contain_text("12:00–12:30")
    assert is_in_column(tablet, "Malee Srisuk", "Dr Eve")
    assert where(place) == ("12:00", "Dr Eve")


def test_a_finger_that_only_passes_scrolls_and_moves_nothing(tablet, place):
    drag_by_touch(tablet, "Malee Srisuk", by=-120, to="Dr Eve", hold=0)
    tablet.wait_for_timeout(500)
    expect(told(tablet)).to_have_count(0)
    expect(tablet.locator("dialog")).to_have_count(0)
    assert where(place) == ("10:00", "Dr Bob")


def test_the_keyboard_alone_moves_an_appointment_to_a_free_time(calendar, place):
    calendar.keyboard.press("4")
    press_until(calendar, "Tab", calendar.get_by_role("button", name="Move: Malee Srisuk"))
    calendar.keyboard.press("Enter")
    expect(calendar.locator("dialog [name=practitioner]")).to_be_focused()
    calendar.keyboard.type("Dr E")
    free = button(calendar, "15:00")
    expect(free).to_be_visible()
    press_until(calendar, "Tab", free)
    calendar.keyboard.press("Enter")
    expect(told(calendar)).to_contain_text("Moved: Malee Srisuk")
    expect(calendar.locator("dialog")).to_have_count(0)
    assert where(place) == ("15:00", "Dr Eve")
    expect(calendar.get_by_role("row", name="Malee Srisuk")).to_contain_text("15:00–15:30")


def test_a_typed_time_that_is_taken_is_refused_in_the_form(calendar, place, watch):
    watch.allow(REFUSED, because=BECAUSE)
    event(calendar, "Malee Srisuk").click()
    button(calendar, "Move…").click()
    calendar.locator("dialog [name=practitioner]").select_option(label="Dr Eve")
    calendar.locator("dialog [name=time]").fill("1100")
    button(calendar, "Move").click()
    expect(calendar.locator(".nm-refusal")).to_contain_text("taken")
    assert where(place) == ("10:00", "Dr Bob")


def test_a_doctor_sees_and_moves_the_own_column_alone(page_of, place):
    page = page_of("DOCTOR", CALENDAR)
    expect(event(page, "Malee Srisuk")).to_be_visible()
    expect(page.locator(".ec-col-head", has_text="Dr ")).to_have_count(1)
    expect(page.get_by_text("Somchai Jaidee")).to_have_count(0)
    expect(page.get_by_role("button", name="New appointment")).to_have_count(0)
    drag(page, "Malee Srisuk", by=120, to="Dr Bob")
    expect(event(page, "Malee Srisuk")).to_contain_text("12:00–12:30")
    assert where(place) == ("12:00", "Dr Bob")
