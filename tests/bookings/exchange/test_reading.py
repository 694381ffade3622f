"""Files as people and programs write them, and those that nobody should open."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook

from bookings.exchange import reading
from bookings.exchange.columns import PATIENT_COLUMNS, PRACTITIONER_COLUMNS
from bookings.exchange.errors import FileEmpty, FileRefused, FileTooLarge, HeadingsUnknown, TooManyRows
from bookings.exchange.reading import read_table

THAI = "ชื่อ-สกุล,เบอร์โทร,วันเกิด\nนางสาวมาลี ศรีสุข,081-234-5678,29/02/2567\n"
MALEE = {"name": "นางสาวมาลี ศรีสุข", "phone_number": "081-234-5678", "date_of_birth": "29/02/2567"}


def patients(content):
    return read_table(content, PATIENT_COLUMNS)


def workbook(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874", "tis-620", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_csv_is_read_however_excel_has_written_it(encoding, delimiter):
    (line,) = patients(THAI.replace(",", delimiter).encode(encoding)).lines

    assert (line.number, line.values) == (2, MALEE)


def test_headings_stand_in_any_order_and_language_and_unknown_ones_are_named():
    table = patients("E-Mail;สี;HN;Full  Name\na@b.example;แดง;007;Ann\n".encode())

    assert table.lines[0].values == {"email": "a@b.example", "hospital_number": "007", "name": "Ann"}
    assert table.unknown == ["สี"]


def test_a_line_has_the_number_that_it_has_in_the_file():
    text = 'Name,Phone\n\n"Ann\nBell",0811111111\n,\nCarl,0822222222\n'

    lines = patients(text.encode()).lines

    assert [(line.number, line.values["name"]) for line in lines] == [(3, "Ann Bell"), (6, "Carl")]


def test_a_short_row_and_a_long_one_are_read_as_far_as_they_have_headings():
    lines = patients(b"Name,Phone,Email\nAnn\nCarl,0811111111,c@d.example,more,and more\n").lines

    assert lines[0].values == {"name": "Ann"}
    assert lines[1].values["email"] == "c@d.example"


def test_xlsx_is_read_with_dates_as_dates_and_numbers_as_texts():
    content = workbook(
        ["HN", "ชื่อ", "Phone", "DOB"],
        [70012.0, "Ann", 812345678, datetime(1990, 5, 17, tzinfo=UTC).replace(tzinfo=None)],
        [],
        ["0070", "Carl", "'+66822222222", "17/05/2533"],
    )

    first, second = patients(content).lines

    assert (first.number, first.values) == (
        2,
        {
            "hospital_number": "70012",
            "name": "Ann",
            "phone_number": "812345678",
            "date_of_birth": "1990-05-17",
        },
    )
    assert (second.number, second.values["phone_number"]) == (4, "+66822222222")


def test_a_formula_is_what_it_last_came_to_and_is_never_worked_out():
    # Nobody has worked it out yet: it is nothing.
    (line,) = patients(workbook(["Name", "Phone"], ["Ann", '=HYPERLINK("http://x.example")'])).lines

    assert line.values == {"name": "Ann"}


def test_what_would_be_a_formula_in_csv_is_a_text():
    (line,) = patients(b"Name,Phone\n=1+1,@SUM(A1)\n").lines

    assert line.values == {"name": "=1+1", "phone_number": "@SUM(A1)"}


def test_controls_are_no_part_of_a_text():
    (line,) = patients(b"Name,Phone\nAn\x07n,0811111111\n").lines

    assert line.values["name"] == "An n"


def test_practitioners_have_headings_of_their_own():
    (line,) = read_table(
        "ชื่อ,Name (English),สาขา,เลขที่ใบอนุญาต,เปิดให้จอง\nแก้ว,Kaew,cardiology,1,ใช่\n".encode(),
        PRACTITIONER_COLUMNS,
    ).lines

    assert line.values == {
        "name_th": "แก้ว", "name_en": "Kaew", "specialties": "cardiology", "license_number": "1",
        "is_bookable": "ใช่",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileEmpty),
        (b"\n\n ,,\n", FileEmpty),
        (b"Name,Phone\n", FileEmpty),
        (b"Phone\n0811111111\n", HeadingsUnknown),
        (b"Name,Phone,Full name\nA,1,B\n", HeadingsUnknown),
        (b"Colour,Size\nred,1\n", HeadingsUnknown),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FileRefused),
        (b"PK\x03\x04 and no archive", FileRefused),
        (b"Name,Phone\n" + b"x" * 200_000 + b",1\n", FileRefused),
        (b"Name," + b",".join(b"c%d" % n for n in range(100)) + b"\nA\n", TooManyRows),
        (b"x" * (5 * 1024 * 1024 + 1), FileTooLarge),
    ],
    ids=[
        "empty", "blank", "headings alone", "no name", "twice", "unknown", "picture", "no archive",
        "long cell", "wide", "large",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(content, refusal):
    with pytest.raises(refusal):
        patients(content)


def test_more_rows_than_one_import_takes_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    rows = [["Name", "Phone"], *([f"P{n}", f"08{n:08}"] for n in range(4))]

    assert len(patients(workbook(*rows[:-1])).lines) == 3
    for content in (workbook(*rows), "\n".join(",".join(row) for row in rows).encode()):
        with pytest.raises(TooManyRows):
            patients(content)


def test_a_file_that_would_grow_beyond_measure_is_not_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (41 * 1024 * 1024))
    assert len(out.getvalue()) < 100_000

    with pytest.raises(FileRefused):
        patients(out.getvalue())


def test_a_file_of_another_office_program_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    with pytest.raises(FileRefused):
        patients(out.getvalue())


def test_an_entity_that_names_a_file_of_ours_is_not_followed():
    source = io.BytesIO(workbook(["Name", "Phone"], ["Ann", "0811111111"]))
    out = io.BytesIO()
    hostile = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                text = hostile + text.partition(b"?>")[2] if text.startswith(b"<?xml") else hostile + text
                text = text.replace(b"</row>", b'<c t="inlineStr"><is><t>&e;</t></is></c></row>', 1)
            new.writestr(part, text)

    try:
        lines = patients(out.getvalue()).lines
    except FileRefused:
        return
    assert not any("root:" in text for line in lines for text in line.values.values())
