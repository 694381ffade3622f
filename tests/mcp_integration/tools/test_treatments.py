"""The tools about treatments, as their callers use them."""

import pytest

from accounts.permissions import Role
from bookings.models import Patient
from core.actor import Actor
from records.actions.treatments import create_treatment
from records.models import RecordAccess, Treatment
from records.models.keyring import forget_keys
from tenants.context import inside
from tests.support.booking import book
from tests.support.catalogue import at, coming_day, guest

PILL = {"name": "Amlodipine", "dosage": "5 mg", "frequency": "once a day", "duration": "30 days"}


@pytest.fixture(autouse=True)
def no_keys_kept():
    forget_keys()
    yield
    forget_keys()


@pytest.fixture
def malee(desk, check_up, dr_bob):
    """A patient of Dr Bob's."""
    return book(desk, check_up, at(9), guest=guest()).patient


@pytest.fixture
def asked(malee, dr_bob):
    """What begins a treatment of hers by him."""
    return {
        "patient_id": str(malee.pk),
        "doctor_id": str(dr_bob.pk),
        "name": "Hypertension",
        "description": "150/95 for a month",
        "medications": [PILL],
        "instructions": "Measure each morning",
        "follow_up_date": coming_day(30).isoformat(),
    }


@pytest.fixture
def as_doctor(tools_of):
    return tools_of(Role.DOCTOR)


def test_a_doctor_begins_finds_changes_and_ends_a_treatment(as_doctor, malee, asked, dr_bob):
    made = as_doctor.call("create_treatment", **asked)
    assert made["doctor"] == {"id": str(dr_bob.pk), "name": "Dr Bob"}
    assert (made["status"], made["started_on"], made["ended_on"]) == (
        "ACTIVE", coming_day(0).isoformat(), None,
    )  # fmt: skip
    assert made["medications"] == [PILL]

    page = as_doctor.call("list_treatments", patient_id=str(malee.pk), status="ACTIVE")
    assert page == {"results": [made], "count": 1, "next_cursor": None}

    changed = as_doctor.call(
        "update_treatment", treatment_id=made["id"], medications=[PILL, {"name": "Losartan"}],
        follow_up_date=None,
    )  # fmt: skip
    assert [each["name"] for each in changed["medications"]] == ["Amlodipine", "Losartan"]
    assert changed["follow_up_date"] is None

    ended = as_doctor.call("update_treatment", treatment_id=made["id"], status="COMPLETED", notes="well")
    assert (ended["status"], ended["ended_on"]) == ("COMPLETED", coming_day(0).isoformat())
    error = as_doctor.refused("update_treatment", treatment_id=made["id"], status="ACTIVE")
    assert (error["reason"], error["details"]) == (
        "illegal_treatment_status", {"from": "COMPLETED", "allowed": []},
    )  # fmt: skip
    assert list(RecordAccess.objects.order_by("id").values_list("purpose", flat=True)) == [
        "list_treatments", "update_treatment", "update_treatment",
    ]  # fmt: skip


def test_a_treatment_without_medicines_or_follow_up_says_so(as_doctor, asked):
    made = as_doctor.call("create_treatment", **{**asked, "medications": [], "follow_up_date": None})

    assert (made["medications"], made["follow_up_date"]) == ([], None)


def test_treatments_of_another_doctor_are_left_out(as_doctor, tools_by_key, asked, malee, dr_eve):
    as_doctor.call("create_treatment", **asked)
    eves = tools_by_key("write:records").call("create_treatment", **{**asked, "doctor_id": str(dr_eve.pk)})

    found = as_doctor.call("list_treatments", patient_id=str(malee.pk), doctor_id=str(dr_eve.pk))
    assert [row["id"] for row in found["results"]] == [eves["id"]]


def test_a_doctor_names_nobody_else(as_doctor, asked, dr_eve):
    error = as_doctor.refused("create_treatment", **{**asked, "doctor_id": str(dr_eve.pk)})

    assert error["code"] == "PERMISSION_DENIED"
    assert not Treatment.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"medications": None}, "medications"),
        ({"medications": [{"dosage": "5 mg"}]}, "medications.0.name"),
        ({"medications": [PILL] * 31}, "medications"),
        ({"follow_up_date": "2569-01-01"}, "follow_up_date"),
        ({"follow_up_date": "2020-01-01"}, "follow_up_date"),
        ({"doctor_id": "bob"}, "doctor_id"),
    ],
)
def test_wrong_input_is_named(as_doctor, asked, wrong, field):
    error = as_doctor.refused("create_treatment", **{**asked, **wrong})

    assert (error["code"], list(error["details"])) == ("VALIDATION_ERROR", [field])


@pytest.mark.parametrize(
    "missing",
    ["patient_id", "doctor_id", "name", "description", "medications", "instructions", "follow_up_date"],
)
def test_what_is_needed_has_to_be_there(as_doctor, asked, missing):
    del asked[missing]

    assert list(as_doctor.refused("create_treatment", **asked)["details"]) == [missing]


def test_roles_and_keys_may_do_what_the_table_says(tools_of, tools_by_key, as_doctor, asked, malee):
    made = as_doctor.call("create_treatment", **asked)

    def answers(tools):
        found = []
        for name, arguments in (
            ("list_treatments", {"patient_id": str(malee.pk)}),
            ("create_treatment", asked),
            ("update_treatment", {"treatment_id": made["id"], "notes": "x"}),
        ):
            error = tools.outcome(name, **arguments).error
            found.append("ok" if error is None else error["code"])
        return found

    no, unknown = "PERMISSION_DENIED", "RESOURCE_NOT_FOUND"
    assert answers(tools_of(Role.ADMIN)) == ["ok", no, no]
    assert answers(tools_of(Role.NURSE)) == ["ok", "ok", "ok"]
    assert answers(tools_of(Role.FRONT_DESK)) == [no, no, no]
    assert answers(tools_of(Role.PATIENT)) == [unknown, no, no]
    assert answers(tools_by_key("read:records")) == ["ok", no, no]
    assert answers(tools_by_key("write:records")) == ["ok", "ok", "ok"]
    assert answers(tools_by_key("read:bookings")) == [no, no, no]


def test_ids_of_the_other_hospital_are_not_found(tools_by_key, other_hospital, asked):
    with inside(other_hospital):
        theirs = Patient.objects.create(name="CANARY", name_key="canary", phone_number="+66833333333")
        system = Actor.system("a program", "treatments.write")
        row = create_treatment(system, patient_id=theirs.pk, texts={"name": "CANARY"})
    ours = tools_by_key("write:records")

    for name, arguments in (
        ("list_treatments", {"patient_id": str(theirs.pk)}),
        ("create_treatment", {**asked, "patient_id": str(theirs.pk)}),
        ("update_treatment", {"treatment_id": str(row.pk), "notes": "x"}),
    ):
        error = ours.refused(name, **arguments)
        assert error["code"] == "RESOURCE_NOT_FOUND"
        assert "CANARY" not in str(error)


def test_an_answer_that_is_repeated_is_logged_as_a_read_and_refused_to_who_may_not_read(
    as_doctor, asked, malee
):
    made = as_doctor.call("create_treatment", **asked, idempotency_key="once")
    before = RecordAccess.objects.count()

    again = as_doctor.call("create_treatment", **asked, idempotency_key="once")

    assert again == made
    assert RecordAccess.objects.count() == before + 1
    # He has nothing to do with her any more.
    Treatment.objects.update(practitioner=None)
    malee.appointments.all().delete()
    assert (
        as_doctor.refused("create_treatment", **asked, idempotency_key="once")["code"] == "RESOURCE_NOT_FOUND"
    )
