"""The base class of all tasks: a message carries its hospital in a header, the task runs inside of it."""

from typing import Any

from celery import Task

from tenants.context import current_schema, in_public_schema, inside, outside
from tenants.directory import hospital_by_schema

HEADER = "nadmor_schema"


class HospitalTask(Task):
    """A task that runs in the schema it was sent from: a hospital's, or the public one.

    One sent from a hospital that is switched off since then raises `HospitalInactive`.
    """

    abstract = True

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        """Send the message with the schema that this thread is in."""
        if not in_public_schema():
            kwargs["headers"] = {HEADER: current_schema(), **(kwargs.get("headers") or {})}
        return super().apply_async(*args, **kwargs)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run inside of the message's hospital, outside of every one without it."""
        schema = (self.request.headers or {}).get(HEADER) or getattr(self.request, HEADER, None)
        with outside():
            if schema is None:
                return super().__call__(*args, **kwargs)
            with inside(hospital_by_schema(schema)):
                return super().__call__(*args, **kwargs)
