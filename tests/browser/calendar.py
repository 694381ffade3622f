"""The calendar's page, in the words of somebody who uses it."""

from playwright.sync_api import FloatRect, Locator, Page, expect

CALENDAR = "/admin/bookings/appointment/calendar/"
REFUSED = "status of 409"
BECAUSE = "Chromium tells of every answer above 399, and this test is about a refusal"
# As static/nadmor/calendar/grid.js draws them: a quarter of an hour is so many pixels high.
_QUARTER = 26
_DRAWN_ANEW_AT_MOST = 20


def at(hour: int, minute: int = 0) -> int:
    """A time of day in minutes."""
    return hour * 60 + minute


def event(page: Page, name: str) -> Locator:
    """An appointment in the columns."""
    return page.locator(".ec-event:not(.ec-ghost, .ec-preview)", has_text=name)


def column(page: Page, practitioner: str) -> Locator:
    """The head of a practitioner's column."""
    return page.locator(".ec-col-head", has_text=practitioner)


def box(locator: Locator) -> FloatRect:
    """Where something is seen, in pixels; an answer that arrives may draw it anew while it is measured."""
    for _ in range(_DRAWN_ANEW_AT_MOST):
        expect(locator).to_be_visible()
        if found := locator.bounding_box():
            return found
    raise AssertionError(f"{locator} is never drawn for long enough to be measured")


def is_in_column(page: Page, name: str, practitioner: str) -> bool:
    """Whether an appointment stands below that practitioner's name."""
    left, head = box(event(page, name))["x"], box(column(page, practitioner))
    return head["x"] - 1 <= left <= head["x"] + head["width"]


def drag(page: Page, name: str, *, by: int, to: str) -> None:
    """Drag an appointment by some minutes, and to a practitioner's column."""
    start, target = box(event(page, name)), box(column(page, to))
    x, y = start["x"] + 20, start["y"] + 6
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] / 2, y + by / 15 * _QUARTER, steps=8)
    page.mouse.up()


def drag_by_touch(page: Page, name: str, *, by: int, to: str, hold: int = 700) -> None:
    """The same with a finger, which rests on the appointment for `hold` milliseconds before it moves."""
    start, target = box(event(page, name)), box(column(page, to))
    x, y = start["x"] + 20, start["y"] + 6
    across, down = target["x"] + target["width"] / 2 - x, by / 15 * _QUARTER
    finger = page.context.new_cdp_session(page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    page.wait_for_timeout(hold)
    for part in range(1, 9):
        at = {"x": x + across * part / 8, "y": y + down * part / 8}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def click_time(page: Page, practitioner: str, minutes: int, *, beside: str, starts: int) -> None:
    """Click on a time of a column; how high that is tells an appointment that starts at a known time."""
    known, head = box(event(page, beside)), box(column(page, practitioner))
    page.mouse.click(head["x"] + head["width"] / 2, known["y"] + (minutes - starts) / 15 * _QUARTER + 6)


def find_patient(page: Page, text: str, name: str) -> None:
    """Search for a patient in the booking dialog, by keyboard, and take who is found."""
    page.get_by_role("combobox", name="Find the patient").fill(text)
    expect(page.get_by_role("option", name=name)).to_be_visible()
    page.keyboard.press("Enter")


def button(page: Page, name: str) -> Locator:
    """A button of the open dialog."""
    return page.locator("dialog").get_by_role("button", name=name, exact=True)


def told(page: Page) -> Locator:
    """The short message at the foot of the page."""
    return page.locator(".nm-toast")


def press_until(page: Page, key: str, target: Locator, *, at_most: int = 80) -> None:
    """Press a key until something has the focus."""
    for _ in range(at_most):
        if target.count() and target.first.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {target}")
