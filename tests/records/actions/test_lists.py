"""Lists: what is asked for, a page at a time, at the same cost for one as for three."""

from datetime import UTC, date, datetime

import pytest

from core.pages import Page
from records.actions.reading import list_records, list_treatments, read_record
from records.actions.treatments import update_treatment
from records.models import MedicalRecord
from records.queries.records import RecordFilter, TreatmentFilter
from records.serializers.records import MedicalRecordSerializer, MedicalRecordSummarySerializer
from records.serializers.treatments import TreatmentSerializer
from tests.support.statements import counted


def titles(page: Page) -> list[str]:
    return [row.title for row in page.rows]


@pytest.fixture
def dated(written, nobodys_patient):
    """A record as it was written at a moment."""

    def write(title, moment, record_type="OTHER"):
        row = written(nobodys_patient, title=title)
        MedicalRecord.objects.filter(pk=row.pk).update(recorded_at=moment, record_type=record_type)
        return row

    return write


def test_days_are_those_of_the_hospital(nurse, nobodys_patient, dated):
    # Midnight in Bangkok is 17:00 UTC of the day before.
    dated("before", datetime(2026, 3, 9, 16, 59, 59, tzinfo=UTC))
    dated("first", datetime(2026, 3, 9, 17, tzinfo=UTC))
    dated("last", datetime(2026, 3, 10, 16, 59, 59, tzinfo=UTC))
    dated("after", datetime(2026, 3, 10, 17, tzinfo=UTC))
    day = date(2026, 3, 10)

    only = RecordFilter(date_from=day, date_to=day)
    assert titles(list_records(nurse, patient_id=nobodys_patient.pk, only=only, purpose="t")) == [
        "last",
        "first",
    ]
    from_then_on = RecordFilter(date_from=day)
    page = list_records(nurse, patient_id=nobodys_patient.pk, only=from_then_on, purpose="t")
    assert titles(page) == ["after", "last", "first"]


def test_days_at_the_ends_of_the_calendar_are_days_too(nurse, nobodys_patient, written):
    written(nobodys_patient)
    only = RecordFilter(date_from=date(1, 1, 1), date_to=date(2399, 12, 31))

    assert list_records(nurse, patient_id=nobodys_patient.pk, only=only, purpose="t").count == 1


def test_a_type_alone(nurse, nobodys_patient, dated):
    dated("x-ray", datetime(2026, 3, 9, tzinfo=UTC), "IMAGING")
    dated("blood", datetime(2026, 3, 9, tzinfo=UTC), "LAB_RESULT")

    only = RecordFilter(record_type="IMAGING")
    assert titles(list_records(nurse, patient_id=nobodys_patient.pk, only=only, purpose="t")) == ["x-ray"]


def test_pages_join_without_a_gap_even_where_moments_are_equal(nurse, nobodys_patient, dated):
    for number in range(7):
        dated(str(number), datetime(2026, 3, 9 + number // 4, tzinfo=UTC))

    seen, after = [], None
    for _ in range(4):
        page = list_records(nurse, patient_id=nobodys_patient.pk, after=after, limit=2, purpose="t")
        seen, after = seen + titles(page), page.next_after
        assert page.count == 7

    assert after is None
    assert sorted(seen) == [str(number) for number in range(7)]


def test_treatments_of_a_doctor_and_of_a_status(program, nurse, nobodys_patient, treated, dr_eve):
    treated(nobodys_patient)
    eves = treated(nobodys_patient, practitioner_id=dr_eve.pk)
    update_treatment(program, treatment_id=eves.pk, status="COMPLETED", purpose="t")

    def found(**only):
        page = list_treatments(
            nurse, patient_id=nobodys_patient.pk, only=TreatmentFilter(**only), purpose="t"
        )
        return [row.pk for row in page.rows]

    assert found(practitioner_id=dr_eve.pk) == [eves.pk]
    assert found(status="COMPLETED") == [eves.pk]
    assert found(status="ACTIVE", practitioner_id=dr_eve.pk) == []
    assert len(found()) == 2


@pytest.mark.parametrize("role", ["nurse", "doctor"])
def test_lists_cost_as_many_statements_for_three_as_for_one(request, bobs_patient, written, treated, role):
    actor = request.getfixturevalue(role)

    def cost(read):
        with counted() as statements:
            read()
        return len(statements)

    def records():
        page = list_records(actor, patient_id=bobs_patient.pk, purpose="t")
        return [MedicalRecordSummarySerializer().to_representation(row) for row in page.rows]

    def treatments():
        page = list_treatments(actor, patient_id=bobs_patient.pk, purpose="t")
        return [TreatmentSerializer().to_representation(row) for row in page.rows]

    first = written(bobs_patient)
    treated(bobs_patient)
    records()
    treatments()
    one = cost(records), cost(treatments)
    for _ in range(2):
        written(bobs_patient)
        treated(bobs_patient)

    assert (cost(records), cost(treatments)) == one
    # Whose patient, page, count, and four for the log, in a savepoint; medications besides.
    assert one <= (9, 10)
    assert cost(lambda: MedicalRecordSerializer().to_representation(
        read_record(actor, record_id=first.pk, purpose="t")
    )) <= 8  # fmt: skip
