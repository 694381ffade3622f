"""How clinical pages word events, statuses and earlier versions."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.admin import EVENT_NAMES
from records.events import RecordEvent
from records.models import RecordRevision
from records.rules.treatments import TreatmentStatus
from tenants.admin_sites.dates import say_moment

_NAMES: dict[str, str | Promise] = {
    RecordEvent.RECORD_CREATED: _("Medical record written"),
    RecordEvent.RECORD_CHANGED: _("Medical record changed"),
    RecordEvent.TREATMENT_CREATED: _("Treatment begun"),
    RecordEvent.TREATMENT_CHANGED: _("Treatment changed"),
}
EVENT_NAMES.update(_NAMES)

TREATMENT_COLOURS: dict[str, str] = {
    TreatmentStatus.ACTIVE: "success",
    TreatmentStatus.COMPLETED: "info",
    TreatmentStatus.DISCONTINUED: "warning",
}


def say_versions(model: type[models.Model], revisions: list[RecordRevision]) -> str:
    """What stood in a row before each change: who changed it and when, and the texts to unfold."""
    return format_html_join("", "{}", ((_say_version(model, each),) for each in revisions)) or "–"


def _say_version(model: type[models.Model], revision: RecordRevision) -> str:
    content: Mapping[str, Any] = json.loads(revision.content)
    lines = format_html_join("", "<div><b>{}</b>: {}</div>", _lines(model, content))
    return format_html(
        "<details><summary>{}, {}</summary>{}</details>",
        say_moment(revision.created_at),
        revision.actor_label or "–",
        lines,
    )


def _lines(model: type[models.Model], content: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The label and the words of each field that held anything."""
    for name, value in content.items():
        if isinstance(value, list):
            label: Any = name
            words = "; ".join(", ".join(part for part in each.values() if part) for each in value)
        else:
            field = model._meta.get_field(name)  # noqa: SLF001  -- Django's documented model API
            label = getattr(field, "verbose_name", name)
            words = str(dict(getattr(field, "flatchoices", ())).get(value, value))
        if value not in (None, "", []):
            yield capfirst(label), words
