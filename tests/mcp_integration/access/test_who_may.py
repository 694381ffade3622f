"""Who may use which tool, by which door: one table, written by hand out of the roles and scopes."""

import pytest

from accounts.permissions import Role
from mcp_integration.invoking import tool_named
from tests.mcp_integration.access.doors import by_gateway, by_protocol, by_toolbox

# Roles: Administrator, Doctor, Nurse, Front desk, Patient; Operator of the platform.
# Scopes: read and write Bookings, Patients, Records; Hooks; administration of the Hospital, of the Platform.
# A hyphen: refused. What a person may do with a tool that they may use (their own, all) the verbs decide.
TABLE = """
tool                        roles   rb wb rp wp rr wr mw ah ap
get_event_types             ADNFP-  rb -- -- -- -- -- -- -- --
check_availability          ADNFP-  rb -- -- -- -- -- -- -- --
hold_slot                   A-NFP-  -- wb -- -- -- -- -- -- --
create_booking              A-NFP-  -- wb -- -- -- -- -- -- --
search_appointments         ADNFP-  rb wb -- -- -- -- -- -- --
cancel_booking              ADNFP-  -- wb -- -- -- -- -- -- --
reschedule_booking          ADNFP-  -- wb -- -- -- -- -- -- --
list_hospitals              ADNF-O  rb -- -- -- -- -- -- ah ap
get_hospital                ADNF-O  rb -- -- -- -- -- -- ah ap
create_hospital             -----O  -- -- -- -- -- -- -- -- ap
update_hospital             A----O  -- -- -- -- -- -- -- ah ap
delete_hospital             -----O  -- -- -- -- -- -- -- -- ap
list_users                  A----O  -- -- -- -- -- -- -- ah ap
get_user                    A----O  -- -- -- -- -- -- -- ah ap
create_user                 A----O  -- -- -- -- -- -- -- ah ap
update_user                 A----O  -- -- -- -- -- -- -- ah ap
delete_user                 A----O  -- -- -- -- -- -- -- ah ap
list_doctors                ADNF--  rb -- -- -- -- -- -- -- --
get_doctor_details          ADNF--  rb -- -- -- -- -- -- -- --
update_doctor_specialties   A-----  -- -- -- -- -- -- -- ah --
list_specialties            ADNFP-  rb -- -- -- -- -- -- -- --
create_specialty            A-----  -- -- -- -- -- -- -- ah --
get_specialty_doctors       ADNF--  rb -- -- -- -- -- -- -- --
list_appointments           ADNFP-  rb wb -- -- -- -- -- -- --
create_appointment          A-NFP-  -- wb -- -- -- -- -- -- --
update_appointment_status   ADNF--  -- wb -- -- -- -- -- -- --
list_appointment_slots      ADNFP-  rb -- -- -- -- -- -- -- --
list_medical_records        ADN-P-  -- -- -- -- rr wr -- -- --
get_medical_record          ADN-P-  -- -- -- -- rr wr -- -- --
create_medical_record       -DN---  -- -- -- -- -- wr -- -- --
update_medical_record       -DN---  -- -- -- -- -- wr -- -- --
list_treatments             ADN-P-  -- -- -- -- rr wr -- -- --
create_treatment            -DN---  -- -- -- -- -- wr -- -- --
update_treatment            -DN---  -- -- -- -- -- wr -- -- --
list_subscription_plans     A----O  -- -- -- -- -- -- -- ah ap
create_subscription         A----O  -- -- -- -- -- -- -- ah ap
update_subscription         A----O  -- -- -- -- -- -- -- ah ap
cancel_subscription         A----O  -- -- -- -- -- -- -- ah ap
get_hospital_statistics     A----O  -- -- -- -- -- -- -- ah ap
get_doctor_performance      AD---O  -- -- -- -- -- -- -- ah ap
get_specialty_demand        A----O  -- -- -- -- -- -- -- ah ap
"""
_LETTERS = dict(
    zip("ADNFP", (Role.ADMIN, Role.DOCTOR, Role.NURSE, Role.FRONT_DESK, Role.PATIENT), strict=True)
)
_SCOPES = {
    "rb": "read:bookings", "wb": "write:bookings", "rp": "read:patients", "wp": "write:patients",
    "rr": "read:records", "wr": "write:records", "mw": "manage:webhooks", "ah": "admin:hospital",
    "ap": "admin:platform",
}  # fmt: skip
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
CALLERS = [*_LETTERS.values(), "operator", *_SCOPES.values()]
DOORS = {
    "toolbox": by_toolbox,
    "gateway": by_gateway,
    "mcp of 2026": by_protocol("2026-07-28"),
    "mcp of 2025": by_protocol("legacy"),
}


def open_to(caller: str) -> set[str]:
    """The tools that the table opens to a caller."""
    marks = {str(role): letter for letter, role in _LETTERS.items()} | {"operator": "O"}
    short = {scope: name for name, scope in _SCOPES.items()}
    if caller in short:
        return {name for name, _roles, *scopes in ROWS if short[caller] in scopes}
    return {name for name, roles, *_ in ROWS if marks[caller] in roles}


def shown_by(secrets, caller: str) -> str:
    """The secret of a caller."""
    if caller == "operator":
        return secrets.of_operator()
    return secrets.of_scope(caller) if ":" in caller else secrets.of_role(caller)


@pytest.mark.parametrize("caller", CALLERS)
def test_the_table_holds_at_every_door(port, no_limits, secrets, caller):
    # Parameters that no tool has: whoever may use one is told so before anything is done.
    calls = [(name, {"no_such_parameter": True}) for name, *_ in ROWS]
    secret, may = shown_by(secrets, caller), open_to(caller)
    refused = {name for name, _ in calls} - may

    found = {door: sorted_out(*by(port, secret, calls)) for door, by in DOORS.items()}

    wanted = {"seen": may, "VALIDATION_ERROR": may, "PERMISSION_DENIED": refused}
    assert found == dict.fromkeys(DOORS, wanted)


def sorted_out(seen, codes):
    """The tools that are seen, and those that came to either code."""
    told = ("VALIDATION_ERROR", "PERMISSION_DENIED")
    by_code = {code: {name for name, came in codes.items() if came == code} for code in told}
    return {"seen": set(seen), **by_code}


@pytest.mark.parametrize("caller", CALLERS)
def test_who_may_use_a_tool_is_not_refused_by_what_stands_behind_it(no_limits, secrets, staff, caller):
    """The example of each: its ids lead nowhere here, but no verb says that the caller may not."""
    # One of them would make a hospital, outside of any transaction.
    names = open_to(caller) - {"create_hospital"}
    # Figures of other doctors are refused to a doctor who asks; their own are not.
    own = {"get_doctor_performance": {"doctor_id": str(staff.dr_bob.pk)}}
    calls = [(name, {**tool_named(name).example, **own.get(name, {})}) for name in names]

    _, codes = by_toolbox(0, shown_by(secrets, caller), calls)

    refused = {name for name, code in codes.items() if code in ("PERMISSION_DENIED", "SERVER_ERROR")}
    assert refused == set()


@pytest.mark.parametrize("door", ["toolbox", "gateway"])
def test_a_tool_that_there_is_not_is_not_found(port, secrets, door):
    _, codes = DOORS[door](port, secrets.of_role(Role.ADMIN), [("drop_tables", {})])

    assert codes == {"drop_tables": "RESOURCE_NOT_FOUND"}


@pytest.mark.parametrize("door", ["toolbox", "gateway", "mcp of 2026", "mcp of 2025"])
def test_of_another_hospital_every_tool_knows_nothing(port, no_limits, secrets, hospital_next_door, door):
    """Naming it answers as if it were not there."""
    named = [
        (name, {**tool_named(name).example, **naming})
        for name in open_to(Role.ADMIN)
        if (naming := _naming(name, hospital_next_door))
    ]
    assert len(named) > 30

    _, codes = DOORS[door](port, secrets.of_role(Role.ADMIN), named)

    assert set(codes.values()) == {"RESOURCE_NOT_FOUND"}


@pytest.fixture
def hospital_next_door(both_hospitals):
    return both_hospitals[1]


def _naming(name, hospital):
    """The parameters by which a tool takes a hospital."""
    words = {"subdomain": hospital.subdomain, "hospital_id": str(hospital.uuid)}
    return {one: words[one] for one in words if one in tool_named(name).input_schema["properties"]}
