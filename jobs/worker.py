"""Working off what is due in a lane: any number of processes may do it at once."""

import logging
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from django.db import InterfaceError, OperationalError, connection, transaction
from django_tenants.utils import get_public_schema_name

from jobs import queue
from jobs.handlers import Handler, handler_of, kinds_of, places_of
from jobs.places import place
from jobs.queue import Claimed
from jobs.wakeup import wake
from tenants.context import inside, outside
from tenants.directory import hospital_by_schema
from tenants.errors import HospitalInactive, HospitalNotFound

logger = logging.getLogger(__name__)

# How long a job of a hospital that is switched off waits before it is looked at again.
WHILE_INACTIVE = timedelta(minutes=10)


def run_due(lane: str, *, seconds: float = 20) -> int:
    """Do what is due in a lane until nothing is, or the time is over; return how many jobs were tried.

    A lane with leased jobs returns 0 at once while as many others work on it as it has places. Whoever leaves
    work behind asks for another worker.
    """
    quick, leased = kinds_of(lane, leased=False), kinds_of(lane, leased=True)
    with outside():
        if not leased:
            return _work(quick, leased, seconds)
        until = time.monotonic() + seconds
        with place(f"lane:{lane}", places=places_of(lane)) as is_ours:
            tried = _work(quick, leased, seconds) if is_ours else 0
        if tried and time.monotonic() >= until:
            wake(lane)
        return tried


def _work(quick: list[str], leased: list[str], seconds: float) -> int:
    until, tried = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        worked = [_one_in_transaction(quick), _one_leased(leased)]
        if not any(worked):
            break
        tried += sum(worked)
    return tried


def _one_in_transaction(kinds: list[str]) -> bool:
    if not kinds:
        return False
    with transaction.atomic():
        job = queue.claim(kinds)
        if job is None:
            return False
        try:
            # A savepoint: what the work wrote goes back, the note of its failure stays.
            with transaction.atomic():
                again_at = _run(job)
        except (HospitalInactive, HospitalNotFound):
            queue.postpone(job, WHILE_INACTIVE)
        except Exception as error:  # noqa: BLE001  -- one bad job must not hold up the rest
            _note_failure(job, error)
        else:
            queue.finish(job, again_at=again_at)
    return True


def _one_leased(kinds: list[str]) -> bool:
    if not kinds:
        return False
    job = queue.lease(kinds, max(handler_of(kind).lease or timedelta() for kind in kinds))
    if job is None:
        return False
    try:
        again_at = _run(job)
    except (HospitalInactive, HospitalNotFound):
        queue.postpone(job, WHILE_INACTIVE)
    except Exception as error:  # noqa: BLE001  -- one bad job must not hold up the rest
        _note_failure(job, error)
    else:
        queue.finish(job, again_at=again_at)
    return True


def _run(job: Claimed) -> datetime | None:
    handler = handler_of(job.kind)
    with _schema_of(job, handler):
        return handler.run(job.subject)


def _schema_of(job: Claimed, handler: Handler) -> AbstractContextManager[None]:
    if job.schema_name == get_public_schema_name():
        return nullcontext()
    return inside(hospital_by_schema(job.schema_name, even_inactive=handler.when_inactive))


def _note_failure(job: Claimed, error: Exception) -> None:
    if isinstance(error, OperationalError | InterfaceError) and not connection.is_usable():
        # The database is away: the job is as it was, and due again when it is back.
        raise error
    what = f"{type(error).__name__} at {_place(error.__traceback__)}"
    # The class and the place alone: a message may quote what a patient wrote.
    logger.error("job %s of kind %s failed: %s", job.id, job.kind, what)
    queue.fail(job, what)


def _place(trace: TracebackType | None) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
