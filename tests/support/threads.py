"""Real threads with connections of their own, let loose at the same moment."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections

from tenants.context import inside
from tenants.models import Hospital

# A thread that never comes must fail the test, not hang it (seconds).
PATIENCE = 30


def together(hospital: Hospital, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run each job in a thread of its own inside of the hospital, all starting at once.

    Returns, in the order of the jobs, what each returned or the exception that it raised.
    """
    barrier = Barrier(len(jobs), timeout=PATIENCE)

    def run(job: Callable[[], Any]) -> Any:
        try:
            with inside(hospital):
                # The connection is made before the race, which is about the database and not about sockets.
                connections["default"].ensure_connection()
                barrier.wait()
                return job()
        except Exception as error:  # noqa: BLE001  -- the outcome is for the test to judge
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def wait_until_somebody_waits_for_us() -> None:
    """Return when another connection waits for a lock that this thread's transaction holds."""
    for _ in range(20_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone() != (0,):
                return
    raise AssertionError("nobody came")


def reasons(outcomes: Sequence[Any]) -> list[str]:
    """The reasons of those outcomes that are refusals, sorted; other exceptions are raised."""
    faults = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    for fault in faults:
        if not hasattr(fault, "reason"):
            raise fault
    return sorted(fault.reason for fault in faults)


def winners(outcomes: Sequence[Any]) -> list[Any]:
    """Those outcomes that are no exceptions."""
    return [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
