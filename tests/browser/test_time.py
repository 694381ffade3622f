"""Hours and time off in a browser: typed, previewed, decided, taken back."""

import pytest
from playwright.sync_api import expect

EVERYBODY = "/admin/bookings/practitioner/time/"


def time_of(place, who="bob"):
    return f"/admin/bookings/practitioner/{place.seeded['doctors'][who]}/time/"


def buddhist(day):
    return f"{day:%d/%m}/{day.year + 543}"


def hours_of(place, who="bob"):
    return place.sql(
        "SELECT weekday, start_time::text, end_time::text FROM bookings_weeklyhours"
        " WHERE practitioner_id = %s ORDER BY weekday, start_time",
        place.seeded["doctors"][who],
    )


def ask_for_time_off(page, day):
    form = page.locator("#exception-form")
    form.get_by_label("First day").fill(buddhist(day))
    form.get_by_role("button", name="Add").click()


def test_from_the_list_of_everybody_to_one_persons_week(admin_page, place):
    admin_page.goto(EVERYBODY)
    row = admin_page.get_by_role("row", name="Dr Eve")
    expect(row).to_contain_text("08:00–20:00")
    row.get_by_role("link", name="Dr Eve").click()
    expect(admin_page.get_by_role("heading", name="Dr Eve", exact=True)).to_be_visible()


def test_a_break_is_added_by_keyboard_and_copied_to_the_other_weekdays(admin_page, place):
    place.sql("DELETE FROM bookings_appointment")
    admin_page.goto(time_of(place))
    monday = admin_page.locator("[data-day='0']")
    monday.get_by_label("Monday, to").fill("12:00")
    monday.get_by_role("button", name="Add an interval to Monday").press("Enter")
    admin_page.keyboard.type("13:00")
    admin_page.keyboard.press("Tab")
    admin_page.keyboard.type("17.30")
    assert monday.locator("rect").count() == 2
    monday.get_by_role("button", name="Copy Monday to the other weekdays").press("Enter")
    assert admin_page.locator("[data-day='4'] rect").count() == 2
    admin_page.get_by_role("button", name="Save the week").click()

    expect(admin_page.get_by_text("Saved.", exact=True)).to_be_visible()
    rows = hours_of(place)
    assert rows[:2] == [(0, "08:00:00", "12:00:00"), (0, "13:00:00", "17:30:00")]
    assert rows[8:10] == [(4, "08:00:00", "12:00:00"), (4, "13:00:00", "17:30:00")]
    assert rows[10:] == [(5, "08:00:00", "20:00:00"), (6, "08:00:00", "20:00:00")]


def test_time_off_shows_what_it_hits_and_leads_to_the_progress_of_cancelling_it(admin_page, place):
    day = place.day(1)
    admin_page.goto(time_of(place))
    ask_for_time_off(admin_page, day)
    row = admin_page.get_by_role("row", name="สมหญิง ใจดี")
    expect(row).to_contain_text("away")
    expect(admin_page.get_by_label("Reason, if any are cancelled")).to_be_hidden()
    assert place.sql("SELECT count(*) FROM bookings_scheduleexception") == [(0,)]

    row.get_by_label("What becomes of it").select_option("Cancel")
    admin_page.get_by_label("Reason, if any are cancelled").fill("The doctor is ill")
    admin_page.get_by_role("button", name="Save the change and do this").click()

    admin_page.wait_for_url("**/bookings/batch/**")
    assert place.sql("SELECT date_from FROM bookings_scheduleexception") == [(day,)]
    assert place.sql("SELECT kind, total FROM bookings_batch") == [("CANCEL", 1)]


def test_what_is_left_stands_on_the_page_and_time_off_is_taken_back(admin_page, place):
    admin_page.goto(time_of(place))
    ask_for_time_off(admin_page, place.day(1))
    admin_page.get_by_role("button", name="Save the change and do this").click()

    expect(admin_page.locator("#outside")).to_contain_text("สมหญิง ใจดี")
    admin_page.get_by_role("button", name="Take it back").click()

    expect(admin_page.get_by_text("Saved.", exact=True)).to_be_visible()
    expect(admin_page.locator("#outside")).to_have_count(0)
    assert place.sql("SELECT count(*) FROM bookings_scheduleexception") == [(0,)]


def test_who_books_in_between_is_marked_and_nothing_is_saved_before_it_was_seen(admin_page, place):
    day = place.day(1)
    admin_page.goto(time_of(place))
    ask_for_time_off(admin_page, day)
    expect(admin_page.get_by_role("row", name="สมหญิง ใจดี")).to_be_visible()
    place.api(
        "create", event_type_id=place.seeded["services"]["check_up"], date=day.isoformat(), time="15:00",
        provider_id=place.seeded["doctors"]["bob"], guest_name="New Comer", guest_phone="0812345679",
    )  # fmt: skip
    admin_page.get_by_role("button", name="Save the change and do this").click()

    expect(admin_page.get_by_text("Somebody has booked in between.")).to_be_visible()
    expect(admin_page.get_by_role("row", name="New Comer")).to_contain_text("came in between")
    assert place.sql("SELECT count(*) FROM bookings_scheduleexception") == [(0,)]


def test_a_year_of_holidays_is_loaded_in_the_buddhist_era_and_confirmed(page_of, place):
    page = page_of("ADMIN", "/admin/bookings/holiday/year/?year=2570", language="th")
    page.locator("#id_year").fill("2570")
    page.locator(".nm-load button").click()
    page.locator("button[name=do][value=close]").click()

    page.wait_for_url("**year=2027")
    assert place.sql("SELECT bool_and(is_confirmed), count(*) > 15 FROM bookings_holiday") == [(True, True)]


@pytest.mark.parametrize("role", ["DOCTOR", "FRONT_DESK"])
def test_who_may_only_read_sees_hours_and_no_form(page_of, place, role):
    page = page_of(role, time_of(place))
    expect(page.locator("#week")).to_contain_text("08:00–20:00")
    assert page.locator("#content-main form[method=post]").count() == 0
    assert page.locator("#content-main input:not([type=hidden])").count() == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_runs_over_the_edge_of_the_screen(page_of, place, width):
    for path in (EVERYBODY, time_of(place), "/admin/bookings/holiday/year/"):
        page = page_of("ADMIN", path, language="th", width=width)
        edge = page.evaluate("document.documentElement.scrollWidth")
        assert edge <= width, path
