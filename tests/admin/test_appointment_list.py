"""The list of appointments: whose, which days, found how, at what cost."""

from datetime import timedelta

import pytest

from accounts.permissions import Role
from bookings.actions.holds import hold_slot
from bookings.models import Appointment, Practitioner
from core import clock
from tenants.directory import forget_hospitals
from tests.admin.browser import Browser
from tests.conftest import signed_in
from tests.support.booking import set_status
from tests.support.catalogue import at, coming_day, guest
from tests.support.statements import counted

LIST = "/admin/bookings/appointment/"


def listed(browser, **asked):
    return [row.reference for row in browser.get(LIST, **asked).context["cl"].result_list]


def shift(row, **by):
    """Put an appointment on another day, past every rule."""
    step = timedelta(**by)
    row = Appointment.objects.get(pk=row.pk)
    row.start, row.end = row.start + step, row.end + step
    row.occupied = type(row.occupied)(row.occupied.lower + step, row.occupied.upper + step)
    row.save()


def test_a_line_tells_when_who_what_with_whom_and_how_it_stands(at_desk, booked):
    booked(9)

    page = at_desk.get(LIST).text

    day = coming_day()
    for text in (
        f"{day:%a} {day.day} {day:%b %Y} 09:00",
        "Malee Srisuk",
        "+66898765432",
        "check-up",
        "Dr Bob",
    ):
        assert text in page
    assert "Scheduled" in page
    assert "Front desk" in page


def test_a_thai_line_tells_the_buddhist_year_and_thai_names(at_desk, booked):
    booked(9)

    page = at_desk.get(LIST, language="th").text

    assert f"{coming_day().year + 543} 09:00" in page
    assert "นพ. บ็อบ" in page


def test_times_are_those_of_the_hospitals_clocks(at_desk, booked, in_hospital):
    booked(9)
    in_hospital.timezone = "America/New_York"
    in_hospital.save()
    forget_hospitals()

    row = Appointment.objects.get()
    assert (
        f"{row.start.astimezone(clock.zone('America/New_York')):%H:%M}" in at_desk.get(LIST, when="all").text
    )


def test_a_guests_name_full_of_html_is_shown_as_it_was_typed(at_desk, booked):
    name = '<script>alert(1)</script> "><img src=x onerror=alert(2)>'
    row = booked(guest=guest(name))

    for path in (LIST, f"{LIST}{row.pk}/change/", f"{LIST}{row.pk}/move/", "/admin/bookings/patient/"):
        page = at_desk.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in at_desk.get(LIST).text


def test_holds_are_not_listed_and_have_no_page(at_desk, desk, check_up):
    hold = hold_slot(desk, service_id=check_up.pk, start=at(9))

    assert listed(at_desk, when="all") == []
    assert at_desk.get(f"{LIST}{hold.pk}/change/").status_code == 302


def test_a_doctor_sees_own_appointments_only(as_doctor, booked, dr_eve):
    own = booked(9)
    booked(10, guest=guest("Somsak", "0811111111"), practitioner_id=str(dr_eve.pk))

    assert listed(as_doctor) == [own.reference]
    assert listed(as_doctor, q="Somsak") == []


def test_a_doctor_whose_account_is_nobodys_sees_none(as_doctor, booked, dr_bob):
    booked(9)
    Practitioner.objects.filter(pk=dr_bob.pk).update(user=None)

    assert listed(as_doctor) == []


def test_another_hospital_sees_nothing_of_it(booked, other_hospital, other_people):
    booked(9)

    browser = Browser(signed_in(other_people.admin, "rama.localhost"), other_hospital)

    assert listed(browser, when="all") == []


@pytest.mark.parametrize(
    ("when", "days"),
    [
        (None, [0, 1, 3, 9]),
        ("today", [0]),
        ("tomorrow", [1]),
        ("week", [0, 1, 3]),
        ("past", [-2]),
        ("all", [-2, 0, 1, 3, 9]),
        ("nonsense", [0, 1, 3, 9]),
    ],
)
def test_days_are_counted_from_today_on_the_hospitals_clocks(at_desk, booked, when, days):
    rows = {}
    for number, day in enumerate((-2, 0, 1, 3, 9)):
        row = booked(9, days=20, guest=guest("Malee", f"081111111{number}"))
        shift(row, days=day - 20)
        rows[row.reference] = day

    asked = {"when": when} if when else {}
    assert [rows[reference] for reference in listed(at_desk, **asked)] == days


def test_a_range_of_days_is_typed_in_either_calendar(at_desk, booked):
    for number in (1, 2, 3, 4):
        booked(9, days=number, guest=guest("Malee", f"081111111{number}"))
    first, last = coming_day(2), coming_day(3)

    asked = {"start_from": f"{first:%d/%m}/{first.year + 543}", "start_to": last.isoformat()}
    found = listed(at_desk, when="today", **asked)

    starts = Appointment.objects.filter(reference__in=found).order_by("start").values_list("start", flat=True)
    assert [start.astimezone(clock.zone("Asia/Bangkok")).date() for start in starts] == [first, last]


def test_a_range_that_cannot_be_read_is_told_and_filters_nothing(at_desk, booked):
    booked()

    page = at_desk.get(LIST, start_from="31/02/2569")

    assert "Write the date as DD/MM/YYYY or YYYY-MM-DD; it must exist." in page.text
    assert len(page.context["cl"].result_list) == 1


def test_the_list_is_filtered_by_status_practitioner_service_and_source(
    at_desk, booked, dr_bob, dr_eve, check_up
):
    first = booked(9)
    second = booked(10, guest=guest("Somsak", "0811111111"), practitioner_id=str(dr_eve.pk))
    set_status(second, "CONFIRMED")

    assert listed(at_desk, status="CONFIRMED") == [second.reference]
    assert listed(at_desk, status=["CONFIRMED", "SCHEDULED"]) == [first.reference, second.reference]
    assert listed(at_desk, practitioner__id__exact=str(dr_bob.pk)) == [first.reference]
    assert listed(at_desk, service__id__exact=check_up.pk) == [first.reference, second.reference]
    assert listed(at_desk, source__exact="telegram") == []


@pytest.mark.parametrize(
    "typed",
    [
        "Malee",
        "srisuk malee",
        "0898765432",
        "089-876-5432",
        "+66 89 876 5432",
        "5432",
        "{ref}",
        "{bare}",
        "{low}",
    ],
)
def test_an_appointment_is_found_by_name_phone_and_reference(at_desk, booked, typed):
    row = booked(9)
    booked(10, guest=guest("Somsak Jaidee", "0811111111"))
    typed = typed.format(
        ref=row.reference, bare=row.reference.replace("-", ""), low=row.reference.lower().replace("-", " ")
    )

    assert listed(at_desk, q=typed) == [row.reference]


def test_an_appointment_is_found_by_the_name_of_the_patient_that_stands_behind_it(at_desk, booked):
    row = booked(9)
    row.patient.name = "Malee Newname"
    row.patient.save()

    assert listed(at_desk, q="newname") == [row.reference]


def test_a_search_looks_through_all_days(at_desk, booked):
    row = booked(9)
    shift(row, days=-30)

    assert listed(at_desk) == []
    assert listed(at_desk, q=row.reference) == [row.reference]
    assert listed(at_desk, q=row.reference, when="today") == [row.reference]


@pytest.mark.parametrize("typed", ["%", "_", "'; DROP TABLE", "\\", "((", "ก"])
def test_strange_searches_find_nothing_and_break_nothing(at_desk, booked, typed):
    booked(9)

    assert listed(at_desk, q=typed) == []


def test_the_button_for_what_comes_next_is_offered_on_the_day_itself(at_desk, booked):
    row = booked(9, days=1)
    assert "Check in</button>" not in at_desk.get(LIST).text

    shift(row, days=-1)

    assert f'formaction="{LIST}{row.pk}/step/"' in at_desk.get(LIST).text


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.DOCTOR])
def test_the_list_costs_as_many_statements_for_three_appointments_as_for_one(browser_of, booked, role):
    browser = browser_of(role)

    def cost():
        with counted() as statements:
            assert browser.get(LIST).status_code == 200
        return len(statements)

    booked(9)
    cost()
    one = cost()
    booked(10, guest=guest("Somsak", "0811111111"))
    booked(11, guest=guest("Anong", "0822222222"))

    assert cost() == one
    assert one <= 13
