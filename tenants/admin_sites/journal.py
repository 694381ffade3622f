"""What admin pages tell the history: the shape of the journal, and what a form changed."""

from collections.abc import Sequence
from typing import Any, Protocol

from django import forms
from django.http import HttpRequest

# What kind of record it is, and its id.
Subject = tuple[str, object]


class Journal(Protocol):
    """Where admin pages write what was changed, and read it.

    The room of events stands above this one and gives its journal to both sites.
    """

    def write(
        self,
        request: HttpRequest,
        event_type: str,
        subject: Subject,
        *,
        changes: dict[str, list[Any]],
        data: dict[str, Any],
    ) -> None:
        """Record a change by the signed-in user, within the transaction that makes it."""

    def read(self, subject: Subject) -> Sequence[object]:
        """What happened to one record, oldest first, worded for the page."""


def changes_of(form: forms.BaseForm, told: Sequence[str]) -> dict[str, Any]:
    """The fields that a valid form changed as ``fields``, and ``[from, to]`` of the told ones as ``changes``.

    Values are told only of fields that are named: what people write about people stays out of the history.
    """
    names = sorted(form.changed_data)
    return {
        "fields": names,
        "changes": {
            name: [form.initial.get(name), form.cleaned_data.get(name)] for name in names if name in told
        },
    }


def rows_of(formset: Any) -> dict[str, Any]:
    """How many rows of which kind a saved formset added, changed and removed; empty when none."""
    counts = {
        "added": len(formset.new_objects),
        "changed": len(formset.changed_objects),
        "removed": len(formset.deleted_objects),
    }
    return {"rows": formset.prefix, **counts} if any(counts.values()) else {}
