"""Treatments in the admin."""

from records.actions.treatments import update_treatment
from records.models import RecordAccess, Treatment
from tests.support.catalogue import coming_day

LIST = "/admin/records/treatment/"


def page_of(row):
    return f"{LIST}{row.pk}/change/"


def medications(row):
    return [(each.name, each.dosage) for each in row.medications.order_by("position")]


def test_a_treatment_begins_by_the_verb(as_doctor, dr_bob, bobs_patient):
    answer = as_doctor.submit(
        f"{LIST}add/",
        patient=str(bobs_patient.pk),
        name="Hypertension",
        instructions="วัดความดัน",
        follow_up_date=coming_day(30).isoformat(),
        **{
            "medications-TOTAL_FORMS": "2",
            "medications-0-name": "Amlodipine",
            "medications-0-dosage": "5 mg",
            "medications-1-name": "Losartan",
        },
    )

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    row = Treatment.objects.get()
    assert (row.practitioner_id, row.status, row.follow_up_date) == (dr_bob.pk, "ACTIVE", coming_day(30))
    assert medications(row) == [("Amlodipine", "5 mg"), ("Losartan", "")]


def test_a_medicine_is_taken_out_and_the_treatment_ended(as_doctor, bobs_patient, treated, doctor):
    row = treated(bobs_patient, doctor)

    answer = as_doctor.submit(page_of(row), status="COMPLETED", **{"medications-0-DELETE": "on"})

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    kept = Treatment.objects.get(pk=row.pk)
    assert (kept.status, kept.ended_on) == ("COMPLETED", coming_day(0))
    assert medications(kept) == []
    assert "Salbutamol" in as_doctor.get(page_of(row)).text


def test_the_form_offers_what_the_status_can_become(as_doctor, bobs_patient, treated, doctor):
    row = treated(bobs_patient, doctor)

    def offered():
        form = as_doctor.get(page_of(row)).context["adminform"].form
        return [value for value, _ in form.fields["status"].choices]

    assert offered() == ["ACTIVE", "COMPLETED", "DISCONTINUED"]
    update_treatment(doctor, treatment_id=row.pk, status="COMPLETED", purpose="test")
    assert offered() == ["COMPLETED"]


def test_a_follow_up_that_cannot_be_is_told_at_its_field(as_doctor, bobs_patient, treated, doctor):
    row = treated(bobs_patient, doctor)

    page = as_doctor.submit(page_of(row), follow_up_date="2020-01-01", notes="kept as typed")

    assert list(page.context["adminform"].form.errors) == ["follow_up_date"]
    assert "kept as typed" in page.text


def test_whoever_only_reads_changes_nothing(as_admin, nobodys_patient, treated):
    row, browser = treated(nobodys_patient), as_admin

    page = browser.get(page_of(row))
    assert "Inhaler" in page.text
    assert "Salbutamol" in page.text
    assert browser.post(page_of(row), {"name": "Mine now"}).status_code == 403
    assert browser.get(f"{LIST}add/").status_code == 403
    assert [entry.subject for entry in RecordAccess.objects.all()] == ["TREATMENT"]


def test_the_front_desk_gets_no_page(at_desk, nobodys_patient, treated):
    row = treated(nobodys_patient)

    for path in (LIST, page_of(row), f"{LIST}add/"):
        assert at_desk.get(path).status_code == 403


def test_the_list_shows_names_and_logs_them(as_doctor, bobs_patient, treated):
    treated(bobs_patient)

    page = as_doctor.get(LIST)

    assert "Inhaler" in page.text
    assert [(entry.purpose, entry.extent) for entry in RecordAccess.objects.all()] == [
        ("admin list", "SUMMARY")
    ]
