"""A hospital that was switched off refuses clearly at every path, and loses nothing."""

import pytest

from tenants.models import Hospital
from tests.api.operations import METHODS, OPERATIONS
from tests.api.stored import alter, nothing_stored
from tests.api.wire import refusal
from tests.conftest import make_api_key

each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


@pytest.fixture
def switched_off(ids, hospital) -> Hospital:
    """Ploy, with a booking and a hold in it."""
    alter(hospital, is_active=False)
    return hospital


@each_operation
def test_every_operation_is_refused_with_the_reason(rest, ids, switched_off, operation):
    with nothing_stored():
        answer = operation.ask(rest, ids)

    assert refusal(answer, 403, "PERMISSION_DENIED") == {"reason": "hospital_inactive"}


@each_operation
def test_the_reason_is_the_same_for_a_key_of_any_scope_and_for_the_platform(
    rest, ids, switched_off, operation
):
    for key in (make_api_key(switched_off, "read:patients"), make_api_key(None)):
        answer = operation.ask(rest, ids, x_api_key=key)
        assert refusal(answer, 403, "PERMISSION_DENIED") == {"reason": "hospital_inactive"}


@each_operation
def test_every_other_method_is_refused_with_it_too(rest, ids, switched_off, operation):
    for method in METHODS:
        answer = rest.client.generic(method, rest.base + operation.path.format(**ids), headers=rest.headers())
        assert answer.status_code == 403


def test_nobody_without_a_key_learns_that_it_is_switched_off(rest, offer, ids, switched_off):
    rest.key = None

    for operation in OPERATIONS:
        refusal(operation.ask(rest, ids), 401, "AUTH_REQUIRED", "key_required")


def test_another_hospitals_key_learns_nothing_about_it(other_rest, rest, offer, ids, switched_off):
    for operation in OPERATIONS:
        answer = operation.ask(rest, ids, x_api_key=other_rest.key)
        assert refusal(answer, 404, "RESOURCE_NOT_FOUND") == {"reason": "hospital_not_found"}


def test_other_hospitals_go_on(other_rest, switched_off):
    assert other_rest.get("/event-types").status_code == 200


def test_everything_is_there_again_when_it_is_switched_on(rest, ids, switched_off):
    assert rest.get(f"/{ids['reference']}").status_code == 403

    alter(switched_off, is_active=True)

    assert rest.get(f"/{ids['reference']}").json()["reference"] == ids["reference"]
    assert rest.delete(f"/hold/{ids['hold']}").status_code == 204
