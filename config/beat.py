"""Beat's schedules: in the database, where the platform's admin edits them."""

import logging
from typing import Any

from django.db import DatabaseError, InterfaceError
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

logger = logging.getLogger(__name__)


class EditableScheduler(DatabaseScheduler):
    """Adds the schedules of the settings that are missing, and leaves alone what an operator changed."""

    def update_from_dict(self, mapping: dict[str, Any]) -> None:
        """Add what is not there yet."""
        there = set(PeriodicTask.objects.filter(name__in=mapping).values_list("name", flat=True))
        super().update_from_dict({name: entry for name, entry in mapping.items() if name not in there})

    def all_as_schedule(self) -> dict[str, Any]:
        """The schedules as they stand; while the database is away, those that were read last.

        Beat reads them every five minutes, and what is raised there would end it.
        """
        try:
            return dict(super().all_as_schedule())
        except (DatabaseError, InterfaceError) as error:
            if self._schedule is None:
                raise
            logger.warning("schedules not read: %s", type(error).__name__)
            return dict(self._schedule)
