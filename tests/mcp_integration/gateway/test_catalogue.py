from django.test import override_settings

from tests.mcp_integration.gateway.asking import BOOKING
from tests.mcp_integration.gateway.serving import error_in


def test_the_catalogue_shows_what_the_caller_may_use(by_key, by_platform):
    reader, writer = by_key("read:bookings"), by_key(*BOOKING)

    seen = {tool["name"]: tool for tool in reader.get("/api/tools").json()["tools"]}
    more = {tool["name"] for tool in writer.get("/api/tools").json()["tools"]}

    assert "check_availability" in seen
    assert "create_booking" not in seen
    assert "create_booking" in more
    assert "create_hospital" not in more
    assert set(seen["check_availability"]) == {
        "name", "title", "description", "group", "input_schema", "output_schema", "hints", "scopes", "roles",
        "example", "suggests",
    }  # fmt: skip
    assert seen["check_availability"]["hints"] == {
        "read_only": True,
        "destructive": False,
        "idempotent": True,
    }
    assert seen["check_availability"]["input_schema"]["type"] == "object"


def test_the_catalogue_can_be_narrowed_to_a_group(by_key):
    gateway = by_key(*BOOKING)

    groups = {tool["group"] for tool in gateway.get("/api/tools", group="booking").json()["tools"]}

    assert groups == {"booking"}
    error_in(gateway.get("/api/tools", group="surgery"), 400, "VALIDATION_ERROR")


def test_a_process_that_serves_one_group_has_no_other_tools(by_key, visit):
    gateway = by_key(*BOOKING)

    with override_settings(MCP_TOOLS="booking"):
        tools = gateway.get("/api/tools").json()["tools"]
        error_in(gateway.invoke("list_doctors"), 404, "RESOURCE_NOT_FOUND")
        error_in(gateway.get("/api/tools", group="healthcare"), 400, "VALIDATION_ERROR")

    assert {tool["group"] for tool in tools} == {"booking"}
    assert gateway.invoke("list_doctors").status_code == 200


def test_the_catalogue_is_not_sent_again_to_who_has_it(by_key):
    gateway = by_key()
    first = gateway.get("/api/tools")

    again = gateway.get("/api/tools", headers={"If-None-Match": first.headers["etag"]})
    other = by_key("read:bookings").get("/api/tools", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"
