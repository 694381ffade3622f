"""What `mcp_config` prints works as it stands."""

import json
import os
import shlex
import sys
from io import StringIO

import anyio
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from mcp import Client, StdioServerParameters

from apikeys.models import ApiKey
from mcp_integration import client_config
from mcp_integration.client_config import environment, own_url
from tests.docs.guides import ROOT


def printed(*words, **options):
    """Standard output and standard error of the command."""
    out, err = StringIO(), StringIO()
    call_command("mcp_config", *words, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def entry(client, *words):
    out, _ = printed("--client", client, "--key", "nm_key", *words)
    if client == "claude-code":
        claude, mcp, add_json, name, text = shlex.split(out)
        assert [claude, mcp, add_json, name] == ["claude", "mcp", "add-json", "nadmor"]
        return json.loads(text)
    return json.loads(out)["mcpServers"]["nadmor"]


@pytest.mark.parametrize("client", ["claude-desktop", "claude-code", "inspector"])
def test_a_client_is_told_how_to_start_this_installation(client):
    told = entry(client, "--tools", "booking")

    assert told["command"] == sys.executable
    assert told["args"] == [str(ROOT / "manage.py"), "runmcpserver", "--tools", "booking"]
    assert told["env"]["MCP_API_KEY"] == "nm_key"
    assert told["env"]["DATABASE_URL"] == os.environ["DATABASE_URL"]
    assert told.get("type") == (None if client == "claude-desktop" else "stdio")


@pytest.mark.parametrize(("client", "kind"), [("claude-code", "http"), ("inspector", "streamable-http")])
def test_over_http_a_client_is_told_the_address_and_the_header(client, kind):
    assert entry(client, "--http") == {
        "type": kind, "url": "http://127.0.0.1:8002/mcp", "headers": {"X-API-Key": "nm_key"},
    }  # fmt: skip
    assert (
        entry(client, "--http", "--url", "https://mcp.example.org/mcp")["url"]
        == "https://mcp.example.org/mcp"
    )


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("0.0.0.0", "http://127.0.0.1:8002/mcp"),  # noqa: S104  -- compared, not listened on
        ("::1", "http://[::1]:8002/mcp"),
        ("mcp.local", "http://mcp.local:8002/mcp"),
    ],
)
def test_the_address_is_one_that_a_client_can_reach(settings, host, url):
    settings.MCP_SERVER_HOST = host
    assert own_url() == url


def test_without_a_key_it_says_how_to_make_one():
    out, err = printed("--client", "claude-desktop")

    assert json.loads(out)["mcpServers"]["nadmor"]["env"]["MCP_API_KEY"] == "PUT-THE-KEY-HERE"
    assert "create_api_key" in err


def test_for_a_hospital_it_makes_a_key(hospital):
    out, err = printed("--client", "claude-desktop", "--hospital", "ploy", "--scopes", "read:bookings")

    (key,) = ApiKey.objects.filter(hospital=hospital, name="claude-desktop")
    assert key.scopes == ["read:bookings"]
    assert json.loads(out)["mcpServers"]["nadmor"]["env"]["MCP_API_KEY"] not in ("", "PUT-THE-KEY-HERE")
    assert "ploy" in err


@pytest.mark.parametrize(
    "words",
    [
        ["--client", "claude-desktop", "--http"],
        ["--client", "claude-code", "--url", "https://x"],
        ["--client", "claude-code", "--http", "--tools", "booking"],
        ["--client", "claude-code", "--hospital", "nowhere"],
        ["--client", "claude-code", "--hospital", "ploy", "--scopes", "no:such"],
    ],
)
def test_what_cannot_work_is_refused(hospital, words):
    with pytest.raises(CommandError):
        printed(*words)


def test_what_the_server_finds_by_itself_is_left_out(monkeypatch, tmp_path):
    monkeypatch.setattr(client_config, "PROJECT", tmp_path)
    (tmp_path / ".env.example").write_text("#DATABASE_URL=x\n#SECRET_KEY=\n#DJANGO_SETTINGS_MODULE=y\n")
    (tmp_path / ".env").write_text("export SECRET_KEY=hidden\n")
    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setenv("DATABASE_URL", "postgresql://here")
    monkeypatch.setenv("REDIS_URL_FILE", "/run/secrets/unknown")
    monkeypatch.setenv("DATABASE_URL_FILE", "/run/secrets/url")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.local")

    assert environment() == {"DATABASE_URL": "postgresql://here", "DATABASE_URL_FILE": "/run/secrets/url"}
    monkeypatch.setattr(client_config, "_servers_are_found", lambda: True)
    assert "DATABASE_URL" not in environment()


def test_the_server_that_it_tells_to_start_lists_its_tools(fresh_hospital, monkeypatch):
    """The whole way: what is printed, started with nothing else in its environment, by the SDK's client."""
    url = os.environ["DATABASE_URL"].rpartition("/")[0]
    monkeypatch.setenv("DATABASE_URL", f"{url}/{connection.settings_dict['NAME']}")
    out, _ = printed("--client", "inspector", "--hospital", fresh_hospital.subdomain, "--tools", "booking")
    told = json.loads(out)["mcpServers"]["nadmor"]
    started = StdioServerParameters(command=told["command"], args=told["args"], env=told["env"])

    async def names():
        with anyio.fail_after(60):
            async with Client(started) as client:
                return [tool.name for tool in (await client.list_tools()).tools]

    assert "create_booking" in anyio.run(names)
