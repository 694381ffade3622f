"""A file with bad lines: looked at in the browser, imported, and followed to its end."""

from playwright.sync_api import expect

CSV = (
    "ชื่อ-สกุล,เบอร์โทร,วันเกิด\n"
    "นายสมศักดิ์ ทองดี,0811111111,29/02/2567\n"
    "นางสาวแก้ว ใจงาม,0822222222,1 มกรา\n"
    "นายบุญมี สุขใจ,12,\n"
)


def choose(page, text=CSV):
    page.goto("/admin/bookings/patient/")
    page.get_by_role("link", name="Import").click()
    file = {"name": "patients.csv", "mimeType": "text/csv", "buffer": text.encode("cp874")}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def test_a_file_with_bad_lines_is_looked_at_and_its_good_lines_are_imported(desk_page, place):
    place.worker()
    choose(desk_page)

    expect(desk_page.get_by_text("This is not a phone number.")).to_be_visible()
    expect(desk_page.get_by_text("1 มกรา", exact=True)).to_be_visible()
    with desk_page.expect_download() as download:
        desk_page.get_by_role("link", name="CSV").click()
    assert "นายบุญมี สุขใจ" in download.value.path().read_text("utf-8-sig")
    assert not place.sql("SELECT 1 FROM bookings_patient WHERE phone_number = '+66811111111'")

    desk_page.get_by_role("button", name="Import the 1 good line").click()

    expect(desk_page.get_by_text("3 of 3")).to_be_visible(timeout=30_000)
    assert place.sql("SELECT name FROM bookings_patient WHERE phone_number = '+66811111111'")


def test_the_same_file_again_changes_nothing_and_can_be_left(desk_page, place):
    choose(desk_page, "Name,Phone\nMalee Srisuk,12\n")

    expect(desk_page.get_by_text("There is nothing to import in this file.")).to_be_visible()
    desk_page.get_by_role("button", name="Do not import").click()
    expect(desk_page.get_by_text("The file was not imported.")).to_be_visible()


def test_the_pages_of_an_import_fit_a_phone_in_thai_and_the_dark(page_of):
    page = page_of(
        "FRONT_DESK",
        "/admin/bookings/patient/import/",
        language="th",
        width=390,
        height=844,
        color_scheme="dark",
    )

    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390, width


def test_appointments_are_exported_as_the_list_shows_them(desk_page):
    desk_page.goto("/admin/bookings/appointment/?when=today")
    desk_page.get_by_role("link", name="Export").click()

    with desk_page.expect_download() as download:
        desk_page.get_by_role("button", name="Download CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert "Malee" in text
    assert download.value.suggested_filename.startswith("appointments-ploy-")
