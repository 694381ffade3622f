"""Import in the admin: a file is chosen, looked at, and meant; from then on it is bulk work."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.permissions import Role
from bookings.admin.exchange import imports
from bookings.exchange.columns import PATIENT_COLUMNS
from bookings.exchange.reading import read_table
from bookings.models import Batch, Patient, Practitioner
from bookings.models.batch import BatchState
from jobs.models import Job
from tests.support.statements import counted

PATIENTS, PRACTITIONERS = "/admin/bookings/patient/", "/admin/bookings/practitioner/"
FILE = "ชื่อ-สกุล,เบอร์โทร,วันเกิด,สี\nนายสมชาย ใจดี,0811111111,29/02/2567,แดง\nBad,12,x,\nNobody,,,\n"


def upload(browser, text=FILE, *, to=PATIENTS, name="patients.csv", language="en"):
    content = text if isinstance(text, bytes) else text.encode()
    return browser.post(to + "import/", {"file": SimpleUploadedFile(name, content)}, language=language)


@pytest.fixture
def drafted(at_desk):
    """The address of the draft of a file that Fon has chosen."""
    answer = upload(at_desk)
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def test_a_file_is_tried_and_each_bad_line_is_named_with_its_column_and_why(at_desk, drafted):
    page = at_desk.get(drafted)

    preview = page.context["preview"]
    assert (preview.total, preview.added, preview.refused) == (3, 1, 2)
    assert page.context["table"]["rows"] == [
        [3, "Phone number", "12", "This is not a phone number."],
        [3, "Date of birth", "x", "Write the date as DD/MM/YYYY or YYYY-MM-DD; it must exist."],
        [4, "Phone number", "–", "A phone number or a hospital number is needed."],
    ]
    assert "สี" in page.text
    assert "Import the 1 good line" in page.text
    assert not Patient.objects.filter(phone_number="+66811111111").exists()


def test_a_reader_of_thai_reads_why_in_thai(at_desk, drafted):
    page = at_desk.get(drafted, language="th")

    assert "หมายเลขโทรศัพท์ไม่ถูกต้อง" in page.text


def test_the_good_lines_are_imported_once_somebody_has_said_so(at_desk, drafted):
    answer = at_desk.post(drafted + "confirm/", {})

    batch = Batch.objects.get(title="patients.csv")
    assert answer["Location"] == f"/admin/bookings/batch/{batch.pk}/change/"
    assert batch.state == BatchState.WAITING
    assert Job.objects.filter(kind="batch", subject=str(batch.pk)).exists()


def test_a_confirmed_draft_leads_to_its_progress(at_desk, drafted):
    at_desk.post(drafted + "confirm/", {})

    assert "/bookings/batch/" in at_desk.get(drafted)["Location"]
    assert at_desk.post(drafted + "confirm/", {})["Location"] == drafted


def test_a_draft_in_the_list_of_bulk_work_leads_to_what_it_would_do(at_desk, drafted):
    batch = Batch.objects.get(title="patients.csv")

    assert at_desk.get(f"/admin/bookings/batch/{batch.pk}/change/")["Location"] == drafted


def test_a_file_can_be_forgotten(at_desk, drafted):
    answer = at_desk.post(drafted + "discard/", {})

    assert answer["Location"] == PATIENTS
    assert Batch.objects.get(title="patients.csv").state == BatchState.STOPPED


def test_nothing_is_confirmed_or_forgotten_by_a_link(at_desk, drafted):
    for page in ("confirm/", "discard/"):
        assert at_desk.get(drafted + page).status_code == 405
    assert Batch.objects.get(title="patients.csv").state == BatchState.DRAFT


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_bad_lines_come_as_a_file_with_why(at_desk, drafted, form):
    answer = at_desk.get(drafted + "refused/", form=form)

    assert "no-store" in answer["Cache-Control"]
    lines = read_table(answer.content, PATIENT_COLUMNS).lines
    assert [line.values.get("name") for line in lines] == ["Bad", "Nobody"]
    assert read_table(answer.content, PATIENT_COLUMNS).unknown == ["Line", "Why not"]
    if form == "csv":
        assert "Phone number: This is not a phone number.; Date of birth:" in answer.text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "th"])
def test_the_template_holds_the_headings(at_desk, form, language):
    answer = at_desk.get(PATIENTS + "import/template/", form=form, language=language)

    assert f'filename="patient-template.{form}"' in answer["Content-Disposition"]
    filled = answer.content if form == "csv" else b""
    if filled:
        titles = filled.decode("utf-8-sig").strip()
        table = read_table(f"{titles}\nA,0811111111,,,,\n".encode(), PATIENT_COLUMNS)
        assert table.unknown == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The submitted file is empty."),
        (b"Colour\nred\n", "Missing: Name"),
        (b"Name,Full name\nA,B\n", "There twice: Name"),
        (b"\x89PNG\x00", "This file cannot be read"),
        (b"Name,Phone\n", "no rows below its headings"),
    ],
    ids=["empty", "no name", "twice", "picture", "headings"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(at_desk, content, said):
    page = upload(at_desk, content)

    assert page.status_code == 200
    assert any(said in error for error in page.context["form"].errors["file"])
    assert not Batch.objects.exists()


def test_a_file_that_is_too_large_is_never_kept(at_desk):
    page = upload(at_desk, b"Name,Phone\n" + b"x" * (6 * 1024 * 1024))

    assert page.context["form"].errors["file"] == ["Choose a file of at most 5 MB."]


def test_a_long_file_is_tried_in_the_background_and_the_page_follows(at_desk, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 0.0)
    monkeypatch.setattr("bookings.actions.import_checks.LINES_AT_ONCE", 1)

    drafted = upload(at_desk)["Location"]

    page = at_desk.get(drafted)
    assert "1 of 3 lines checked" in page.text
    assert f'hx-get="{drafted}progress/"' in page.text
    assert "good line" not in page.text
    assert Job.objects.filter(kind="check_import").exists()
    assert "<html" not in at_desk.get(drafted + "progress/").text


def test_the_draft_costs_the_same_statements_for_one_line_and_for_three(at_desk):
    addresses = [
        upload(at_desk, "Name,Phone\n" + "".join(f"P{n},{n}\n" for n in range(count)))["Location"]
        for count in (1, 3)
    ]
    seen = []
    for address in addresses:
        with counted() as statements:
            at_desk.get(address)
        seen.append(len(statements))

    assert seen[0] == seen[1]
    assert seen[0] <= 12


def test_practitioners_are_imported_by_administrators(as_admin, in_hospital):
    drafted = upload(as_admin, "ชื่อ,สาขา\nหมอแก้ว,alchemy\nหมอกบ,\n", to=PRACTITIONERS)["Location"]

    page = as_admin.get(drafted)
    assert page.context["table"]["rows"] == [
        [2, "Specialties", "alchemy", "There is no specialty with this code."]
    ]
    assert as_admin.post(drafted + "confirm/", {}).status_code == 302
    assert not Practitioner.objects.filter(name_th="หมอกบ").exists()


@pytest.mark.parametrize(
    ("role", "patients", "practitioners"),
    [
        (Role.ADMIN, True, True),
        (Role.NURSE, True, False),
        (Role.FRONT_DESK, True, False),
        (Role.DOCTOR, False, False),
    ],
)
def test_the_verbs_of_writing_open_the_import(browser_of, role, patients, practitioners):
    browser = browser_of(role)

    for address, may in ((PATIENTS, patients), (PRACTITIONERS, practitioners)):
        assert (f"{address}import/" in browser.get(address).text) is may
        assert browser.get(address + "import/").status_code == (200 if may else 403)
        assert browser.get(address + "import/template/").status_code == (200 if may else 404)


def test_a_draft_is_not_there_for_others(browser_of, drafted, as_doctor):
    for page in ("", "progress/", "refused/"):
        assert browser_of(Role.NURSE).get(drafted + page).status_code == 404
        assert as_doctor.get(drafted + page).status_code == 404
    assert browser_of(Role.ADMIN).get(drafted).status_code == 200
    wrong_list = drafted.replace("/patient/", "/practitioner/")
    assert browser_of(Role.ADMIN).get(wrong_list).status_code == 404


def test_the_upload_is_never_written_to_a_disk(at_desk, monkeypatch):
    seen = []
    real = imports.read_table
    monkeypatch.setattr(
        imports, "read_table", lambda content, columns: seen.append(content) or real(content, columns)
    )
    monkeypatch.delattr("tempfile.NamedTemporaryFile")

    large = "Name,Phone\n" + "Ann Bell,0811111111\n" * 2 + ("," * 90 + "\n") * 40_000

    assert upload(at_desk, large).status_code == 302
    assert len(seen[0]) > 3 * 1024 * 1024
