"""Treatments: begun, changed, ended, taken up again."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from bookings.models import Practitioner, PractitionerKind
from core import clock
from core.errors import InvalidInput, NotAllowed
from events.outbox import history_of
from records.actions.reading import earlier_versions
from records.actions.treatments import create_treatment, update_treatment
from records.models import Treatment
from tests.support.booking import refused
from tests.support.catalogue import coming_day, make_practitioner
from tests.support.rows import refused_by

PILL = {"name": "Amlodipine", "dosage": "5 mg", "frequency": "once a day", "duration": "30 days"}


def names(row):
    return [each.name for each in row.medications.order_by("position")]


def test_a_treatment_begins_today_with_its_medications_in_order(doctor, dr_bob, bobs_patient):
    row = create_treatment(
        doctor, patient_id=bobs_patient.pk, texts={"name": "Hypertension", "instructions": "วัดความดันทุกเช้า"},
        medications=[PILL, {**PILL, "name": "Losartan"}], follow_up_date=coming_day(30),
    )  # fmt: skip

    kept = Treatment.objects.get(pk=row.pk)
    assert (kept.status, kept.started_on, kept.ended_on) == ("ACTIVE", coming_day(0), None)
    assert (kept.practitioner_id, kept.follow_up_date) == (dr_bob.pk, coming_day(30))
    assert (kept.name, kept.instructions) == ("Hypertension", "วัดความดันทุกเช้า")
    assert names(kept) == ["Amlodipine", "Losartan"]


@pytest.mark.parametrize("status", ["COMPLETED", "DISCONTINUED"])
def test_a_treatment_that_ends_ends_today(program, nobodys_patient, treated, status):
    row = treated(nobodys_patient)

    update_treatment(program, treatment_id=row.pk, status=status, purpose="test")

    kept = Treatment.objects.get(pk=row.pk)
    assert (kept.status, kept.ended_on) == (status, clock.today_in("Asia/Bangkok"))
    event = history_of("treatment", row.pk)[-1]
    assert (event.type, event.changes) == ("treatment.changed", {"status": ["ACTIVE", status]})
    assert event.data == {
        "patient_id": str(nobodys_patient.pk), "status": status, "fields": ["ended_on", "status"],
    }  # fmt: skip


def test_what_was_broken_off_may_be_taken_up_again_and_what_was_completed_may_not(
    program, nobodys_patient, treated
):
    row = treated(nobodys_patient)
    for status in ("DISCONTINUED", "ACTIVE", "COMPLETED"):
        update_treatment(program, treatment_id=row.pk, status=status, purpose="test")

    with refused("illegal_treatment_status") as caught:
        update_treatment(program, treatment_id=row.pk, status="ACTIVE", purpose="test")
    assert caught.value.data == {"from": "COMPLETED", "allowed": []}
    assert Treatment.objects.get(pk=row.pk).ended_on is not None


def test_a_treatment_that_is_to_begin_later_cannot_end_before(program, nobodys_patient, treated):
    row = treated(nobodys_patient)
    Treatment.objects.filter(pk=row.pk).update(started_on=coming_day(7))

    update_treatment(program, treatment_id=row.pk, status="DISCONTINUED", purpose="test")

    assert Treatment.objects.get(pk=row.pk).ended_on == coming_day(7)


def test_medications_that_were_replaced_stand_in_the_earlier_version(program, nobodys_patient, treated):
    row = treated(nobodys_patient)

    update_treatment(program, treatment_id=row.pk, medications=[PILL], purpose="test")

    (version,) = earlier_versions(program, row, purpose="test")
    assert [each["name"] for each in json.loads(version.content)["medications"]] == ["Salbutamol"]
    assert json.loads(version.content)["status"] == "ACTIVE"
    assert names(row) == ["Amlodipine"]


def test_a_change_of_nothing_leaves_no_version_and_no_event(program, nobodys_patient, treated):
    row = treated(nobodys_patient, medications=[PILL])

    update_treatment(
        program, treatment_id=row.pk, status="ACTIVE", texts={"name": "Inhaler"}, medications=[PILL],
        plain={"follow_up_date": None}, purpose="test",
    )  # fmt: skip

    assert not row.revisions.exists()
    assert len(history_of("treatment", row.pk)) == 1


def test_a_doctor_names_nobody_else(doctor, bobs_patient, dr_eve):
    with pytest.raises(NotAllowed):
        create_treatment(
            doctor, patient_id=bobs_patient.pk, texts={"name": "Rest"}, practitioner_id=dr_eve.pk
        )


def test_a_program_names_whoever_treats_but_no_room_and_nobody_who_left(program, nobodys_patient, dr_eve):
    def begin(practitioner_id):
        return create_treatment(
            program, patient_id=nobodys_patient.pk, texts={"name": "Rest"}, practitioner_id=practitioner_id
        )

    assert begin(str(dr_eve.pk)).practitioner_id == dr_eve.pk
    room = make_practitioner("Room 1", kind=PractitionerKind.ROOM)
    Practitioner.objects.filter(pk=dr_eve.pk).update(is_active=False)
    for nobody in (room.pk, dr_eve.pk, uuid4()):
        with refused("doctor_not_found"):
            begin(nobody)


def test_a_treatment_may_follow_from_a_record_of_its_patient_only(
    program, nobodys_patient, bobs_patient, written
):
    record = written(nobodys_patient)
    asked = {"texts": {"name": "Rest"}, "record_id": record.pk}

    assert create_treatment(program, patient_id=nobodys_patient.pk, **asked).record_id == record.pk
    with refused("record_not_found"):
        create_treatment(program, patient_id=bobs_patient.pk, **asked)


def test_a_follow_up_before_the_beginning_cannot_be_right(program, nobodys_patient, treated):
    row, yesterday = treated(nobodys_patient), coming_day(0) - timedelta(days=1)

    with pytest.raises(InvalidInput) as caught:
        update_treatment(program, treatment_id=row.pk, plain={"follow_up_date": yesterday}, purpose="test")
    assert set(caught.value.data["fields"]) == {"follow_up_date"}
    with pytest.raises(InvalidInput):
        treated(nobodys_patient, follow_up_date=yesterday)
    assert not row.revisions.exists()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"texts": {"name": ""}}, "name"),
        ({"medications": [PILL] * 31}, "medications"),
        ({"medications": [{**PILL, "name": " "}]}, "medications"),
        ({"medications": [{**PILL, "dosage": "x" * 201}]}, "medications"),
    ],
)
def test_what_cannot_be_right_is_told_at_its_field(nobodys_patient, treated, asked, field):
    with pytest.raises(InvalidInput) as caught:
        treated(nobodys_patient, **asked)

    assert set(caught.value.data["fields"]) == {field}
    assert not Treatment.objects.exists()


def test_an_unknown_status_and_another_date_are_refused(program, nobodys_patient, treated):
    row = treated(nobodys_patient)

    with pytest.raises(InvalidInput):
        update_treatment(program, treatment_id=row.pk, status="PAUSED", purpose="test")
    with pytest.raises(TypeError):
        update_treatment(program, treatment_id=row.pk, plain={"ended_on": None}, purpose="test")


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"status": "COMPLETED"}, "only_an_active_treatment_has_no_end"),
        ({"ended_on": "2026-12-01"}, "only_an_active_treatment_has_no_end"),
        ({"status": "COMPLETED", "ended_on": "2020-01-01"}, "treatment_ends_after_it_began"),
        ({"follow_up_date": "2020-01-01"}, "treatment_is_followed_up_after_it_began"),
        ({"status": "PAUSED", "ended_on": "2030-01-01"}, "treatment_status"),
    ],
)
def test_the_database_keeps_the_promises_too(nobodys_patient, treated, columns, constraint):
    row = treated(nobodys_patient)

    with refused_by(constraint):
        Treatment.objects.filter(pk=row.pk).update(**columns)
