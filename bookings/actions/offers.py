"""Offering what becomes free to whoever waits: jobs, each one transaction with its removal from the queue.

An event that frees a slot queues a job if somebody waits. The job holds the slot for the first in line whom
it suits. Whatever ends that hold frees the slot by an event of its own, and so the next in line gets it.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import Min

from bookings.actions.freed import Freed, slot_freed_by
from bookings.actions.holds import KeptFor, hold_slot
from bookings.actions.notices import notify
from bookings.actions.patients import Guest
from bookings.actions.seats import lock, record_gone
from bookings.errors import PatientBusy, SlotRefused
from bookings.events import BookingEvent
from bookings.models import WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import LIVE, Outcome, WaitingStatus
from bookings.queries.availability import OfferedSlot, find_slots
from bookings.queries.catalogue import catalogue
from bookings.queries.waiting_list import line_for, somebody_waits_for
from bookings.rules.statuses import RESCHEDULABLE
from bookings.rules.waiting import MOST_MISSED, is_in, offer_ends
from core import clock
from core.actor import Actor
from core.rows import lock_and_read
from events.models import Event
from events.outbox import record
from jobs import queue
from tenants.context import current_hospital

LANE = "chores"
OFFER, END_OFFER, REVIEW = "waiting_list.offer", "waiting_list.end_offer", "waiting_list.review"
NOTICE = "waiting_list_offer"

# Whoever offers has the line for themselves: two slots at once go to the first two in it.
_LINE = "waiting-list"
# Who could have this slot too has another offer to answer first; how long after its end we look again.
_AFTER_OFFER = timedelta(seconds=5)
_SYSTEM = Actor.system("waiting list", "appointments.hold")

_MOVING = (BookingEvent.CANCELLED, BookingEvent.RESCHEDULED, BookingEvent.STATUS_CHANGED)
_EVENT_OF = {
    Outcome.DECLINED: BookingEvent.WAITING_DECLINED,
    Outcome.MISSED: BookingEvent.WAITING_MISSED,
    Outcome.WITHDRAWN: BookingEvent.WAITING_WITHDRAWN,
}


def hear_of(event: Event) -> None:
    """Queue what follows from an event; a subscriber of `events.relay`."""
    slot = slot_freed_by(event)
    if slot is not None and somebody_waits_for(slot.practitioner_id, *slot.around()):
        queue.put(OFFER, event.pk, lane=LANE)
    if event.type in _MOVING:
        waiting = WaitingListEntry.objects.filter(brings_forward_id=UUID(event.subject_id), status__in=LIVE)
        for entry_id in waiting.values_list("pk", flat=True):
            queue.put(REVIEW, entry_id, lane=LANE)


def offer_freed_slot(event_id: str) -> datetime | None:
    """Hold what an event freed for the first in line, as far as it goes; a job's handler.

    Returns when to look again: when somebody whom it suits has another offer to answer first.
    """
    event = Event.objects.filter(pk=event_id).first()
    slot = slot_freed_by(event) if event is not None else None
    if slot is None or (freed := slot.with_buffers()).until <= clock.now():
        return None
    lock(_LINE)
    line = _line(freed)
    usable = _usable_in(freed, line)
    for entry in line:
        if entry.status == WaitingStatus.WAITING and any(_offer(entry, slot) for slot in usable(entry)):
            usable = _usable_in(freed, line)
    return _look_again(line, usable)


def _line(freed: Freed) -> list[WaitingListEntry]:
    book = catalogue().book
    offered = [key for key, rules in book.services.items() if freed.practitioner_id in rules.practitioner_ids]
    line = line_for(freed.practitioner_id, *freed.days(), service_ids=offered)
    return list(line.select_related("brings_forward", "patient"))


def _usable_in(freed: Freed, line: list[WaitingListEntry]) -> Callable[[WaitingListEntry], list[OfferedSlot]]:
    """Tells for each entry which slots of the freed time suit it and were not offered to it before."""
    present, zone = catalogue(), clock.zone(current_hospital().timezone)
    seen = set(
        WaitingListOffer.objects.filter(entry__in=line, practitioner_id=freed.practitioner_id).values_list(
            "entry_id", "start"
        )
    )

    @cache
    def free(service_id: int) -> list[OfferedSlot]:
        # What overlaps the freed time, buffers included, could not be had before.
        rules = present.book.services[service_id]
        begin = clock.to_epoch(freed.begin) - rules.buffer_after * 60
        until = clock.to_epoch(freed.until) + rules.buffer_before * 60
        slots = find_slots(present, service_id, freed.practitioner_id, *freed.days())
        return [slot for slot in slots if slot.start < until and slot.end > begin]

    def usable(entry: WaitingListEntry) -> list[OfferedSlot]:
        def suits(slot: OfferedSlot) -> bool:
            start = clock.from_epoch(slot.start)
            day, sooner_than = start.astimezone(zone).date(), entry.brings_forward
            return (
                entry.date_from <= day <= entry.date_until
                and is_in(entry.part_of_day, start, zone)
                and (entry.pk, start) not in seen
                and offer_ends(clock.now(), start, zone) is not None
                and (
                    sooner_than is None or (sooner_than.status in RESCHEDULABLE and start < sooner_than.start)
                )
            )

        return [slot for slot in free(entry.service_id) if suits(slot)]

    return usable


def _offer(waiting: WaitingListEntry, slot: OfferedSlot) -> bool:
    """Hold a slot for an entry, if it can be had and the entry still waits; whether it was offered."""
    entry = locked_entry(waiting.pk)
    if entry is None or entry.status != WaitingStatus.WAITING:
        return False
    now, start = clock.now(), clock.from_epoch(slot.start)
    ends = offer_ends(now, start, clock.zone(slot.zone))
    if ends is None:
        return False
    try:
        hold = hold_slot(
            _SYSTEM,
            service_id=entry.service_id,
            start=start,
            practitioner_id=slot.practitioner_id,
            lasting=ends - now,
            whose=KeptFor(guest_of(entry), entry.patient_id),
        )
    except (SlotRefused, PatientBusy):
        return False
    offer = WaitingListOffer.objects.create(
        entry=entry, hold_id=hold.pk, practitioner_id=slot.practitioner_id,
        start=hold.start, end=hold.end, expires_at=hold.hold_expires_at or ends,
    )  # fmt: skip
    waiting.status = entry.status = WaitingStatus.OFFERED
    entry.save(update_fields=["status", "updated_at"])
    queue.put(END_OFFER, offer.pk, lane=LANE, due_at=offer.expires_at)
    tell(_SYSTEM, BookingEvent.WAITING_OFFERED, entry, offer)
    notify(
        NOTICE, subject=offer.pk, for_time=offer.start, good_until=offer.expires_at, patient=entry.patient,
        data={"entry_id": str(entry.pk), "offer_id": str(offer.pk)},
    )  # fmt: skip
    return True


def _look_again(
    line: list[WaitingListEntry], usable: Callable[[WaitingListEntry], list[OfferedSlot]]
) -> datetime | None:
    busy = [entry.pk for entry in line if entry.status == WaitingStatus.OFFERED and usable(entry)]
    still_open = WaitingListOffer.objects.filter(entry__in=busy, outcome=Outcome.OPEN)
    ends: datetime | None = still_open.aggregate(first=Min("expires_at"))["first"]
    return max(ends, clock.now()) + _AFTER_OFFER if ends is not None else None


def end_offer_at_its_time(offer_id: str) -> datetime | None:
    """End an offer that nobody answered; a job's handler."""
    known = WaitingListOffer.objects.filter(pk=offer_id).values_list("entry", flat=True).first()
    entry = locked_entry(known) if known is not None else None
    offer = WaitingListOffer.objects.filter(pk=offer_id, outcome=Outcome.OPEN).first()
    if entry is None or offer is None:
        return None
    if offer.expires_at > clock.now():
        return offer.expires_at
    end_offer(_SYSTEM, entry, offer, Outcome.MISSED)
    return None


def end_offer(actor: Actor, entry: WaitingListEntry, offer: WaitingListOffer, outcome: Outcome) -> None:
    """End an offer that was not accepted and free its slot; call under the entry's lock.

    The entry keeps its place in the line, unless it has let too many offers pass.
    """
    offer.outcome = outcome
    offer.save(update_fields=["outcome", "updated_at"])
    entry.status = WaitingStatus.WAITING
    if outcome == Outcome.MISSED:
        entry.offers_missed += 1
        if entry.offers_missed >= MOST_MISSED:
            entry.status = WaitingStatus.EXPIRED
    entry.save(update_fields=["status", "offers_missed", "updated_at"])
    tell(actor, _EVENT_OF[outcome], entry, offer)
    _free(actor, offer)


def _free(actor: Actor, offer: WaitingListOffer) -> None:
    """Remove an offer's hold; one that ran out may be gone already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM bookings_appointment WHERE id = %s AND status = 'HELD'"
            " RETURNING id, service_id, practitioner_id, start, hold_expires_at <= now()",
            [offer.hold_id],
        )
        gone = cursor.fetchone()
    if gone is not None:
        record_gone(actor, BookingEvent.HOLD_EXPIRED if gone[4] else BookingEvent.RELEASED, gone[:4])


def review_entry(entry_id: str) -> datetime | None:
    """Close an entry whose time is over, else return when it will be; a job's handler."""
    entry = locked_entry(entry_id)
    if entry is None or entry.status not in LIVE:
        return None
    ends, offer, booked = over_at(entry), open_offer_of(entry), entry.brings_forward
    is_over = ends <= clock.now() or (booked is not None and booked.status not in RESCHEDULABLE)
    if offer is not None and (is_over or (booked is not None and offer.start >= booked.start)):
        end_offer(_SYSTEM, entry, offer, Outcome.WITHDRAWN)
    if not is_over:
        return ends
    entry.status = WaitingStatus.CLOSED
    entry.save(update_fields=["status", "updated_at"])
    tell(_SYSTEM, BookingEvent.WAITING_CLOSED, entry)
    return None


def over_at(entry: WaitingListEntry) -> datetime:
    """When there is nothing left to wait for: the window ends, or the appointment begins."""
    zone = clock.zone(current_hospital().timezone)
    ends = datetime.combine(entry.date_until + timedelta(days=1), time(), zone).astimezone(UTC)
    return min(ends, entry.brings_forward.start) if entry.brings_forward is not None else ends


def locked_entry(entry_id: UUID | str) -> WaitingListEntry | None:
    """An entry as it is now, locked. Entries are locked before practitioners, these before patients."""
    rows = WaitingListEntry.objects.select_related("brings_forward", "patient", "service", "practitioner")
    return lock_and_read(rows.filter(pk=entry_id))


def open_offer_of(entry: WaitingListEntry) -> WaitingListOffer | None:
    """The offer that an entry has to answer, if there is one."""
    return entry.offers.filter(outcome=Outcome.OPEN).select_related("practitioner").first()


def guest_of(entry: WaitingListEntry) -> Guest:
    """For whom an entry waits."""
    return Guest(name=entry.guest_name, phone=entry.guest_phone, email=entry.guest_email)


def tell(
    actor: Actor, kind: BookingEvent, entry: WaitingListEntry, offer: WaitingListOffer | None = None
) -> None:
    """Write the event: ids and public facts alone."""
    data: dict[str, object] = {"event_type_id": entry.service_id, "status": entry.status}
    if offer is not None:
        data |= {"provider_id": str(offer.practitioner_id), "start": offer.start}
    record(actor, kind, subject_type="waiting_list_entry", subject_id=entry.pk, data=data)
