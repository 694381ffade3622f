"""Changing when practitioners take appointments, and what becomes of those that a change would hit.

A change is written first and judged then, in one transaction: what the new rows leave outside, and the old
ones did not, is hit. Whoever has not seen all of that is told (`AppointmentsHit`) and nothing is saved. So
the rules are those that offer times, read out of the rows that would be saved.

Bookings are kept away meanwhile by the practitioners' locks. One that was judged by the old rules and waited
for the lock is placed all the same; it is looked for after the change and named in the answer, and the
practitioner's page lists whatever stands outside of the hours, whenever it came.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bookings.actions.bulk import start_cancelling, start_moving, start_telling
from bookings.actions.seats import in_one_transaction, lock
from bookings.actions.timetable_changes import Change, HoursChangedMeanwhile
from bookings.errors import TryAgain
from bookings.models import Appointment, Batch
from bookings.queries.affected import Hit, coming, outside, read_book
from bookings.queries.catalogue import catalogue
from core.actor import Actor
from core.errors import DomainError, InvalidInput, Kind


class Fate(StrEnum):
    """What becomes of an appointment that a change hits."""

    LEAVE = "leave"
    TELL = "tell"
    MOVE = "move"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Choice:
    """A fate; a move goes to the named practitioner, or stays with the same one."""

    fate: Fate
    practitioner_id: str | None = None


LEAVE = Choice(Fate.LEAVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """What is to become of the appointments that somebody has `seen` to be hit.

    `each` names those that differ from `for_all`. `reason` is why those that are cancelled are.
    """

    seen: frozenset[UUID] = frozenset()
    for_all: Choice = LEAVE
    each: Mapping[UUID, Choice] = field(default_factory=dict)
    reason: str = ""

    def of(self, row: Appointment) -> Choice:
        """What becomes of one appointment."""
        return self.each.get(row.pk, self.for_all)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What came of a change: how to take it back, the work that it started, and what came in between."""

    undo: Change
    is_changed: bool
    hit: int
    batches: tuple[Batch, ...] = ()
    came_between: tuple[Hit, ...] = ()


class AppointmentsHit(DomainError):
    """Coming appointments would stand outside of the hours, not all of them seen; nothing was saved."""

    kind = Kind.CONFLICT
    reason = "appointments_hit"
    text = _("Appointments would stand outside of these hours. Decide what becomes of them.")

    def __init__(self, hits: Sequence[Hit], fields: Mapping[str, list[Any]] | None = None) -> None:
        """`fields` say what is wrong with what was decided, if anything is."""
        super().__init__(count=len(hits), fields=dict(fields or {}))
        self.hits = hits


class DecideFirst(DomainError):
    """A form that asks nothing about appointments would hit some."""

    kind = Kind.CONFLICT
    reason = "decide_first"
    text = _("Coming appointments would be hit. Change this at “Hours and time off” and decide about them.")


UNDECIDED = Decisions()
NOT_OFFERED = _("Nobody can be moved to who does not offer the event type. Choose otherwise for")


def save_change(actor: Actor, change: Change, decisions: Decisions = UNDECIDED) -> Saved:
    """Save a change and start what becomes of the appointments that it hits, in one transaction.

    Raises `NotAllowed`, `InvalidInput`, `HoursChangedMeanwhile`, `DoctorNotFound`, `PlanLimitReached`,
    `TryAgain`, and `AppointmentsHit` where it hits appointments that `decisions` has not seen.
    """
    actor.require(change.verb)
    change.check()
    whom, stood_out = change.whom(), set[UUID]()

    def work() -> Saved:
        _lock(whom)
        before = change.stamp()
        if change.seen and change.seen != before:
            raise HoursChangedMeanwhile
        rows = list(coming(whom, change.days()))
        stood_out.update(_ids(outside(read_book(whom), rows)))
        undo = change.write(actor)
        hits = [hit for hit in outside(read_book(whom), rows) if hit.appointment.pk not in stood_out]
        if not set(_ids(hits)) <= decisions.seen:
            raise AppointmentsHit(hits)
        batches = _start_all(actor, hits, decisions)
        stood_out.update(_ids(hits))
        return Saved(
            undo=replace(undo, seen=undo.stamp()), is_changed=change.stamp() != before, hit=len(hits),
            batches=batches,
        )  # fmt: skip

    saved = in_one_transaction(work)
    return replace(saved, came_between=tuple(_came_between(change, whom, stood_out)))


def require_nothing_hit(actor: Actor, change: Change) -> None:
    """Raise `DecideFirst` if a change would hit appointments; it is not saved.

    Within a transaction: until that ends nobody books with these practitioners, so that whoever saves the
    same by other means hits nothing either.
    """
    _lock(change.whom())
    with suppress(_TakenBack), transaction.atomic():
        try:
            save_change(actor, change)
        except AppointmentsHit as hit:
            raise DecideFirst from hit
        raise _TakenBack


class _TakenBack(Exception):
    """What was written only to be judged goes again."""


def decide(actor: Actor, *, practitioner_id: str, decisions: Decisions) -> tuple[Batch, ...]:
    """Start what becomes of appointments that stand outside of a practitioner's hours already.

    Those that do not any more are left alone, and so is what `decisions` has not seen.
    """
    actor.require("schedules.write")

    def work() -> tuple[Batch, ...]:
        rows = [hit.appointment for hit in outside(read_book([practitioner_id]), coming([practitioner_id]))]
        return start_fates(actor, [row for row in rows if row.pk in decisions.seen], decisions)

    return in_one_transaction(work)


def start_fates(actor: Actor, rows: Iterable[Appointment], decisions: Decisions) -> tuple[Batch, ...]:
    """Start one batch for each fate that was chosen for any of the appointments.

    Raises `InvalidInput` for moves to somebody who does not offer the event type (`fate`), and for cancelling
    without a reason (`reason`).
    """
    chosen: dict[Choice, list[UUID]] = {}
    astray: list[str] = []
    for row in rows:
        choice = decisions.of(row)
        chosen.setdefault(choice, []).append(row.pk)
        if choice.fate is Fate.MOVE and not _is_offered(row, choice.practitioner_id):
            astray.append(row.reference)
    chosen.pop(LEAVE, None)
    if astray:
        raise InvalidInput(fate=format_lazy("{} {}", NOT_OFFERED, ", ".join(astray[:10])))
    if not decisions.reason.strip() and any(choice.fate is Fate.CANCEL for choice in chosen):
        raise InvalidInput(reason=_("Say why the appointments are cancelled."))
    return tuple(_start(actor, choice, ids, decisions.reason.strip()) for choice, ids in chosen.items())


def _start_all(actor: Actor, hits: Sequence[Hit], decisions: Decisions) -> tuple[Batch, ...]:
    try:
        return start_fates(actor, [hit.appointment for hit in hits], decisions)
    except InvalidInput as wrong:
        raise AppointmentsHit(hits, wrong.data["fields"]) from wrong


def _is_offered(row: Appointment, practitioner_id: str | None) -> bool:
    service = catalogue().book.services.get(row.service_id)
    return service is not None and (practitioner_id or str(row.practitioner_id)) in service.practitioner_ids


def _start(actor: Actor, choice: Choice, ids: list[UUID], reason: str) -> Batch:
    starts: dict[Fate, Callable[[], Batch]] = {
        Fate.TELL: lambda: start_telling(actor, ids=ids),
        Fate.MOVE: lambda: start_moving(actor, ids=ids, practitioner_id=choice.practitioner_id),
        Fate.CANCEL: lambda: start_cancelling(actor, ids=ids, reason=reason),
    }
    return starts[choice.fate]()


def _came_between(change: Change, whom: Sequence[str], known: set[UUID]) -> list[Hit]:
    """What was booked by the old rules while the change was being saved.

    Locks are given in the order in which they were asked for: who has waited for ours is done when it is ours
    again. Where that takes too long they are not named here: the change stands, and so does the page that
    lists them.
    """

    def work() -> list[Hit]:
        _lock(whom)
        now = outside(read_book(whom), coming(whom, change.days()))
        return [hit for hit in now if hit.appointment.pk not in known]

    try:
        return in_one_transaction(work)
    except TryAgain:
        return []


def _lock(practitioner_ids: Sequence[str]) -> None:
    if practitioner_ids:
        lock(*sorted(practitioner_ids))


def _ids(hits: Iterable[Hit]) -> list[UUID]:
    return [hit.appointment.pk for hit in hits]
