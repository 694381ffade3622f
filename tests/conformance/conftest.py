"""Our server with the fixtures of the protocol's test suite, and the suite's own programs."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from launcher import conformance
from tenants.models import Hospital
from tests.conftest import make_api_key
from tests.mcp_integration.server.connecting import ROOT, Server, http_server, process_environment
from tests.support.catalogue import make_practitioner, make_service

PATIENCE = 300  # seconds

Ended = subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def programs() -> Path:
    """Where the suite's programs are."""
    if not conformance.is_installed():
        pytest.skip("The protocol's test suite is not installed: `make conformance` installs and runs it.")
    return conformance.programs()


@pytest.fixture
def key(fresh_hospital: Hospital) -> str:
    """A key of a hospital where a check-up can be booked."""
    make_service(make_practitioner("Dr Bob"), slug="check-up")
    return make_api_key(fresh_hospital)


@pytest.fixture
def server(programs: Path, key: str, tmp_path: Path) -> Iterator[Server]:
    """Our server with the fixtures; whoever sends no credential is let in by the key."""
    with http_server(tmp_path, "--conformance", MCP_API_KEY=key) as running:
        yield running


@pytest.fixture
def node(programs: Path, key: str) -> Callable[..., Ended]:
    """Runs one of the suite's programs to its end."""
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    environment = process_environment(MCP_API_KEY=key, PATH=path, NO_COLOR="1")

    def run(*command: str) -> Ended:
        return subprocess.run(
            [str(programs / command[0]), *command[1:]],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    return run
