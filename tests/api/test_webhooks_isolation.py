"""Who may manage webhooks, and that a key finds nothing of another hospital, by any route of the URLconf."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.permissions import Role
from tests.api.contract import checked
from tests.api.hooks import BODY, SCOPE, Hooks, attempt, delivery
from tests.api.operations import routes
from tests.api.signing_in import PLOY, Program
from tests.api.stored import alter, nothing_stored
from tests.api.wire import refusal
from tests.support.rest import Rest
from webhooks.models import Attempt, Delivery, Webhook

ROOT = "api/v1/webhooks/"
CANARY = "zq9canary"
NOW = datetime.now(UTC).isoformat()
ASKED_WITH = ("GET", "POST", "PUT", "PATCH", "DELETE")

# Each method of each route, with a body that would do something.
OPERATIONS: dict[tuple[str, str], Any] = {
    ("GET", ""): None,
    ("POST", "register"): BODY,
    ("GET", "<uuid:webhook_id>"): None,
    ("PATCH", "<uuid:webhook_id>"): {"description": "changed"},
    ("DELETE", "<uuid:webhook_id>"): None,
    ("POST", "<uuid:webhook_id>/rotate-secret"): None,
    ("POST", "<uuid:webhook_id>/test"): None,
    ("POST", "<uuid:webhook_id>/recover"): {"since": NOW},
    ("GET", "<uuid:webhook_id>/deliveries"): None,
    ("GET", "<uuid:webhook_id>/deliveries/<uuid:delivery_id>"): None,
    ("POST", "<uuid:webhook_id>/deliveries/<uuid:delivery_id>/resend"): None,
}
WITH_ID = [one for one in OPERATIONS if "<" in one[1]]

each_operation = pytest.mark.parametrize(("method", "route"), OPERATIONS, ids=lambda one: one or "list")
each_with_id = pytest.mark.parametrize(("method", "route"), WITH_ID, ids=lambda one: one)


@pytest.fixture
def hooks(hospital) -> Hooks:
    return Hooks(hospital)


@pytest.fixture
def theirs(other_hospital) -> dict[str, str]:
    """Rama's webhook, with a canary in every text, and a delivery of it that was tried."""
    told = Hooks(other_hospital).register(webhook_url=f"https://{CANARY}.example.org/", description=CANARY)
    row = delivery(told["id"], payload=f'{{"event":"{CANARY}"}}')
    attempt(row, excerpt=CANARY)
    return {"webhook_id": told["id"], "delivery_id": str(row.pk)}


def path_of(route: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        route = route.replace(f"<uuid:{name}>", value)
    return f"/{route}"


def rows() -> tuple[list[Any], ...]:
    """All that webhooks store, whoever it belongs to."""
    return tuple(list(model.objects.order_by("pk").values()) for model in (Webhook, Delivery, Attempt))


def test_every_route_is_covered():
    offered = {
        (method, route.removeprefix(ROOT))
        for route, view in routes(prefix=ROOT)
        for method in ASKED_WITH
        if hasattr(view.cls, method.lower())
    }

    assert offered == set(OPERATIONS)


@each_operation
def test_without_a_key_nothing_is_answered(hospital, theirs, method, route):
    nobody = Hooks(hospital)
    nobody.key, before = None, rows()

    answer = nobody.ask(method, path_of(route, theirs), OPERATIONS[method, route])

    assert refusal(answer, 401, "AUTH_REQUIRED") == {"reason": "key_required"}
    assert rows() == before


@each_operation
def test_without_the_scope_nothing_is_answered(hospital, theirs, method, route):
    reader = Hooks(hospital, "read:bookings", "write:bookings", "admin:hospital")
    before = rows()

    answer = reader.ask(method, path_of(route, theirs), OPERATIONS[method, route])

    assert refusal(answer, 403, "PERMISSION_DENIED") == {"reason": "scope_lacking", "scope": SCOPE}
    assert rows() == before


@each_with_id
def test_another_hospitals_ids_are_not_found(hooks, theirs, method, route):
    before = rows()

    with nothing_stored():
        answer = hooks.ask(method, path_of(route, theirs), OPERATIONS[method, route])

    refusal(answer, 404, "RESOURCE_NOT_FOUND", "webhook_not_found")
    assert CANARY not in answer.content.decode() + repr(answer.headers)
    assert rows() == before


@each_with_id
def test_neither_does_naming_their_hospital_help(hooks, theirs, method, route):
    path = f"{path_of(route, theirs)}?subdomain=rama"
    before = rows()

    refusal(
        hooks.ask(method, path, OPERATIONS[method, route]), 404, "RESOURCE_NOT_FOUND", "hospital_not_found"
    )
    assert rows() == before


def test_the_list_is_of_the_own_hospital_alone(hooks, theirs):
    own = hooks.register()["id"]

    assert [one["id"] for one in hooks.get("/").json()["results"]] == [own]
    assert CANARY not in hooks.get("/").content.decode()


def test_a_foreign_delivery_is_not_found_under_an_own_webhook(hooks, theirs):
    own = hooks.register()["id"]
    before = rows()

    for method, path in (("GET", ""), ("POST", "/resend")):
        answer = hooks.ask(method, f"/{own}/deliveries/{theirs['delivery_id']}{path}")
        refusal(answer, 404, "RESOURCE_NOT_FOUND", "delivery_not_found")
    assert rows() == before


def test_a_foreign_cursor_leads_to_nothing_of_theirs(hospital, other_hospital, hooks, theirs):
    there = Hooks(other_hospital)
    there.register(description=CANARY)
    cursor = there.get("/", limit=1).json()["next_cursor"]
    assert cursor

    assert hooks.get("/", cursor=cursor).json() == {"results": [], "count": 0, "next_cursor": None}


def test_their_own_key_sees_the_canary(other_hospital, theirs):
    """What is looked for above is really there."""
    there, webhook_id = Hooks(other_hospital), theirs["webhook_id"]

    for path in ("/", f"/{webhook_id}", f"/{webhook_id}/deliveries/{theirs['delivery_id']}"):
        assert CANARY in there.get(path).content.decode()


@each_operation
def test_a_hospital_that_is_switched_off_refuses(hospital, hooks, method, route):
    told = hooks.register()
    row = delivery(told["id"])
    ids = {"webhook_id": told["id"], "delivery_id": str(row.pk)}
    alter(hospital, is_active=False)

    answer = hooks.ask(method, path_of(route, ids), OPERATIONS[method, route])

    refusal(answer, 403, "PERMISSION_DENIED", "hospital_inactive")


@pytest.mark.parametrize("scope", ["read:bookings", "write:bookings"])
def test_the_scope_of_webhooks_opens_no_booking(hospital, scope):
    rest = checked(Rest(hospital, Hooks(hospital).key))

    refusal(rest.get("/event-types"), 403, "PERMISSION_DENIED", "scope_lacking")


# ── people who signed in ──────────────────────────────────────────────────────
def test_an_administrator_who_signed_in_manages_the_webhooks_of_the_own_hospital(people, theirs):
    program = Program(PLOY)
    token = program.tokens(people.admin.email)["access_token"]
    headers = {"authorization": f"Bearer {token}", "host": PLOY}

    made = program.client.post(f"/{ROOT}register", BODY, content_type="application/json", headers=headers)
    listed = program.client.get(f"/{ROOT}", headers=headers).json()["results"]
    foreign = program.client.get(f"/{ROOT}{theirs['webhook_id']}", headers=headers)

    assert [one["id"] for one in listed] == [made.json()["id"]]
    refusal(foreign, 404, "RESOURCE_NOT_FOUND", "webhook_not_found")


def test_the_front_desk_does_not(people):
    program = Program(PLOY)
    token = program.tokens(people.by_role(Role.FRONT_DESK).email)["access_token"]

    answer = program.client.get(f"/{ROOT}", headers={"authorization": f"Bearer {token}", "host": PLOY})

    refusal(answer, 403, "PERMISSION_DENIED", "scope_lacking")
