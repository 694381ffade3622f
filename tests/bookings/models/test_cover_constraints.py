"""What the database itself insists on about insurance, consents and ratings."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from bookings.models import Appointment, Patient, PatientConsent
from bookings.rules.statuses import Status
from tests.support.rows import TEN, insert, insert_appointment, refused_by


@pytest.fixture
def patient(in_hospital, people) -> Patient:
    return people.alice


def insure(patient: Patient, **columns) -> None:
    insert(
        "bookings_patientinsurance",
        **{
            "id": uuid4(), "patient_id": patient.pk, "scheme": "UCS", "insurer": "", "policy_number": "",
            "valid_from": None, "valid_until": None, "is_primary": False, "created_at": TEN,
            "updated_at": TEN, **columns,
        },
    )  # fmt: skip


def consent(patient: Patient, **columns) -> None:
    insert(
        "bookings_patientconsent",
        **{
            "id": uuid4(), "patient_id": patient.pk, "kind": "TREATMENT", "version": "2026-1",
            "given_at": TEN, "given_door": "admin", "withdrawn_at": None, "withdrawn_door": "",
            "created_at": TEN, "updated_at": TEN, **columns,
        },
    )  # fmt: skip


def rate(appointment_id, **columns) -> None:
    insert(
        "bookings_rating",
        **{
            "id": uuid4(), "appointment_id": appointment_id, "rating": 4, "comment": "", "created_at": TEN,
            "updated_at": TEN, **columns,
        },
    )  # fmt: skip


def test_a_patient_has_one_primary_insurance_at_most(patient):
    insure(patient, is_primary=True)
    insure(patient)
    insure(patient)

    with refused_by("one_primary_insurance"):
        insure(patient, is_primary=True)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("insurance_scheme", {"scheme": "GOLD"}),
        ("private_insurance_names_its_insurer", {"scheme": "PRIVATE"}),
        (
            "insurance_ends_after_it_begins",
            {"valid_from": date(2026, 2, 2), "valid_until": date(2026, 2, 1)},
        ),
    ],
)
def test_insurance_that_cannot_be_right_is_refused(patient, constraint, columns):
    with refused_by(constraint):
        insure(patient, **columns)


def test_a_patient_has_one_live_consent_of_a_kind(patient):
    consent(patient, withdrawn_at=TEN, withdrawn_door="admin")
    consent(patient)
    consent(patient, kind="REMINDERS")

    with refused_by("one_live_consent_of_a_kind"):
        consent(patient, version="2026-2")
    assert PatientConsent.objects.filter(patient=patient).count() == 3


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("consent_kind", {"kind": "EVERYTHING"}),
        ("consent_names_its_text", {"version": ""}),
        (
            "consent_is_withdrawn_after_it_was_given",
            {"withdrawn_at": TEN - timedelta(seconds=1), "withdrawn_door": "admin"},
        ),
        ("consent_is_withdrawn_after_it_was_given", {"withdrawn_at": TEN}),
        ("consent_is_withdrawn_after_it_was_given", {"withdrawn_door": "admin"}),
    ],
)
def test_a_consent_that_cannot_be_right_is_refused(patient, constraint, columns):
    with refused_by(constraint):
        consent(patient, **columns)


def test_an_appointment_is_rated_once(check_up, dr_bob):
    visit = insert_appointment(check_up, dr_bob, status="COMPLETED")
    rate(visit)

    with refused_by("bookings_rating_appointment_id_key"):
        rate(visit)


@pytest.mark.parametrize("status", [one for one in Status if one not in (Status.HELD, Status.COMPLETED)])
def test_only_what_was_completed_is_rated(check_up, dr_bob, status):
    visit = insert_appointment(check_up, dr_bob, status=status)

    with refused_by("only_what_was_completed_is_rated"):
        rate(visit)


def test_a_rating_cannot_move_to_a_visit_that_did_not_take_place(check_up, dr_bob):
    visit = insert_appointment(check_up, dr_bob, status="COMPLETED")
    missed = insert_appointment(check_up, dr_bob, status="NO_SHOW")
    rate(visit)

    with refused_by("only_what_was_completed_is_rated"):
        Appointment.objects.get(pk=visit).rating.__class__.objects.update(appointment_id=missed)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("rating_of_one_to_five", {"rating": 0}),
        ("rating_of_one_to_five", {"rating": 6}),
        ("rating_comment_is_short", {"comment": "x" * 1001}),
    ],
)
def test_a_rating_that_cannot_be_right_is_refused(check_up, dr_bob, constraint, columns):
    visit = insert_appointment(check_up, dr_bob, status="COMPLETED")

    with refused_by(constraint):
        rate(visit, **columns)


def test_a_comment_of_a_thousand_thai_letters_is_kept(check_up, dr_bob):
    visit = insert_appointment(check_up, dr_bob, status="COMPLETED")
    rate(visit, comment="ก" * 1000)

    assert len(Appointment.objects.get(pk=visit).rating.comment) == 1000
