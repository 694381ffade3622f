"""Tools about accounts: made, changed and switched off by administrators, and no password ever leaves."""

import pytest

from accounts.models import User
from accounts.permissions import Role
from bookings.models import Practitioner
from events.models import Event, IdempotencyKey
from mcp_integration.invoking import visible_tools
from tenants.context import inside, outside
from tests.support.people import PASSWORD

TOOLS = {"list_users", "get_user", "create_user", "update_user", "delete_user"}
SECRET = "a-long-secret-2026"
NEW = {
    "email": "malee@ploy.example", "password": SECRET, "first_name": "Malee", "last_name": "Srisuk",
    "role": "NURSE",
}  # fmt: skip


def seen(tools):
    return {tool.name for tool in visible_tools(tools.credential)} & TOOLS


def test_accounts_are_the_business_of_administrators(
    tools_of, tools_by_key, tools_of_platform, operator_tools
):
    for tools in (tools_of(Role.ADMIN), tools_by_key("admin:hospital"), tools_of_platform(), operator_tools):
        assert seen(tools) == TOOLS
    for role in (Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT):
        assert seen(tools_of(role)) == set()
    every_other = ("read:bookings", "write:bookings", "read:patients", "write:patients", "read:records")
    assert seen(tools_by_key(*every_other)) == set()


def test_a_doctor_is_added_found_changed_and_switched_off(tools_of, in_hospital):
    admin = tools_of(Role.ADMIN)
    made = admin.call(
        "create_user", **{**NEW, "role": "DOCTOR"}, license_number="L-1", years_of_experience=8,
        phone_number="0812345678",
    )  # fmt: skip
    named = {"user_id": made["id"]}

    assert (made["untrusted_first_name"], made["role"], made["hospital_id"]) == (
        "Malee", "DOCTOR", str(in_hospital.uuid),
    )  # fmt: skip
    assert made["doctor_id"] == str(Practitioner.objects.get(license_number="L-1").pk)
    assert (made["years_of_experience"], made["patient_id"]) == (8, None)
    assert admin.call("get_user", **named) == made
    assert made in admin.call("list_users", role="DOCTOR")["results"]

    changed = admin.call("update_user", **named, last_name="", role="NURSE", password="another-secret-2026")
    assert (changed["untrusted_last_name"], changed["role"]) == ("", "NURSE")

    error = admin.refused("delete_user", **named)
    assert error["reason"] == "confirmation_required"
    assert "Malee" not in str(error)
    assert set(admin.refused("update_user", **named, is_active=False)["details"]) == {"is_active"}
    assert not admin.call("delete_user", **named, confirm=True)["is_active"]
    assert admin.call("list_users", is_active=False)["count"] == 1
    assert admin.call("update_user", **named, is_active=True)["is_active"]


def test_a_patients_account_shows_whose_it_is(tools_of, in_hospital):
    made = tools_of(Role.ADMIN).call(
        "create_user", **{**NEW, "role": "PATIENT"}, phone_number="0899999999", date_of_birth="1990-05-01"
    )

    assert (made["phone_number"], made["date_of_birth"], made["doctor_id"]) == (
        "+66899999999",
        "1990-05-01",
        None,
    )
    assert made["patient_id"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "bob@ploy.example"}, "email"),
        ({"password": "password12"}, "password"),
        ({"password": "short"}, "password"),
        ({"role": "QUEEN"}, "role"),
        ({"date_of_birth": "2533-05-01"}, "date_of_birth"),
        ({"date_of_birth": "1990-05-01"}, "date_of_birth"),
        ({"phone_number": "12"}, "phone_number"),
        ({"is_staff": True}, "is_staff"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_sent_is_not_repeated(tools_of, given, field):
    error = tools_of(Role.ADMIN).refused("create_user", **{**NEW, **given})

    assert (error["code"], set(error["details"])) == ("VALIDATION_ERROR", {field})
    for value in (NEW["email"], SECRET, "password12", "QUEEN", "Malee"):
        assert value not in str(error)


def test_no_password_and_no_hash_leaves_or_is_kept(tools_of, in_hospital):
    admin = tools_of(Role.ADMIN)
    first = admin.outcome("create_user", **NEW, idempotency_key="k")
    again = admin.outcome("create_user", **NEW, idempotency_key="k")
    listed = admin.call("list_users")

    hashed = User.objects.get(email=NEW["email"]).password
    assert again.result == first.result
    for text in (str(first), str(again), str(listed)):
        assert SECRET not in text
        assert hashed not in text
    assert SECRET not in str(list(Event.objects.values()))
    assert SECRET not in str(list(IdempotencyKey.objects.values()))
    assert User.objects.filter(email=NEW["email"]).count() == 1


def test_spaces_of_a_password_are_part_of_it(tools_of, in_hospital):
    tools_of(Role.ADMIN).call("create_user", **{**NEW, "password": f" {SECRET} "})

    assert User.objects.get(email=NEW["email"]).check_password(f" {SECRET} ")


def test_accounts_of_another_hospital_are_not_found(tools_of, tools_by_key, other_hospital, other_people):
    theirs = {"user_id": str(other_people.nurse.pk)}
    for tools in (tools_of(Role.ADMIN), tools_by_key("admin:hospital")):
        for name, more in (
            ("get_user", {}), ("update_user", {"last_name": "x"}), ("delete_user", {"confirm": True}),
        ):  # fmt: skip
            error = tools.refused(name, **theirs, **more)
            assert (error["code"], error["reason"]) == ("RESOURCE_NOT_FOUND", "user_not_found")
        elsewhere = {"hospital_id": str(other_hospital.uuid)}
        assert tools.refused("list_users", **elsewhere)["reason"] == "hospital_not_found"
        assert tools.refused("create_user", **NEW, **elsewhere)["reason"] == "hospital_not_found"
        assert "rama" not in str(tools.call("list_users", limit=100))
    with inside(other_hospital):
        assert User.objects.get(pk=other_people.nurse.pk).is_active


def test_the_platform_works_on_the_hospital_that_it_names_and_else_on_operators(
    tools_of_platform, other_hospital, other_people
):
    tools, there = tools_of_platform(), {"hospital_id": str(other_hospital.uuid)}

    first = tools.call("create_user", **{**NEW, "role": "ADMIN"}, **there)
    assert first["hospital_id"] == there["hospital_id"]
    assert str(other_people.nurse.pk) in {row["id"] for row in tools.call("list_users", **there)["results"]}

    operators = tools.call("list_users")["results"]
    assert [row["email"] for row in operators] == ["operator@nadmor.example"]
    assert set(tools.refused("create_user", **NEW)["details"]) == {"role"}
    assert tools.call("create_user", **{**NEW, "role": "ADMIN"})["hospital_id"] is None
    with outside():
        assert User.objects.filter(email=NEW["email"], role=Role.ADMIN).count() == 1


def test_a_key_for_hospitals_alone_makes_no_operator_of_the_platform(tools_of_platform):
    tools = tools_of_platform("admin:hospital")

    assert tools.refused("create_user", **{**NEW, "role": "ADMIN"})["code"] == "PERMISSION_DENIED"
    assert tools.call("list_users")["count"] == 0


def test_the_last_administrator_and_ones_own_account_stay(tools_of, tools_by_key, people):
    adam = {"user_id": str(people.admin.pk), "confirm": True}

    assert tools_of(Role.ADMIN).refused("delete_user", **adam)["reason"] == "own_account"
    assert tools_by_key("admin:hospital").refused("delete_user", **adam)["reason"] == "last_administrator"
    User.objects.create_user("second@ploy.example", PASSWORD, first_name="Eve", role=Role.ADMIN)
    assert not tools_by_key("admin:hospital").call("delete_user", **adam)["is_active"]
