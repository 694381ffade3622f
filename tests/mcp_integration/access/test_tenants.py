"""Whatever Ploy's callers send about Rama: nothing of Rama comes back, and nothing of it changes."""

import json
from typing import Any

import pytest
from django.db import transaction
from rest_framework.exceptions import ValidationError

from accounts.permissions import Role
from core.errors import DomainError
from mcp_integration import prompts, resources
from mcp_integration.collections.every import COLLECTIONS
from mcp_integration.collections.reading import read_collection, read_item
from mcp_integration.tools import ALL_TOOLS
from tests.mcp_integration.access.canary import (
    CANARY,
    EMAIL,
    KEY,
    OF_HOSPITALS,
    PHONE,
    House,
    cursors,
    day,
    every_id,
    fingerprint,
    furnish,
    text_of,
)
from tests.mcp_integration.conftest import credential_of_user, credential_with_scopes
from tests.support.tools import Tools

CALLERS = (Role.ADMIN, Role.DOCTOR, Role.PATIENT, "key")
# Parameters whose values are nobody's: they are never Rama's.
PLAIN = {"limit", "confirm", "is_active", "is_available", "immediate", "auto_renew", "years_of_experience"}


@pytest.fixture
def rama(other_hospital, other_people) -> House:
    """Rama, full of canaries."""
    return furnish(other_hospital, other_people, CANARY, phone=PHONE, email=EMAIL, key=KEY)


@pytest.fixture
def ploy(hospital, people) -> House:
    """Ploy, with one of everything too."""
    return furnish(
        hospital,
        people,
        "Ordinary",
        phone="+66811110001",
        email="ordinary@ploy.example",
        key="ordinary-key-1",
    )


@pytest.fixture
def no_limits(monkeypatch) -> None:
    from apikeys.policies import POLICIES, Rate  # noqa: PLC0415  -- for this fixture alone

    for name in POLICIES:
        monkeypatch.setitem(POLICIES, name, Rate(10**6, 60))


def caller_of(caller: str, hospital, people) -> Tools:
    if caller == "key":
        return Tools(credential_with_scopes(hospital, *OF_HOSPITALS))
    return Tools(credential_of_user(people.by_role(caller), hospital))


def arguments_of(tool, house: House) -> dict[str, Any]:
    """The tool's example with ids and dates that are right in a hospital."""
    dates = dict.fromkeys(("date", "new_date", "appointment_date", "follow_up_date", "start_date"), day(5))
    known = {**house.values, **dates}
    return {name: known.get(name, value) for name, value in tool.example.items()}


def foreign_values(
    schema: dict[str, Any], name: str, rama: House, ids: set[str], places: list[str]
) -> list[Any]:
    """What of Rama's could stand in a parameter."""
    values = rama.values
    if schema.get("type") == "integer":
        return [values["event_type_id"], rama.hospital.pk] if name not in PLAIN else []
    if schema.get("format") == "uuid":
        # Its own kind, the hospital itself, and some of every other.
        some = list(dict.fromkeys([values.get(name), *sorted(ids)]))[: 1 + _SOME]
        return [*some, values["hospital_id"]]
    if schema.get("type") == "string" and "enum" not in schema and name not in PLAIN:
        if name == "cursor":
            return places
        own = [values[name]] if name in values else []
        return [*own, values["booking_reference"], PHONE, CANARY]
    return []


_SOME = 3


def _named_only_there(rama: House) -> set[str]:
    return {rama.values["booking_reference"], rama.values["subscription_id"]}


@pytest.mark.parametrize("caller", CALLERS)
def test_nothing_of_another_hospital_comes_back_or_changes(no_limits, ploy, rama, hospital, people, caller):
    tools = caller_of(caller, hospital, people)
    ids, places, before = every_id(rama.hospital), cursors(rama.hospital), fingerprint(rama.hospital)
    secrets = ids | {CANARY, PHONE, EMAIL, *_named_only_there(rama)}
    calls = 0

    for tool in ALL_TOOLS:
        base = arguments_of(tool, ploy)
        for name, schema in tool.input_schema["properties"].items():
            for value in foreign_values(schema, name, rama, ids, places):
                calls += 1
                with transaction.atomic():
                    outcome = tools.outcome(tool.name, **{**base, name: value})
                    # What was sent is written down here with it: the next call must not find it.
                    transaction.set_rollback(True)
                said = text_of([outcome.result, outcome.error, outcome.text])
                leaked = [secret for secret in secrets - {str(value)} if secret in said]
                assert not leaked, (tool.name, name, value)

    assert calls > 300
    assert fingerprint(rama.hospital) == before


def test_a_hospital_s_name_with_all_of_its_ids_is_still_not_found(no_limits, ploy, rama):
    """Every id at once, as somebody would send who has copied a whole call."""
    before = fingerprint(rama.hospital)
    for tool in ALL_TOOLS:
        stolen = {**arguments_of(tool, rama)}
        for naming in ("subdomain", "hospital_id"):
            if naming in tool.input_schema["properties"]:
                stolen[naming] = rama.values[naming]
        outcome = ploy.tools.outcome(tool.name, **stolen)
        said = text_of([outcome.result, outcome.error, outcome.text])
        assert CANARY not in said, tool.name
        if "subdomain" in stolen or "hospital_id" in stolen:
            assert outcome.error["code"] in ("RESOURCE_NOT_FOUND", "PERMISSION_DENIED"), tool.name

    assert fingerprint(rama.hospital) == before


def test_an_idempotency_key_of_another_hospital_answers_nothing(ploy, rama):
    slot = {"event_type_id": ploy.values["event_type_id"], "date": day(3), "time": "15:00"}
    outcome = ploy.tools.outcome("create_booking", **slot, guest_name="Somebody", idempotency_key=KEY)

    assert outcome.error is None
    assert not outcome.replayed
    assert CANARY not in text_of(outcome.result)


@pytest.mark.parametrize("caller", CALLERS)
def test_collections_and_resources_know_nothing_of_another_hospital(
    no_limits, ploy, rama, hospital, people, caller
):
    credential = caller_of(caller, hospital, people).credential
    ids = every_id(rama.hospital)
    named = {key: value for key, value in rama.values.items() if str(value) in ids}
    before = fingerprint(rama.hospital)
    said = []

    for name, collection in COLLECTIONS.items():
        for key in set(named.values()):
            said.append(_answer(read_item, credential, name, key))
            said.append(_answer(resources.read, credential, f"nadmor://{name}/{key}"))
        for wanted in collection.filters:
            for value in (rama.values.get(wanted, CANARY), rama.values["patient_id"], rama.hospital.pk):
                params = {"filter": json.dumps({wanted: value}), "limit": "100"}
                said.append(_answer(read_collection, credential, name, params))
        for naming in ("subdomain", "hospital_id"):
            said.append(_answer(read_collection, credential, name, {naming: rama.values[naming]}))
            uri = f"nadmor://{name}?{naming}={rama.values[naming]}"
            said.append(_answer(resources.read, credential, uri))

    text = text_of(said)
    for secret in ids | {CANARY, PHONE, EMAIL}:
        assert secret not in text, secret
    assert fingerprint(rama.hospital) == before


def test_prompts_and_completions_know_nothing_of_another_hospital(ploy, rama, people, hospital):
    credential = caller_of(Role.ADMIN, hospital, people).credential
    context = {"hospital_id": rama.values["hospital_id"], "subdomain": rama.values["subdomain"]}
    said = [
        _answer(prompts.render, credential, "patient_onboarding", {"hospital_id": context["hospital_id"]})
    ]
    for listed in prompts.listed(credential):
        for argument in listed.arguments:
            for known in ({}, context):
                for begun in ("", "K", CANARY):
                    said += prompts.complete(credential, "prompt", listed.name, argument.name, begun, known)

    assert CANARY not in text_of(said)
    assert rama.values["hospital_id"] not in text_of(said)


def _answer(read, *arguments) -> Any:
    try:
        return read(*arguments)
    except DomainError as refusal:
        return [refusal.reason, refusal.data]
    except ValidationError as refusal:
        return refusal.detail
