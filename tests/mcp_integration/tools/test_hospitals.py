"""Tools about hospitals: the platform runs the register, a hospital's caller changes its own entry."""

import pytest

from accounts.permissions import Role
from events.models import Event
from mcp_integration.invoking import visible_tools
from tenants.context import inside, outside
from tenants.models import Hospital
from tenants.provisioning import missing_tables

NEW = {
    "name": "Chan Clinic", "subdomain": "chan", "registration_number": "10-0042",
    "email": "office@chan.example", "phone_number": "+6639000001", "address_line1": "1 Tha Chalaep Road",
    "city": "Mueang Chanthaburi", "state": "Chanthaburi", "country": "Thailand", "postal_code": "22000",
    "hospital_type": "CLINIC",
}  # fmt: skip
TOOLS = ("list_hospitals", "get_hospital", "create_hospital", "update_hospital", "delete_hospital")


def seen(tools):
    return {tool.name for tool in visible_tools(tools.credential)} & set(TOOLS)


def test_each_caller_sees_the_tools_that_they_may_use(
    tools_of, tools_by_key, tools_of_platform, operator_tools
):
    own = {"list_hospitals", "get_hospital"}

    assert seen(tools_of_platform()) == seen(operator_tools) == set(TOOLS)
    assert seen(tools_of(Role.ADMIN)) == own | {"update_hospital"}
    assert seen(tools_by_key("admin:hospital")) == own | {"update_hospital"}
    assert seen(tools_of(Role.FRONT_DESK)) == seen(tools_by_key("read:bookings")) == own
    assert seen(tools_of(Role.PATIENT)) == seen(tools_by_key("read:patients")) == set()


# ── looking ───────────────────────────────────────────────────────────────────
def test_the_platform_lists_every_hospital_a_page_at_a_time(tools_of_platform, other_hospital):
    tools = tools_of_platform()
    every = tools.call("list_hospitals")
    first = tools.call("list_hospitals", limit=1)
    second = tools.call("list_hospitals", limit=1, cursor=first["next_cursor"])

    assert every["count"] == first["count"] >= 2
    assert [first["results"][0]["id"], second["results"][0]["id"]] == [
        row["id"] for row in every["results"][:2]
    ]
    assert {"ploy", "rama"} <= {row["subdomain"] for row in every["results"]}


def test_a_hospitals_own_caller_finds_that_one_alone(tools_of, tools_by_key, hospital, other_hospital):
    for tools in (tools_of(Role.DOCTOR), tools_by_key("read:bookings"), tools_by_key("admin:hospital")):
        assert [row["id"] for row in tools.call("list_hospitals")["results"]] == [str(hospital.uuid)]
        assert tools.call("list_hospitals", search="rama")["count"] == 0
        assert tools.call("get_hospital", hospital_id=str(hospital.uuid))["name"] == hospital.name
        error = tools.refused("get_hospital", hospital_id=str(other_hospital.uuid))
        assert (error["code"], error["reason"]) == ("RESOURCE_NOT_FOUND", "hospital_not_found")
        assert "rama" not in str(error).lower()


def test_a_key_of_a_hospital_reaches_no_other_one_even_with_the_platforms_scope(
    tools_by_key, hospital, other_hospital
):
    tools = tools_by_key("admin:platform", "admin:hospital")

    assert [row["id"] for row in tools.call("list_hospitals")["results"]] == [str(hospital.uuid)]
    for name, more in (("get_hospital", {}), ("update_hospital", {"city": "X"})):
        assert (
            tools.refused(name, hospital_id=str(other_hospital.uuid), **more)["reason"]
            == "hospital_not_found"
        )
    assert tools.refused("create_hospital", **NEW)["code"] == "PERMISSION_DENIED"
    for one in (hospital, other_hospital):
        refusal = tools.refused("delete_hospital", hospital_id=str(one.uuid), confirm=True)
        assert refusal["code"] == "PERMISSION_DENIED"
    with outside():
        assert not Hospital.objects.filter(is_active=False).exists()


def test_a_hospital_is_described_with_local_times(tools_of_platform, hospital):
    result = tools_of_platform().call("get_hospital", hospital_id=str(hospital.uuid))

    assert result["created_at"].endswith("+07:00")
    assert (result["subdomain"], result["timezone"], result["is_active"]) == ("ploy", "Asia/Bangkok", True)
    assert "schema_name" not in result


# ── changing ──────────────────────────────────────────────────────────────────
def test_a_hospital_is_set_up_once_for_one_idempotency_key(tools_of_platform):
    tools = tools_of_platform()

    first = tools.outcome("create_hospital", **NEW, idempotency_key="k")
    again = tools.outcome("create_hospital", **NEW, idempotency_key="k")

    assert again.result == first.result
    assert again.replayed
    assert first.result["city"] == "Mueang Chanthaburi"
    hospital = Hospital.objects.get(subdomain="chan")
    assert missing_tables(hospital) == []
    assert "chan" in first.text


@pytest.mark.parametrize(
    ("given", "field"), [({"subdomain": "ploy"}, "subdomain"), ({"hospital_type": "x"}, "hospital_type")]
)
def test_a_hospital_that_cannot_be_is_refused_by_its_field(tools_of_platform, hospital, given, field):
    error = tools_of_platform().refused("create_hospital", **{**NEW, **given})

    assert (error["code"], set(error["details"])) == ("VALIDATION_ERROR", {field})


def test_an_administrator_changes_their_own_hospital_alone(tools_of, hospital, other_hospital):
    admin = tools_of(Role.ADMIN)

    changed = admin.call(
        "update_hospital", hospital_id=str(hospital.uuid), city="Trat", address_line2="Floor 2"
    )
    assert (changed["city"], changed["address_line2"], changed["name"]) == ("Trat", "Floor 2", hospital.name)
    assert admin.refused("update_hospital", hospital_id=str(other_hospital.uuid), city="X")["reason"] == (
        "hospital_not_found"
    )
    error = admin.refused("update_hospital", hospital_id=str(hospital.uuid), is_active=True)
    assert error["code"] == "PERMISSION_DENIED"
    assert admin.refused("update_hospital", hospital_id=str(hospital.uuid), subdomain="x")["code"] == (
        "VALIDATION_ERROR"
    )


def test_a_hospital_is_switched_off_after_a_yes_and_on_again(tools_of_platform, hospital):
    tools, asked = tools_of_platform(), {"hospital_id": str(hospital.uuid)}

    error = tools.refused("delete_hospital", **asked)
    assert error["reason"] == "confirmation_required"
    assert hospital.name in str(error["details"])
    assert tools.call("get_hospital", **asked)["is_active"]

    refused = tools.refused("update_hospital", **asked, is_active=False)
    assert refused["details"] == {"is_active": ["To switch it off use delete_hospital."]}
    assert not tools.call("delete_hospital", **asked, confirm=True)["is_active"]
    assert not tools.call("delete_hospital", **asked)["is_active"]
    assert not tools.call("get_hospital", **asked)["is_active"]
    assert [row["id"] for row in tools.call("list_hospitals", is_active=False)["results"]] == [
        asked["hospital_id"]
    ]
    assert tools.refused("list_specialties", **asked)["code"] == "PERMISSION_DENIED"

    assert tools.call("update_hospital", **asked, is_active=True)["is_active"]


def test_what_was_done_is_in_the_platforms_history_and_the_call_in_the_callers(tools_of, in_hospital):
    tools_of(Role.ADMIN).call("update_hospital", hospital_id=str(in_hospital.uuid), city="Trat")

    with inside(in_hospital):
        assert Event.objects.filter(type="tool.called", subject_id="update_hospital").count() == 1
        assert not Event.objects.filter(type="hospital.changed").exists()
    with outside():
        assert Event.objects.filter(type="hospital.changed", door="mcp").count() == 1
