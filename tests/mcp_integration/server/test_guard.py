"""Who is let in at all, what is told of each request, and what stands at no address."""

import json
import logging
from typing import Any

import anyio
import httpx
import pytest

from config.asgi import application
from mcp_integration.server.guard import is_our_host, is_welcome
from observing.logs import formatter


def ask(method: str, path: str, **more: Any) -> httpx.Response:
    """One request to the application, in this process."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=application)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, path, **more)

    return anyio.run(send)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.9.8.7", ""])
def test_another_host_s_name_leads_nowhere(host: str):
    answer = ask("POST", "/mcp", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["error"]["code"] == "VALIDATION_ERROR"


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "file://"]
)
def test_scripts_of_other_pages_may_not_come_in(origin: str):
    answer = ask("POST", "/mcp", headers={"Origin": origin})
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "PERMISSION_DENIED"


def test_hosts_and_pages_of_the_settings_may(settings):
    settings.ALLOWED_HOSTS, settings.MCP_ALLOWED_HOSTS = [".clinic.example"], ["mcp.example"]
    settings.MCP_ALLOWED_ORIGINS = ["https://app.example"]
    assert is_our_host("a.clinic.example:8002")
    assert is_our_host("mcp.example")
    assert not is_our_host("app.example")
    assert is_welcome(None)
    assert is_welcome("https://app.example")
    assert is_welcome("https://a.clinic.example")
    assert not is_welcome("https://app.example:444")


def test_whoever_watches_is_answered_on_any_host_and_told_of_nowhere(caplog):
    with caplog.at_level(logging.INFO):
        answer = ask("GET", "/health", headers={"Host": "10.9.8.7"})
    assert answer.json()["status"] == "ok"
    assert not [one for one in caplog.records if one.message == "request"]


def test_figures_are_for_whoever_has_the_token(settings):
    settings.METRICS_TOKEN = ""
    assert ask("GET", "/metrics").status_code == 404
    settings.METRICS_TOKEN = "the-token"
    assert ask("GET", "/metrics", headers={"Authorization": "Bearer other"}).status_code == 401
    answer = ask("GET", "/metrics", headers={"Authorization": "Bearer the-token"})
    assert answer.headers["content-type"].startswith("text/plain")
    assert "nadmor_mcp_tool_calls" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("POST", "/sse", 405), ("GET", "/mcp", 405)]
)
def test_what_is_not_there_is_told_in_the_envelope(method: str, path: str, status: int):
    answer = ask(method, path, headers={"Accept-Language": "en"})
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message", "details", "timestamp"}


def test_each_request_has_an_id_and_a_line_without_its_address(caplog):
    given = "6f1c0f6e8d0c42228333123456789abc"
    with caplog.at_level(logging.INFO, logger="mcp_integration.server.guard"):
        answer = ask("GET", "/nowhere?phone=0812345678", headers={"X-Request-ID": given})
        other = ask("GET", "/nowhere", headers={"X-Request-ID": "0812345678"})
    assert answer.headers["X-Request-ID"] == given
    assert other.headers["X-Request-ID"] != "0812345678"
    lines = [formatter(style="json").format(one) for one in caplog.records if one.message == "request"]
    told = json.loads(lines[0])
    assert (told["method"], told["route"], told["status"]) == ("GET", "none", 404)
    assert "0812345678" not in "".join(lines)


def test_a_page_elsewhere_may_read_answers_only_where_the_settings_name_it():
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    answer = ask("OPTIONS", "/mcp", headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
