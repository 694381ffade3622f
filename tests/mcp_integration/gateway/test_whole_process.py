"""The gateway as the MCP process serves it, behind its guard and beside the other transports."""

from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.mcp_integration.gateway.serving import Gateway, error_in, serving
from tests.mcp_integration.gateway.talking import talking


@pytest.fixture(scope="module")
def process() -> Iterator[int]:
    """Where a whole MCP process listens."""
    from config.asgi import compose  # noqa: PLC0415  -- it sets Django up, which the tests have done by now

    with serving(compose(), lifespan="on") as port:
        yield port


def test_the_gateway_stands_beside_the_other_transports(process, by_key, visit):
    gateway = Gateway(process, by_key("read:bookings").headers["X-API-Key"])

    assert gateway.result("get_event_types")["results"]
    assert gateway.read("doctors")["count"] == 1
    error_in(gateway.get("/api/mcp/nothing"), 404, "RESOURCE_NOT_FOUND")
    error_in(gateway.get("/api/mcp/resources/doctors/1/2"), 404, "RESOURCE_NOT_FOUND")


def test_a_socket_of_a_page_elsewhere_is_not_let_in(process, by_key, visit):
    key = by_key("read:bookings").headers["X-API-Key"]

    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"ws://127.0.0.1:{process}/api/mcp/ws", origin="https://evil.example"),
    ):
        pass
    assert refused.value.response.status_code == 403
    with talking(process, key) as talk:
        assert talk.result("get_event_types")["results"]


def test_a_request_of_a_page_elsewhere_is_not_answered(process, by_key, visit):
    gateway = Gateway(process, by_key("read:bookings").headers["X-API-Key"])

    answer = gateway.invoke("get_event_types", headers={"Origin": "https://evil.example"})

    error_in(answer, 403, "PERMISSION_DENIED")
