"""The waiting list: join it, leave it, accept or decline a slot that it offers."""

from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from bookings.actions.appointments import book_appointment, reschedule_appointment
from bookings.actions.offers import (
    LANE,
    REVIEW,
    end_offer,
    guest_of,
    locked_entry,
    open_offer_of,
    over_at,
    tell,
)
from bookings.actions.patients import Guest, patient_for_guest
from bookings.actions.rows import changeable
from bookings.actions.seats import in_one_transaction
from bookings.errors import (
    AlreadyWaiting,
    HoldExpired,
    IllegalStatus,
    NothingOffered,
    OfferExpired,
    WaitingListEntryNotFound,
)
from bookings.events import BookingEvent
from bookings.models import Appointment, WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import LIVE, Outcome, WaitingStatus
from bookings.queries.catalogue import catalogue
from bookings.queries.waiting_list import waiting_list_entry_for, waiting_list_for
from bookings.rules.statuses import RESCHEDULABLE, Status
from core import clock
from core.actor import Actor, Door
from core.errors import InvalidInput
from jobs import queue

# Nobody plans further ahead; a list that nothing ends would only grow.
LONGEST_WAIT = timedelta(days=366)


def join_waiting_list(
    actor: Actor,
    *,
    service_id: int | None = None,
    guest: Guest | None = None,
    reference: str = "",
    practitioner_id: str | None = None,
    date_from: date | None = None,
    date_until: date | None = None,
    part_of_day: str = "",
) -> WaitingListEntry:
    """Put somebody at the end of the line: a guest for a service, or a booking that is to come sooner.

    With `reference` the booking says for whom and for what, and it moves when an offer is accepted. Dates
    are the hospital's, both inclusive: from today, until the booking's day or as far as can be booked,
    unless told otherwise. `part_of_day` is one of `PartOfDay`, or empty. Raises `InvalidInput`,
    `AlreadyWaiting`, `AppointmentNotFound`, `IllegalStatus`, `ServiceNotFound`, `PractitionerNotFound`.
    """
    actor.require("appointments.book")
    present = catalogue()
    booked = _to_bring_forward(actor, reference) if reference else None
    service_id, guest = _what_and_who(booked, service_id, guest)
    present.providers_of(service_id, practitioner_id)
    today = clock.today_in(present.book.zone)
    last = today + timedelta(days=present.book.services[service_id].horizon_days)
    if booked is not None:
        last = booked.start.astimezone(clock.zone(present.book.zone)).date()
    entry = WaitingListEntry(
        service=present.service(service_id),
        practitioner=present.practitioners[practitioner_id] if practitioner_id else None,
        guest_name=guest.name, guest_phone=guest.phone, guest_email=guest.email,
        date_from=max(date_from or today, today), date_until=date_until or last,
        part_of_day=part_of_day, brings_forward=booked,
        source=actor.door if actor.door is not Door.SYSTEM else Door.API,
    )  # fmt: skip
    _check_window(entry, today)
    try:
        in_one_transaction(lambda: _join(actor, entry))
    except IntegrityError as error:
        if "one_live_entry_per" in str(error):
            raise AlreadyWaiting from error
        raise
    return entry


def _to_bring_forward(actor: Actor, reference: str) -> Appointment:
    row = changeable(actor, reference, "appointments.move")
    if row.status not in RESCHEDULABLE:
        raise IllegalStatus(Status(row.status))
    return row


def _what_and_who(
    booked: Appointment | None, service_id: int | None, guest: Guest | None
) -> tuple[int, Guest]:
    """The service and the guest: the booking's, or those that were given."""
    if booked is not None:
        who = Guest(name=booked.guest_name, phone=booked.guest_phone, email=booked.guest_email)
        return booked.service_id, who
    if service_id is None:
        raise InvalidInput(event_type_id=_("Give an event type, or the reference of a booking."))
    if guest is None:
        raise InvalidInput(guest_name=_("A name is needed."))
    if not guest.phone and not guest.email:
        raise InvalidInput(guest_phone=_("Give a phone number or an e-mail address to be told by."))
    return service_id, guest


def _check_window(entry: WaitingListEntry, today: date) -> None:
    if entry.date_until < entry.date_from:
        raise InvalidInput(date_to=_("The last day must not be before the first."))
    if entry.date_until - today > LONGEST_WAIT:
        raise InvalidInput(date_to=_("Wait for a year at most."))


def _join(actor: Actor, entry: WaitingListEntry) -> None:
    if entry.brings_forward is not None:
        entry.patient_id = entry.brings_forward.patient_id
    else:
        entry.patient_id = patient_for_guest(actor, guest_of(entry))
    entry.save(force_insert=True)
    queue.put(REVIEW, entry.pk, lane=LANE, due_at=over_at(entry))
    tell(actor, BookingEvent.WAITING_JOINED, entry)


def leave_waiting_list(actor: Actor, *, entry_id: UUID) -> None:
    """Take an entry off the list; a slot that is offered to it goes to the next in line.

    Raises `WaitingListEntryNotFound`, also for one that is over.
    """

    def work() -> None:
        entry = _own(actor, entry_id)
        if entry.status not in LIVE:
            raise WaitingListEntryNotFound
        if (offer := open_offer_of(entry)) is not None:
            end_offer(actor, entry, offer, Outcome.DECLINED)
        _leave(actor, entry)

    in_one_transaction(work)


def _leave(actor: Actor, entry: WaitingListEntry) -> None:
    entry.status = WaitingStatus.LEFT
    entry.save(update_fields=["status", "updated_at"])
    tell(actor, BookingEvent.WAITING_LEFT, entry)


def decline_offer(actor: Actor, *, entry_id: UUID, leave: bool = False) -> WaitingListEntry:
    """Let an offered slot go to the next in line; the entry keeps its place, or leaves the list as well.

    Raises `WaitingListEntryNotFound`, `NothingOffered`, `OfferExpired`.
    """

    def work() -> None:
        entry = _own(actor, entry_id)
        end_offer(actor, entry, _offer_to(entry), Outcome.DECLINED)
        if leave:
            _leave(actor, entry)

    in_one_transaction(work)
    return waiting_list_entry_for(actor, entry_id=entry_id)


def accept_offer(actor: Actor, *, entry_id: UUID, notes: str = "") -> Appointment:
    """Book the offered slot, or move the booking that was to come sooner onto it; return the booking.

    Whoever accepts again gets the same booking. Raises `WaitingListEntryNotFound`, `NothingOffered`,
    `OfferExpired`, and what `book_appointment` and `reschedule_appointment` raise.
    """

    def work() -> Appointment:
        entry = _own(actor, entry_id)
        if entry.became is not None:
            return entry.became
        offer = _offer_to(entry)
        entry.became = _take(actor, entry, offer, notes)
        entry.status, offer.outcome = WaitingStatus.ACCEPTED, Outcome.ACCEPTED
        offer.save(update_fields=["outcome", "updated_at"])
        entry.save(update_fields=["status", "became", "updated_at"])
        tell(actor, BookingEvent.WAITING_ACCEPTED, entry, offer)
        return entry.became

    try:
        return in_one_transaction(work)
    except HoldExpired as gone:
        raise OfferExpired from gone


def _take(actor: Actor, entry: WaitingListEntry, offer: WaitingListOffer, notes: str) -> Appointment:
    whose, booked = str(offer.practitioner_id), entry.brings_forward
    if booked is None:
        return book_appointment(
            actor, service_id=entry.service_id, start=offer.start, guest=guest_of(entry),
            practitioner_id=whose, notes=notes, hold_id=offer.hold_id,
        )  # fmt: skip
    if offer.start >= booked.start:
        # It was moved by other means meanwhile: what is offered would not bring it forward.
        raise OfferExpired
    return reschedule_appointment(
        actor, reference=booked.reference, start=offer.start, practitioner_id=whose, hold_id=offer.hold_id
    )


def _own(actor: Actor, entry_id: UUID) -> WaitingListEntry:
    """The entry, locked, if the actor may answer for it. Raises `WaitingListEntryNotFound`, `NotAllowed`."""
    if not waiting_list_for(actor).filter(pk=entry_id).exists():
        raise WaitingListEntryNotFound
    actor.require("appointments.book")
    entry = locked_entry(entry_id)
    if entry is None:
        raise WaitingListEntryNotFound
    return entry


def _offer_to(entry: WaitingListEntry) -> WaitingListOffer:
    """The offer to answer. Raises `NothingOffered`, `OfferExpired` when the time to answer is over."""
    offer = open_offer_of(entry)
    if offer is None:
        raise NothingOffered(entry.status)
    if not WaitingListOffer.objects.filter(pk=offer.pk, expires_at__gt=Now()).exists():
        raise OfferExpired
    return offer
