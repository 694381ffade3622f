"""The front page of a hospital's admin, as it is looked at."""

import pytest
from playwright.sync_api import expect

FRONT = "/admin/"
DAY_LIST = "/admin/bookings/appointment/calendar/print/"
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def overflow(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_the_front_page_shows_the_day_and_updates_by_itself(admin_page, place):
    admin_page.goto(FRONT)
    part = admin_page.locator("#hospital-dashboard")
    expect(part).to_contain_text("Next to come")
    # Who comes at eleven: ten may have struck by now.
    expect(part.get_by_role("link", name="Somchai").first).to_be_visible()

    place.sql("UPDATE bookings_appointment SET guest_name = 'Som Changed' WHERE guest_name LIKE 'Somchai%%'")
    admin_page.evaluate(LOOK_AGAIN)

    expect(part.get_by_role("link", name="Som Changed").first).to_be_visible()


def test_bars_are_as_long_as_their_numbers_say(admin_page):
    admin_page.goto(FRONT)
    admin_page.evaluate(LOOK_AGAIN)
    admin_page.wait_for_load_state("networkidle")

    bars = admin_page.evaluate(
        "[...document.querySelectorAll('#hospital-dashboard [data-percent]')]"
        ".map(bar => [bar.dataset.percent, bar.style.width])"
    )

    assert bars
    assert all(width == f"{percent}%" for percent, width in bars)


@pytest.mark.parametrize("language", ["en", "th"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_front_page_fits_a_phone(page_of, language, scheme):
    page = page_of("ADMIN", FRONT, language=language, width=390, height=844, color_scheme=scheme)

    expect(page.locator("#hospital-dashboard")).to_be_visible()
    assert overflow(page) <= 0


def test_the_day_list_has_a_button_that_prints(desk_page):
    desk_page.add_init_script("window.print = () => { document.title = 'printed'; };")
    desk_page.goto(DAY_LIST)
    expect(desk_page.get_by_role("heading", name="Dr Bob")).to_be_visible()

    desk_page.get_by_role("button", name="Print").click()

    assert desk_page.title() == "printed"


def test_the_day_list_on_paper_is_a_page_for_each_practitioner(desk_page):
    desk_page.goto(DAY_LIST)
    desk_page.emulate_media(media="print")

    expect(desk_page.get_by_role("button", name="Print")).to_be_hidden()
    assert desk_page.locator(".sheet").count() == desk_page.pdf(format="A4").count(b"/Type /Page\n")
