"""Beat's schedules: in the database, where the platform's admin edits them."""

from typing import Any

from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler


class EditableScheduler(DatabaseScheduler):
    """Adds the schedules of the settings that are missing, and leaves alone what an operator changed."""

    def update_from_dict(self, mapping: dict[str, Any]) -> None:
        """Add what is not there yet."""
        there = set(PeriodicTask.objects.filter(name__in=mapping).values_list("name", flat=True))
        super().update_from_dict({name: entry for name, entry in mapping.items() if name not in there})
