"""Export in the admin: what the list shows, as a file; written down in the history."""

import csv
import io

import pytest
from openpyxl import load_workbook

from accounts.permissions import Role
from bookings.actions import exports
from bookings.exchange.columns import PATIENT_COLUMNS
from bookings.exchange.reading import read_table
from bookings.models import Patient
from events.models import Event
from tests.support.catalogue import at, guest
from tests.support.statements import counted

PATIENTS, APPOINTMENTS = "/admin/bookings/patient/", "/admin/bookings/appointment/"


def rows_of(answer):
    assert answer.status_code == 200
    if answer["Content-Type"].startswith("text/csv"):
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]


def export(browser, address, query="", form="csv", **more):
    return browser.post(f"{address}export/{query}", {"form": form}, **more)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_appointments_come_with_days_and_times_on_the_hospitals_clocks(at_desk, booked, form):
    row = booked(9, guest=guest("=Malee", "0811111111"))

    titles, told = rows_of(export(at_desk, APPOINTMENTS, "?when=all", form))

    assert titles[:5] == ["Reference", "Date", "Start", "End", "Status"]
    assert told[:9] == [
        row.reference, f"{at(9):%Y-%m-%d}", "09:00", "09:30", "Scheduled", "check-up", "Dr Bob", "'=Malee",
        "+66811111111",
    ]  # fmt: skip


def test_the_file_holds_what_the_list_shows(at_desk, booked):
    booked(9, guest=guest("Malee", "0811111111"))
    booked(10, guest=guest("Somsak", "0822222222"), days=3)

    def names(query):
        return [row[7] for row in rows_of(export(at_desk, APPOINTMENTS, query))[1:]]

    assert names("?when=tomorrow") == ["Malee"]
    assert names("?q=somsak") == ["Somsak"]
    assert names("?when=all&o=-2") == ["Somsak", "Malee"]
    assert names("?when=today") == []


def test_the_button_over_the_list_takes_its_filters_along(at_desk, booked):
    page = at_desk.get(APPOINTMENTS, when="tomorrow", q="malee")

    assert f"{APPOINTMENTS}export/?when=tomorrow&amp;q=malee" in page.text


def test_the_page_says_how_many_rows_there_are_and_changes_nothing(at_desk, people):
    events = Event.objects.count()

    page = at_desk.get(PATIENTS + "export/")

    assert "1 row, as the list shows it" in page.text
    assert Event.objects.count() == events


def test_patients_come_with_headings_that_an_import_understands(at_desk, people):
    Patient.objects.filter(pk=people.alice.pk).update(hospital_number="HN-1", date_of_birth="1990-05-17")

    for language in ("en", "th"):
        answer = export(at_desk, PATIENTS, language=language)
        table = read_table(answer.content, PATIENT_COLUMNS)
        assert table.unknown == []
        assert table.lines[0].values == {
            "name": people.alice.name, "phone_number": "+66812345678", "hospital_number": "HN-1",
            "date_of_birth": "1990-05-17", "language": "th",
        }  # fmt: skip
    assert 'filename="patients-ploy-' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]


def test_who_took_how_many_rows_is_written_down_without_names(at_desk, people):
    export(at_desk, PATIENTS, "?q=alice")

    event = Event.objects.get(type="patients.exported")
    assert (event.actor_label, event.data) == ("Fon", {"count": 1, "format": "csv"})


def test_a_doctor_exports_own_appointments_and_no_patients(as_doctor, booked, dr_eve):
    booked(9, guest=guest("Malee", "0811111111"))
    booked(10, guest=guest("Other", "0822222222"), practitioner_id=str(dr_eve.pk))

    assert [row[7] for row in rows_of(export(as_doctor, APPOINTMENTS, "?when=all"))[1:]] == ["Malee"]
    assert export(as_doctor, PATIENTS).status_code == 403
    assert f"{PATIENTS}export/" not in as_doctor.get(PATIENTS).text


@pytest.mark.parametrize("role", [Role.ADMIN, Role.NURSE, Role.FRONT_DESK])
def test_whoever_may_read_all_patients_exports_them(browser_of, role):
    assert export(browser_of(role), PATIENTS).status_code == 200


def test_more_rows_than_a_file_takes_are_refused_in_words(at_desk, people, monkeypatch):
    monkeypatch.setitem(exports.MOST_ROWS, "csv", 0)
    events = Event.objects.count()

    page = export(at_desk, PATIENTS)

    assert "more rows than one file takes" in page.text
    assert Event.objects.count() == events


def test_an_export_costs_the_same_statements_for_one_row_and_for_three(at_desk, booked):
    seen = []
    for hours in ((9,), (10, 11)):
        for hour in hours:
            booked(hour, guest=guest(f"Guest {hour}", f"08111111{hour:02}"))
        with counted() as statements:
            export(at_desk, APPOINTMENTS, "?when=all")
        seen.append(len(statements))

    assert seen[0] == seen[1]
    assert seen[0] <= 20
