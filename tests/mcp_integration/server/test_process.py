"""The process over HTTP as a whole: what is counted, signing in, and how it ends."""

import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from django.core.management import CommandError, call_command

from tests.mcp_integration.server.connecting import PATIENCE, ROOT, Server, http_server, process_environment
from tests.support.people import PASSWORD

HEADERS = {"Accept": "application/json, text/event-stream"}
CALL = {
    "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "get_event_types", "arguments": {}},
}  # fmt: skip


def test_all_workers_count_together(server: Server, visit, key: str):
    for _ in range(12):
        answer = httpx.post(f"{server.url}/mcp", json=CALL, headers={**HEADERS, "X-API-Key": key})
        assert answer.status_code == 200
    told = {
        re.findall(
            r'^nadmor_mcp_tool_calls_total\{outcome="ok",tool="get_event_types"\} (\S+)$',
            httpx.get(f"{server.url}/metrics", headers={"Authorization": "Bearer the-token"}).text,
            re.MULTILINE,
        )[0]
        for _ in range(8)
    }
    assert len(told) == 1
    assert float(told.pop()) >= 12


def test_it_is_ready_and_tells_of_the_same_checks_as_the_web(server: Server):
    answer = httpx.get(f"{server.url}/health/ready")
    assert answer.status_code == 200
    assert answer.json()["checks"]["database"] == {"status": "ok"}


def test_signing_in_works_at_this_address_too_and_opens_the_tools(
    server: Server, fresh_hospital, staff, visit
):
    body = {"email": staff.by_role("PATIENT").email, "password": PASSWORD}
    host = {"Host": f"{fresh_hospital.subdomain}.localhost"}
    signed_in = httpx.post(f"{server.url}/api/auth/login/", json=body, headers=host)
    assert signed_in.status_code == 200, signed_in.text

    bearer = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    answer = httpx.post(f"{server.url}/mcp", json=CALL, headers={**HEADERS, **bearer})
    assert '"isError":false' in answer.text


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_ends_soon_though_streams_are_open(spare_hospital, key: str, tmp_path: Path, workers: str):
    with http_server(tmp_path, "--workers", workers) as running:
        headers = {"X-API-Key": key}
        with httpx.stream("GET", f"{running.url}/sse", headers=headers, timeout=PATIENCE) as stream:
            lines = stream.iter_lines()
            assert next(lines).startswith("event: endpoint")
            begun = time.monotonic()
            running.process.send_signal(signal.SIGTERM)
            # Broken off in the middle: the client connects again.
            with suppress(httpx.RemoteProtocolError):
                list(lines)
        running.process.wait(PATIENCE)
        assert time.monotonic() - begun < 30
        assert "Traceback" not in running.log.read_text()


def test_a_port_that_is_taken_is_one_line(server: Server):
    command = [sys.executable, "manage.py", "runmcpserver", "--http", "--port", str(server.port)]
    ended = subprocess.run(
        command, cwd=ROOT, env=process_environment(), capture_output=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 1
    assert ended.stdout == b""
    said = f"The MCP server cannot listen at 127.0.0.1, port {server.port}: Address already in use."
    assert ended.stderr.decode().splitlines() == [f"CommandError: {said}"]


def test_the_protocol_s_own_tests_are_not_served_where_the_settings_do_not_allow_it(settings):
    settings.MCP_CONFORMANCE_ALLOWED = False
    with pytest.raises(CommandError, match="--conformance is for development"):
        call_command("runmcpserver", "--http", "--conformance")
