"""Figures of the MCP process for Prometheus, by tool: no caller, no hospital, no argument."""

import os
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_OURS = CollectorRegistry()
# Around what is promised: 500 ms for 95 of 100 calls, 3 s for any.
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10)

CALLS = Counter(
    "nadmor_mcp_tool_calls", "Calls of tools, by what came of them", ["tool", "outcome"], registry=_OURS
)
CALL_SECONDS = Histogram(
    "nadmor_mcp_tool_seconds", "Time to answer a call", ["tool"], buckets=_SECONDS, registry=_OURS
)
STREAMS = Gauge("nadmor_mcp_streams", "Open streams", ["kind"], registry=_OURS, multiprocess_mode="livesum")


def count_call(tool: str, outcome: str, seconds: float) -> None:
    """Count one call; `tool` is the name of one that there is, or ``unknown``."""
    CALLS.labels(tool, outcome).inc()
    CALL_SECONDS.labels(tool).observe(seconds)


def exposition() -> bytes:
    """Everything in Prometheus' text format, of all processes where they share a folder."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the package leaves it open
        return generate_latest(shared)
    return generate_latest(_OURS)
