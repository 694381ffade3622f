"""Files that we write: read again by ourselves and by spreadsheets, and run by none."""

import csv
import io

import pytest
from openpyxl import load_workbook

from bookings.exchange.columns import PATIENT_COLUMNS
from bookings.exchange.reading import read_table
from bookings.exchange.writing import guarded, write_table


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_written_is_read_again(form):
    rows = [["นางสาวมาลี", "+66812345678", "2024-02-29"], ["=cmd|' /C calc'!A0", "", None]]

    file = write_table("patients", form, ["ชื่อ", "Phone", "DOB"], rows)

    first, second = read_table(file.content, PATIENT_COLUMNS).lines
    assert file.name == f"patients.{form}"
    assert first.values == {
        "name": "นางสาวมาลี", "phone_number": "+66812345678", "date_of_birth": "2024-02-29",
    }  # fmt: skip
    assert second.values == {"name": "=cmd|' /C calc'!A0"}


def test_csv_begins_with_the_mark_by_which_excel_knows_thai():
    content = write_table("x", "csv", ["ก"], [["ข"]]).content

    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [["ก"], ["ข"]]


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "+๑๒๓"])
def test_no_text_becomes_a_formula(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("value", ["+66812345678", "a=b", "", 7, -7, 1.5, "2026-11-20"])
def test_what_is_no_formula_stays_what_it_is(value):
    assert guarded(value) == value


def test_a_spreadsheet_finds_no_formula_in_what_we_write():
    content = write_table("x", "xlsx", ["=title"], [["=1+1"], ["@x"], ["a\x00\x0bb"]]).content

    cells = [cell for row in load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert cells[-1].value == "ab"


def test_there_is_no_other_form():
    with pytest.raises(KeyError):
        write_table("x", "exe", [], [])
