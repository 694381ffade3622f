"""How bulk work is worded: states, what became of an item, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bookings.actions.batch_work import FAILED
from bookings.errors import SlotRefused
from bookings.models import Appointment, BatchItem, BatchState, Outcome, Patient, Practitioner
from bookings.rules.policy import Refusal
from core.errors import DomainError
from tenants.admin_sites.dates import say_moment

STATE_COLOURS: dict[str, str] = {
    BatchState.DRAFT: "default",
    BatchState.WAITING: "info",
    BatchState.RUNNING: "warning",
    BatchState.DONE: "success",
    BatchState.STOPPED: "danger",
}
OUTCOME_COLOURS: dict[str, str] = {
    Outcome.WAITING: "info",
    Outcome.DONE: "success",
    Outcome.REFUSED: "danger",
    Outcome.UNCHANGED: "default",
    Outcome.UNDONE: "warning",
}
_OF_OURS = _("Something went wrong on our side. Please do it by hand.")


@dataclass(slots=True)
class Line:
    """An item as it is shown: its number, what it is about, what became of it and why."""

    number: int
    label: str
    url: str
    outcome: str
    colour: str
    notes: list[str] = field(default_factory=list)


def say_reason(code: str) -> str:
    """The words of a refusal's reason, in the reader's language; the code itself for an unknown one."""
    return str(_reasons().get(code, code))


def _reasons() -> dict[str, str | Promise]:
    """Every reason in the code with its text; of several with the same, the most general one's."""
    words: dict[str, str | Promise] = {FAILED: _OF_OURS}
    kinds: list[type[DomainError]] = [DomainError]
    while kinds:
        kind = kinds.pop(0)
        words.setdefault(kind.reason, kind.text)
        kinds += kind.__subclasses__()
    return words | {why.value: SlotRefused(why, []).text for why in Refusal}


def say_fields(fields: Mapping[str, Any]) -> list[str]:
    """What a refusal says of which field, in the reader's language: it is kept as the source has it."""
    return [
        f"{_field_name(name)}: {' '.join(gettext(text) for text in texts)}"
        for name, texts in fields.items()
        if isinstance(texts, list)
    ]


def _field_name(name: str) -> str:
    for model in (Patient, Practitioner):
        try:
            return str(getattr(model._meta.get_field(name), "verbose_name", name))  # noqa: SLF001  -- Django's own
        except FieldDoesNotExist:
            continue
    return name


def lines_of(
    items: Iterable[BatchItem],
    appointments: Mapping[UUID, tuple[Appointment, str]],
    practitioners: Mapping[str, str],
) -> list[Line]:
    """The items for the page; `appointments` by id with their addresses, `practitioners` names by id."""
    return [_line_of(item, appointments, practitioners) for item in items]


def _line_of(
    item: BatchItem,
    appointments: Mapping[UUID, tuple[Appointment, str]],
    practitioners: Mapping[str, str],
) -> Line:
    row, url = appointments.get(item.subject_id, (None, "")) if item.subject_id else (None, "")
    label = f"{row.reference} · {say_moment(row.start, weekday=True)} · {row.guest_name}" if row else ""
    outcome = Outcome(item.outcome)
    return Line(
        number=item.number, label=label, url=url,
        outcome=str(outcome.label), colour=OUTCOME_COLOURS[outcome],
        notes=[*_why(item), *say_fields(item.fields), *_moved(item, practitioners)],
    )  # fmt: skip


def _why(item: BatchItem) -> list[str]:
    if not item.reason:
        return []
    why = say_reason(item.reason)
    return [str(_("Not taken back: %s") % why) if item.outcome == Outcome.DONE else why]


def _moved(item: BatchItem, practitioners: Mapping[str, str]) -> list[str]:
    if "to" not in item.fields:
        return []
    before, after = (_place(item.fields[name], practitioners) for name in ("from", "to"))
    return [f"{before} → {after}"]


def _place(place: Mapping[str, str], practitioners: Mapping[str, str]) -> str:
    when = say_moment(datetime.fromisoformat(place["start"]), weekday=True)
    return f"{when}, {practitioners.get(place['practitioner_id'], '–')}"
