"""The same server by stdio, `/mcp` in both eras, and `/sse`."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from mcp import MCPError

from tests.mcp_integration.server.connecting import (
    LEGACY,
    MODERN,
    WAYS,
    Server,
    connected,
    error_in,
    run,
)

every_way = pytest.mark.parametrize(("way", "mode"), WAYS)
# On stdio each client is a process of its own.
over_http = pytest.mark.parametrize(("way", "mode"), WAYS[2:])
NEXT_WEEK = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()


@over_http
def test_the_caller_s_tools_are_listed_with_all_that_a_client_wants_to_know(
    port: int, key: str, way: str, mode: str
):
    async def look() -> Any:
        async with connected(way, mode, key=key, port=port) as client:
            return await client.list_tools()

    listed = run(look)
    names = [tool.name for tool in listed.tools]
    assert names[:4] == ["get_event_types", "check_availability", "hold_slot", "create_booking"]
    assert "delete_hospital" not in names
    for tool in listed.tools:
        assert all((tool.title, tool.description, tool.output_schema, tool.input_schema))
        assert tool.annotations.open_world_hint is False
        assert tool.annotations.read_only_hint is not None


@every_way
def test_a_whole_booking_goes_through(port: int, visit, key: str, way: str, mode: str):
    async def book() -> list[Any]:
        said: list[Any] = []
        async with connected(way, mode, key=key, port=port) as client:

            async def call(tool: str, **arguments: Any) -> dict[str, Any]:
                result = await client.call_tool(tool, arguments)
                assert not result.is_error, result.structured_content
                said.append(result.structured_content)
                assert len(result.content) == 2
                return result.structured_content

            service = (await call("get_event_types"))["results"][0]["id"]
            day = await call("check_availability", event_type_id=service, date=NEXT_WEEK)
            time = day["slots"][0]["time"]
            held = await call("hold_slot", event_type_id=service, date=NEXT_WEEK, time=time)
            booked = await call(
                "create_booking", event_type_id=service, date=NEXT_WEEK, time=time,
                guest_name="Malee", guest_phone="081 234 5678", hold_id=held["hold_id"],
            )  # fmt: skip
            found = await call("search_appointments", booking_reference=booked["reference"])
            assert found["count"] == 1
            moved = await call(
                "reschedule_booking", booking_reference=booked["reference"],
                new_date=NEXT_WEEK, new_time=day["slots"][1]["time"],
            )  # fmt: skip
            await call("cancel_booking", booking_reference=moved["reference"], confirm=True)
            return said

    assert len(run(book)) == 7


@over_http
def test_wrong_arguments_and_unknown_tools_are_told_apart(port: int, key: str, way: str, mode: str):
    async def try_both() -> Any:
        async with connected(way, mode, key=key, port=port) as client:
            wrong = await client.call_tool(
                "check_availability", {"event_type_id": "x", "more": "081 234 5678"}
            )
            with pytest.raises(MCPError) as unknown:
                await client.call_tool("drop_everything", {})
            return wrong, unknown.value

    wrong, unknown = run(try_both)
    error = error_in(wrong)
    assert error["code"] == "VALIDATION_ERROR"
    assert "081 234" not in wrong.content[0].text
    assert unknown.error.code == -32602
    assert unknown.error.data["error"]["reason"] == "tool_not_found"


@over_http
def test_prompts_resources_and_completions_are_there(port: int, visit, key: str, way: str, mode: str):
    async def look() -> Any:
        async with connected(way, mode, key=key, port=port) as client:
            prompts = (await client.list_prompts()).prompts
            prompt = await client.get_prompt("book-appointment", {"service_type": "check-up"})
            resources = (await client.list_resources()).resources
            templates = (await client.list_resource_templates()).resource_templates
            schema = await client.read_resource("schema://booking")
            with pytest.raises(MCPError) as nowhere:
                await client.read_resource("schema://nothing")
            return prompts, prompt, resources, templates, schema, nowhere.value

    prompts, prompt, resources, templates, schema, nowhere = run(look)
    assert "book-appointment" in {one.name for one in prompts}
    assert prompt.messages[0].content.text
    assert {"schema://booking", "ui://nadmor/slots.html"} <= {one.uri for one in resources}
    assert templates
    assert schema.contents[0].mime_type == "application/json"
    assert nowhere.error.code == -32602
    assert nowhere.error.data["uri"] == "schema://nothing"


def test_what_lists_say_of_keeping_them_is_private(server: Server, key: str):
    async def look() -> Any:
        async with connected("mcp", MODERN, key=key, port=server.port) as client:
            return await client.list_tools(), await client.read_resource("schema://booking")

    tools, schema = run(look)
    assert (tools.cache_scope, tools.ttl_ms) == ("private", 300_000)
    assert (schema.cache_scope, schema.ttl_ms) == ("private", 300_000)


def test_either_of_two_workers_answers_a_client(server: Server, visit, key: str):
    """Without a session: each request on a connection of its own lands on either worker."""

    async def many() -> set[bool]:
        answers = set()
        for _ in range(6):
            async with connected("mcp", LEGACY, key=key, port=server.port) as client:
                answers |= {(await client.call_tool("get_event_types", {})).is_error for _ in range(5)}
        return answers

    assert run(many) == {False}


# ── credentials ────────────────────────────────────────────────────────────────
BODY = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
ACCEPT = {"Accept": "application/json, text/event-stream", "Host": "localhost"}


@pytest.mark.parametrize("path", ["/mcp", "/sse", "/messages/?session_id=0"])
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "AUTH_REQUIRED"),
        ({"X-API-Key": "nadmor_wrong"}, "AUTH_INVALID"),
        ({"Authorization": "Bearer a.b.c"}, "AUTH_INVALID"),
        ({"Authorization": "Basic eDp5"}, "AUTH_REQUIRED"),
    ],
)
def test_nobody_comes_in_without_a_credential(server: Server, path: str, headers: dict[str, str], code: str):
    method = "GET" if path == "/sse" else "POST"
    answer = httpx.request(method, server.url + path, json=BODY, headers={**ACCEPT, **headers})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == code
    assert "Bearer" in answer.headers["WWW-Authenticate"]


def test_a_key_may_come_as_a_bearer_token(server: Server, key: str):
    headers = {**ACCEPT, "Authorization": f"Bearer {key}"}
    assert httpx.post(f"{server.url}/mcp", json=BODY, headers=headers).status_code == 200


def test_a_stream_takes_messages_of_its_own_credential_alone(old_server: Server, key: str, key_with):
    with httpx.stream("GET", f"{old_server.url}/sse", headers={**ACCEPT, "X-API-Key": key}) as stream:
        lines = stream.iter_lines()
        place = old_server.url + next(
            line.removeprefix("data: ") for line in lines if line.startswith("data: ")
        )
        others = httpx.post(place, json=BODY, headers={**ACCEPT, "X-API-Key": key_with("read:bookings")})
        own = httpx.post(place, json=BODY, headers={**ACCEPT, "X-API-Key": key})
    assert (others.status_code, own.status_code) == (404, 202)


def test_languages_follow_the_caller(server: Server, key: str):
    call = {**BODY, "method": "tools/call", "params": {"name": "check_availability", "arguments": {}}}
    said = {
        language: httpx.post(
            f"{server.url}/mcp", json=call, headers={**ACCEPT, "X-API-Key": key, "Accept-Language": language}
        ).text
        for language in ("en", "th")
    }
    assert "Some of the input is wrong." in said["en"]
    assert "Some of the input is wrong." not in said["th"]
