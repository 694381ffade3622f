"""One line of a file that is imported: which verb it becomes, and what it promises when it is tried."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bookings.actions.batch_kinds import Turn
from bookings.actions.import_patients import PatientLine, import_patient
from bookings.actions.import_practitioners import PractitionerLine, import_practitioner
from bookings.actions.patients import name_key
from bookings.exchange.reading import Line
from bookings.models import PractitionerKind
from bookings.models.batch import Batch, BatchItem, BatchKind, Outcome
from bookings.queries.imports import Promised
from core.actor import Actor
from core.errors import InvalidInput


class RepeatedLine(InvalidInput):
    """An earlier line of the file is about the same one."""

    reason = "repeated_line"
    text = _("An earlier line of this file is about the same one.")

    def __init__(self, field: str) -> None:
        super().__init__(**{field: self.text})


def payload_of(kind: str, line: Line, seen: dict[str, int]) -> dict[str, Any]:
    """What is kept of a line: its texts, and the number of the earlier line that is about the same one.

    `seen` holds the first line of each, and is added to.
    """
    keys = _keys(kind, line.values)
    earlier = min((seen[key] for key in keys if key in seen), default=None)
    for key in keys:
        seen.setdefault(key, line.number)
    return {"values": line.values} | ({} if earlier is None else {"repeats": earlier})


def take_line(
    actor: Actor, kind: str, values: Mapping[str, str], *, pledged: int = 0
) -> tuple[Outcome, Promised | None]:
    """Do what a line says, within a transaction; what became of it, and what a draft may promise of it.

    `pledged` doctors are counted as if they were there. Raises what the verbs raise.
    """
    if kind == BatchKind.IMPORT_PATIENTS:
        is_new, outcome = import_patient(actor, line=PatientLine.of(values))
        return outcome, _promise(outcome, Promised.ADD if is_new else Promised.COMPLETE)
    line = PractitionerLine.of(values)
    is_new, outcome = import_practitioner(actor, line=line, pledged=pledged)
    added = Promised.ADD_DOCTOR if line.kind == PractitionerKind.DOCTOR else Promised.ADD
    return outcome, _promise(outcome, added if is_new else Promised.COMPLETE)


def refuse_repeated(batch: Batch, payload: Mapping[str, Any], refused: frozenset[int] = frozenset()) -> None:
    """Raise `RepeatedLine` if the earlier line of the same one stands; `refused` are lines that do not."""
    earlier = payload.get("repeats")
    if earlier is None or earlier in refused:
        return
    if BatchItem.objects.filter(batch=batch, number=earlier).exclude(outcome=Outcome.REFUSED).exists():
        raise RepeatedLine("name" if batch.kind == BatchKind.IMPORT_PATIENTS else "name_th")


def run_line(turn: Turn) -> Outcome:
    """Import the line of an item: the work of both kinds of batches."""
    # What it has promised is no reason for anything.
    turn.item.reason = ""
    refuse_repeated(turn.batch, turn.payload)
    return take_line(turn.actor, turn.batch.kind, turn.payload.get("values", {}))[0]


def _promise(outcome: Outcome, promised: Promised) -> Promised | None:
    return promised if outcome == Outcome.DONE else None


def _keys(kind: str, values: Mapping[str, str]) -> list[str]:
    """What two lines about the same one have in common. Quick and rough: the verbs look closer."""
    if kind == BatchKind.IMPORT_PATIENTS:
        digits = re.sub(r"^(?:(?:00)?66|0)", "", re.sub(r"\D", "", values.get("phone_number", "")))
        number = values.get("hospital_number", "")
        by_phone = f"phone:{digits}:{name_key(values.get('name', ''))}" if digits else ""
        return [key for key in (by_phone, number and f"number:{number}") if key]
    licence = values.get("license_number", "")
    name = " ".join((values.get("name_th") or values.get("name_en", "")).casefold().split())
    kind_of = values.get("kind", "").casefold()
    return [f"licence:{licence}"] if licence else [f"name:{kind_of}:{name}"] if name else []
