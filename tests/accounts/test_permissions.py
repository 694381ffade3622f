import re
from pathlib import Path

import pytest

from accounts.caller import actor_of
from accounts.models import User
from accounts.permissions import (
    DOOR_VERBS,
    EVERY_VERB,
    GRANTS,
    HOSPITAL_VERBS,
    OPERATOR_GRANTS,
    STAFF_ROLES,
    Role,
)
from apikeys.scopes import VERBS
from core.actor import Door
from tenants.context import inside

ROOT = Path(__file__).parents[2]
ROOMS = (
    "accounts", "apikeys", "bookings", "events", "tenants", "webhooks", "api", "registry", "subscriptions",
    "records", "analytics", "mcp_integration", "verification", "telegram_integration",
)  # fmt: skip


def test_each_role_has_its_row_in_the_table():
    assert set(GRANTS) == set(Role.values)
    assert set(STAFF_ROLES) == set(Role) - {Role.PATIENT}


def test_every_verb_that_the_code_asks_for_is_granted_to_somebody():
    asked = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            for verb in re.findall(r"\.(?:require|can)\(\"([a-z_.]+)\"", path.read_text()):
                asked[verb] = path

    assert len(asked) > 8
    assert {verb: path for verb, path in asked.items() if verb not in EVERY_VERB} == {}


def test_no_key_may_do_what_no_person_may():
    assert frozenset().union(*VERBS.values()) <= EVERY_VERB - DOOR_VERBS


def test_what_a_door_grants_to_strangers_is_granted_to_no_role():
    assert not DOOR_VERBS & (HOSPITAL_VERBS | OPERATOR_GRANTS)


def test_the_bot_of_a_hospital_is_its_administrators_business():
    able = {role for role, verbs in GRANTS.items() if verbs & {"telegram.read", "telegram.write"}}

    assert able == {Role.ADMIN}


def test_a_patient_may_do_nothing_to_others():
    assert {verb for verb in GRANTS[Role.PATIENT] if verb.endswith((".read", ".write"))} == {
        "catalogue.read",
        "availability.read",
    }
    assert not {"appointments.move", "appointments.cancel", "appointments.confirm"} & GRANTS[Role.PATIENT]


def test_an_operator_has_no_verb_about_patients_or_appointments():
    assert not {
        verb for verb in OPERATOR_GRANTS if verb.startswith(("appointments", "patients", "schedules"))
    }


@pytest.mark.parametrize("role", Role)
def test_a_person_is_granted_what_their_role_is_in_their_hospital(hospital, people, role):
    with inside(hospital):
        assert people.by_role(role).grants == GRANTS[role]
        assert all(people.by_role(role).can(verb) for verb in GRANTS[role])


@pytest.mark.parametrize("role", Role)
def test_a_person_of_a_hospital_is_nobody_on_the_platform_unless_they_run_it(people, role):
    granted = people.by_role(role).grants

    assert granted == (OPERATOR_GRANTS if role is Role.ADMIN else frozenset())


def test_whoever_is_switched_off_is_granted_nothing(in_hospital, people):
    User.objects.filter(pk=people.admin.pk).update(is_active=False)
    admin = User.objects.get(pk=people.admin.pk)

    assert (admin.grants, admin.is_staff, admin.can("catalogue.read")) == (frozenset(), False, False)


def test_an_actor_is_the_user_with_their_own_records(in_hospital, people):
    bob = people.actor(Role.DOCTOR, Door.MCP)

    assert (bob.user_id, bob.role, bob.door) == (people.doctor.pk, "DOCTOR", "mcp")
    assert (bob.practitioner_id, bob.patient_id, bob.label) == (people.dr_bob.pk, None, "Bob")
    assert actor_of(people.patient, Door.WEB).patient_id is None
