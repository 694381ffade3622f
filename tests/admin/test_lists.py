"""Lists of the admin draw what is the same in every row once."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.contrib.admin import helpers
from unfold.admin import checkbox
from unfold.templatetags import unfold_list

from accounts.permissions import Role
from bookings.models import Appointment
from tenants.admin_sites import lists
from tests.support.booking import book
from tests.support.catalogue import at, guest

LIST = "/admin/bookings/appointment/?when=all"


@pytest.fixture
def appointments(desk, check_up):
    for number, hour in enumerate((9, 10, 11)):
        book(desk, check_up, at(hour), guest=guest(f"Guest {number}", f"081111111{number}"))
    return list(Appointment.objects.order_by("start"))


def boxes_in(page: str) -> list[str]:
    return re.findall(r"<input[^>]*_selected_action[^>]*>", page)


def test_the_head_of_a_list_is_worked_out_once_for_all_of_its_rows(browser_of, appointments, monkeypatch):
    columns = []
    plain = unfold_list.label_for_field

    def counted(name, *args, **kwargs):
        columns.append(name)
        return plain(name, *args, **kwargs)

    monkeypatch.setattr(unfold_list, "label_for_field", counted)
    page = browser_of(Role.FRONT_DESK).get(LIST).text

    assert len(boxes_in(page)) == 3
    assert len(columns) == len(set(columns)) > 5


def test_each_row_has_the_box_that_unfold_would_draw(browser_of, appointments):
    page = browser_of(Role.FRONT_DESK).get(LIST).text

    drawn = {checkbox.render(helpers.ACTION_CHECKBOX_NAME, str(row.pk)) for row in appointments}
    assert {" ".join(box.split()) for box in boxes_in(page)} == {" ".join(box.split()) for box in drawn}


def test_a_box_is_named_in_the_readers_language(browser_of, appointments):
    browser = browser_of(Role.FRONT_DESK)
    for language, name in (("th", "เลือกรายการ"), ("en", "Select record"), ("th", "เลือกรายการ")):
        boxes = boxes_in(browser.get(LIST, language=language).text)
        assert [name in box for box in boxes] == [True] * 3, language


def test_an_id_in_a_box_is_escaped():
    class Row:
        pk = '"><script>'

    box = lists.QuickList.action_checkbox(None, Row())
    assert "<script>" not in box
    assert str(UUID(int=1)) in lists.QuickList.action_checkbox(None, Appointment(pk=UUID(int=1)))


def test_a_status_is_named_in_the_readers_language(browser_of, appointments):
    browser = browser_of(Role.FRONT_DESK)
    in_thai, in_english = (browser.get(LIST, language=language).text for language in ("th", "en"))
    assert "Scheduled" in in_english
    assert "Scheduled" not in in_thai


def test_a_row_leads_to_its_page_and_from_there_back_to_the_rows_that_were_shown(browser_of, appointments):
    browser = browser_of(Role.FRONT_DESK)
    page = browser.get("/admin/bookings/appointment/", when="all", status="SCHEDULED").text

    (address,) = re.findall(rf'href="(/admin/bookings/appointment/{appointments[0].pk}/change/[^"]*)"', page)
    query = parse_qs(urlsplit(unescape(address)).query)
    assert parse_qs(query["_changelist_filters"][0]) == {"when": ["all"], "status": ["SCHEDULED"]}
