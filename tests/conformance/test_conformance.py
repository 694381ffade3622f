"""The protocol's own test suite: each scenario that it scores passes, or is listed with its reason."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conformance.conftest import Ended
from tests.mcp_integration.server.connecting import Server

HERE = Path(__file__).parent


@pytest.mark.parametrize("revision", ["2026-07-28", "2025-11-25"])
def test_every_scored_scenario_passes_or_is_listed_with_its_reason(
    server: Server, node: Callable[..., Ended], tmp_path: Path, revision: str
):
    ended = node(
        "conformance", "server", "--url", f"http://localhost:{server.port}/mcp", "--requirements", revision,
        "--expected-failures", str(HERE / f"baseline-{revision}.yml"), "--output-dir", str(tmp_path / "out"),
    )  # fmt: skip

    summary = ended.stdout.partition("=== SUMMARY ===")[2]
    assert ended.returncode == 0, summary or ended.stderr
    passed = re.search(r"Total: (\d+) passed", summary)
    assert passed, summary
    assert int(passed[1]) > 50


def test_every_scenario_that_is_left_out_has_its_reason():
    lines = (HERE / "baseline-2025-11-25.yml").read_text().splitlines()
    listed = lines.index("server:") + 1
    assert lines[listed].lstrip().startswith("#")
