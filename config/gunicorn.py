"""The web process: threads, because a request waits for the database more than it computes."""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
# Read the code once and fork, instead of once in each worker: half the start, and memory that is shared.
preload_app = True
# Longer than the pause between two clicks, so that a browser or a proxy keeps its connections.
keepalive = 30
# A request that runs when we are told to stop may end; what takes longer is cut off.
graceful_timeout = 10
# What the processes count for /metrics, each in files of its own; has to be named before the code is read.
_given = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
if _given:
    Path(_given).mkdir(parents=True, exist_ok=True)
else:
    # Named by the process, so that the next one knows what a killed one left behind.
    for _left in Path(tempfile.gettempdir()).glob("nadmor-metrics-*-*"):
        if not Path(f"/proc/{_left.name.split('-')[2]}").exists() and Path("/proc/self").exists():
            shutil.rmtree(_left, ignore_errors=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix=f"nadmor-metrics-{os.getpid()}-")
# The application's own form of a line.
logger_class = "observing.gunicorn.Logger"
# No access log: addresses carry phone numbers, in searches and in look-ups. `--access-logfile -` turns it on.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "info")
# No remote control by a socket in somebody's home.
control_socket_disable = True
# Workers are not replaced after so many requests: that would hide a leak and break off open streams.
max_requests = 0


def on_starting(server: Any) -> None:  # noqa: ARG001  -- gunicorn's signature
    """Start counting at nothing: an earlier process with the same number may have left something behind."""
    for file in Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]).glob("*.db"):
        file.unlink()


def pre_fork(server: Any, worker: Any) -> None:  # noqa: ARG001  -- gunicorn's signature
    """Leave what the code is made of out of every search for garbage: less work, and pages stay shared.

    As https://docs.python.org/3.11/library/gc.html#gc.freeze advises.
    """
    gc.collect()
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:  # noqa: ARG001  -- gunicorn's signature
    """Let go of what a process that ended said of itself alone; what it counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415  -- after the folder is named

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]  # the package leaves it open


def on_exit(server: Any) -> None:  # noqa: ARG001  -- gunicorn's signature
    """Remove the folder where it is our own."""
    if not _given:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
