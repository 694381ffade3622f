"""Tools about doctors and specialties."""

import pytest

from accounts.permissions import Role
from bookings.models import PractitionerSpecialty, Specialty
from mcp_integration.invoking import visible_tools
from tenants.context import inside
from tests.support.catalogue import coming_day
from tests.support.statements import counted

READING = {"list_doctors", "get_doctor_details", "get_specialty_doctors", "list_specialties"}
WRITING = {"update_doctor_specialties", "create_specialty"}


@pytest.fixture
def heart(in_hospital):
    return Specialty.objects.create(code="cardiology", name_th="หัวใจ", name_en="Cardiology")


def seen(tools):
    return {tool.name for tool in visible_tools(tools.credential)} & (READING | WRITING)


def test_staff_look_and_administrators_decide(tools_of, tools_by_key):
    assert seen(tools_of(Role.ADMIN)) == READING | WRITING
    for role in (Role.DOCTOR, Role.NURSE, Role.FRONT_DESK):
        assert seen(tools_of(role)) == READING
    assert seen(tools_of(Role.PATIENT)) == {"list_specialties"}
    assert seen(tools_by_key("read:bookings")) == READING
    assert seen(tools_by_key("admin:hospital")) == WRITING
    assert seen(tools_by_key("read:patients", "read:records")) == set()


def test_a_specialty_is_added_given_to_a_doctor_and_found_by(tools_of, dr_bob, dr_eve):
    admin = tools_of(Role.ADMIN)
    field = admin.call(
        "create_specialty", code="cardiology", name="Cardiology", description="", name_th="หัวใจ"
    )
    training = {"is_primary": True, "years_of_experience": 8, "certification_date": "2018-04-01"}

    changed = admin.call(
        "update_doctor_specialties",
        doctor_id=str(dr_eve.pk),
        specialties=[{"specialty_id": field["id"], **training}],
    )

    expected = {"id": field["id"], "code": "cardiology", "name": "Cardiology", **training}
    assert changed["specialties"] == [expected]
    for found in (
        admin.call("list_doctors", specialty="cardiology", is_available=True),
        admin.call("list_doctors", specialty=field["id"]),
        admin.call("get_specialty_doctors", specialty_id=field["id"]),
    ):
        assert [row["id"] for row in found["results"]] == [str(dr_eve.pk)]
        assert (found["count"], found["next_cursor"]) == (1, None)
    assert admin.call("get_doctor_details", doctor_id=str(dr_eve.pk))["specialties"] == [expected]
    (listed,) = admin.call("list_specialties", search="หัวใจ")["results"]
    assert (listed["id"], listed["doctor_count"]) == (field["id"], 1)

    assert (
        admin.call("update_doctor_specialties", doctor_id=str(dr_eve.pk), specialties=[])["specialties"] == []
    )


def test_a_program_may_decide_without_being_allowed_to_look(tools_by_key, dr_bob):
    tools = tools_by_key("admin:hospital")
    field = tools.call("create_specialty", code="eyes", name="Eyes", description="")

    changed = tools.call(
        "update_doctor_specialties",
        doctor_id=str(dr_bob.pk),
        specialties=[{"specialty_id": field["id"], "is_primary": True}],
    )
    assert [row["code"] for row in changed["specialties"]] == ["eyes"]


def test_a_code_that_is_taken_is_a_conflict_with_what_to_do(tools_of, heart):
    error = tools_of(Role.ADMIN).refused("create_specialty", code="cardiology", name="Again", description="")

    assert (error["code"], error["reason"], error["retryable"]) == ("CONFLICT", "specialty_exists", False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_primary": False},
        {"certification_date": "2561-04-01"},
        {"years_of_experience": 81},
        {"certification_date": "future"},
        {"specialty_id": "cardiology"},
    ],
    ids=str,
)
def test_a_wrong_list_is_refused_and_nothing_changes(tools_of, dr_bob, heart, wrong):
    if wrong.get("certification_date") == "future":
        wrong = {"certification_date": coming_day(2).isoformat()}
    row = {"specialty_id": str(heart.pk), "is_primary": True, **wrong}

    error = tools_of(Role.ADMIN).refused(
        "update_doctor_specialties", doctor_id=str(dr_bob.pk), specialties=[row]
    )

    assert error["code"] == "VALIDATION_ERROR"
    assert {name.split(".")[0] for name in error["details"]} == {"specialties"}
    assert not PractitionerSpecialty.objects.exists()


def test_a_list_without_end_is_refused(tools_of, dr_bob, heart):
    rows = [{"specialty_id": str(heart.pk)}] * 21

    error = tools_of(Role.ADMIN).refused(
        "update_doctor_specialties", doctor_id=str(dr_bob.pk), specialties=rows
    )
    assert error["code"] == "VALIDATION_ERROR"


def test_nothing_of_another_hospital_is_found(tools_of, dr_bob, heart, other_hospital, other_people):
    with inside(other_hospital):
        theirs = Specialty.objects.create(code="canary", name_th="canary", name_en="canary")
    admin, doctor = tools_of(Role.ADMIN), str(other_people.dr_bob.pk)
    mine, field = str(dr_bob.pk), str(theirs.pk)

    for name, asked, reason in (
        ("get_doctor_details", {"doctor_id": doctor}, "doctor_not_found"),
        ("update_doctor_specialties", {"doctor_id": doctor, "specialties": []}, "doctor_not_found"),
        (
            "update_doctor_specialties",
            {"doctor_id": mine, "specialties": [{"specialty_id": field, "is_primary": True}]},
            "specialty_not_found",
        ),
        ("get_specialty_doctors", {"specialty_id": field}, "specialty_not_found"),
        ("list_doctors", {"specialty": field}, "specialty_not_found"),
        ("list_doctors", {"specialty": "canary"}, "specialty_not_found"),
        ("list_doctors", {"hospital_id": str(other_hospital.uuid)}, "hospital_not_found"),
        ("list_specialties", {"hospital_id": str(other_hospital.uuid)}, "hospital_not_found"),
    ):
        error = admin.refused(name, **asked)
        assert (error["code"], error["reason"]) == ("RESOURCE_NOT_FOUND", reason)
        assert "canary" not in str(error)
    assert [row["code"] for row in admin.call("list_specialties")["results"]] == ["cardiology"]


def test_the_platform_reads_doctors_of_the_hospital_that_it_names(
    tools_of_platform, other_hospital, other_people
):
    tools = tools_of_platform("read:bookings")

    (doctor,) = tools.call("list_doctors", hospital_id=str(other_hospital.uuid))["results"]
    assert doctor["id"] == str(other_people.dr_bob.pk)
    assert set(tools.refused("list_doctors")["details"]) == {"hospital_id"}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", ["list_doctors", "list_specialties"])
def test_a_list_costs_as_many_statements_for_three_as_for_one(tools_by_key, dr_bob, name, count):
    tools = tools_by_key("read:bookings")
    for number in range(count):
        dr_bob.specialties.add(Specialty.objects.create(code=f"s{number}", name_th="x", name_en="x"))
    tools.call(name)

    with counted() as statements:
        tools.call(name)
    # What is read, the hospital's own look-ups and the audit trail.
    assert len(statements) <= 6, statements
