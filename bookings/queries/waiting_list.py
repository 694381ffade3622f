"""The waiting list, as far as the actor may see it, and the line for a slot that became free."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from bookings.errors import WaitingListEntryNotFound
from bookings.models import WaitingListEntry, WaitingListOffer
from bookings.models.waiting_list import Outcome, WaitingStatus
from bookings.references import canonical
from core.actor import Actor
from core.pages import USUAL, Page, Place, page_of


def waiting_list_for(actor: Actor) -> QuerySet[WaitingListEntry]:
    """The entries that the actor may see, first come first: everybody's, their own, or none.

    A practitioner's own are those that name them.
    """
    rows = WaitingListEntry.objects.select_related("service", "practitioner", "brings_forward", "became")
    if actor.can("appointments.read"):
        return rows
    if actor.practitioner_id is not None and actor.can("appointments.read_own"):
        return rows.filter(practitioner_id=actor.practitioner_id)
    if actor.patient_id is not None and actor.can("appointments.read_own"):
        return rows.filter(patient_id=actor.patient_id)
    return rows.none()


def with_offers(rows: QuerySet[WaitingListEntry]) -> QuerySet[WaitingListEntry]:
    """The same entries with the offer that is open for each, in one more statement."""
    offers = WaitingListOffer.objects.filter(outcome=Outcome.OPEN).select_related("practitioner")
    return rows.prefetch_related(Prefetch("offers", queryset=offers, to_attr="open_offers"))


def waiting_list_entry_for(actor: Actor, *, entry_id: UUID) -> WaitingListEntry:
    """One entry with its open offer. Raises `WaitingListEntryNotFound`."""
    row = with_offers(waiting_list_for(actor)).filter(pk=entry_id).first()
    if row is None:
        raise WaitingListEntryNotFound
    return row


def find_waiting_list_for(
    actor: Actor,
    *,
    phone: str = "",
    email: str = "",
    reference: str = "",
    status: str = "",
    after: Place | None = None,
    limit: int = USUAL,
) -> Page[WaitingListEntry]:
    """Entries that meet all given criteria, first come first, a page at a time.

    `phone` is in E.164; `reference` is of the booking that an entry brings forward or became. `after` is
    the `next_after` of the page before.
    """
    found = waiting_list_for(actor)
    if phone:
        found = found.filter(guest_phone=phone)
    if email:
        found = found.filter(guest_email=email.lower())
    if reference:
        named = canonical(reference)
        found = found.filter(Q(brings_forward__reference=named) | Q(became__reference=named))
    if status:
        found = found.filter(status=status)
    return page_of(with_offers(found), by="created_at", after=after, limit=limit)


def line_for(
    practitioner_id: str, first: date, last: date, *, service_ids: Collection[int]
) -> QuerySet[WaitingListEntry]:
    """Live entries that a slot of a practitioner on some days may suit, first come first."""
    return _suited(practitioner_id, first, last).filter(service_id__in=service_ids)


def somebody_waits_for(practitioner_id: str, first: date, last: date) -> bool:
    """Whether a slot of a practitioner on some days may suit anybody: one small query."""
    return _suited(practitioner_id, first, last).exists()


def _suited(practitioner_id: str, first: date, last: date) -> QuerySet[WaitingListEntry]:
    return WaitingListEntry.objects.filter(
        Q(practitioner=None) | Q(practitioner_id=practitioner_id),
        status__in=[WaitingStatus.WAITING, WaitingStatus.OFFERED],
        date_from__lte=last,
        date_until__gte=first,
    ).order_by("created_at", "id")
