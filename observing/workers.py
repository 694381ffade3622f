"""Celery's lines: the task's id and name on each, in the same form as all others; never its arguments."""

from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, worker_init
from django.conf import settings
from django_structlog.celery.signals import bind_extra_task_metadata
from django_structlog.celery.steps import DjangoStructLogInitStep
from structlog.contextvars import bind_contextvars, clear_contextvars


def observe(app: Celery) -> None:
    """Have an application's workers and beat log as everything else does."""
    # django-structlog's lines of a task: started, succeeded, failed. Where it quotes an exception or an
    # argument, the formatter drops it.
    app.steps["worker"].add(DjangoStructLogInitStep)
    # As somebody listens, Celery leaves the loggers alone.
    setup_logging.connect(_use_our_logging, dispatch_uid="observing")
    worker_init.connect(_follow_tasks, dispatch_uid="observing")


def _use_our_logging(**_: Any) -> None:
    dictConfig(settings.LOGGING)


def _follow_tasks(**_: Any) -> None:
    bind_extra_task_metadata.connect(_say_which, dispatch_uid="observing")
    task_postrun.connect(_forget, dispatch_uid="observing")


def _say_which(task: Any, **_: Any) -> None:
    from tenants.celery import HEADER  # noqa: PLC0415  -- needs the apps, which are loaded by now

    schema = (task.request.headers or {}).get(HEADER) or getattr(task.request, HEADER, None)
    told = {"door": "worker", "task": task.name, "schema": schema}
    bind_contextvars(**{name: value for name, value in told.items() if value})


def _forget(**_: Any) -> None:
    clear_contextvars()
