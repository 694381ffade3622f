"""Who may see which figures."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from analytics.spans import Span
from core.actor import Actor
from core.errors import InvalidInput, NotAllowed

# Days; a leap year.
LONGEST = 366
# At the ends of the calendar there are no days before and after to compare with.
YEARS = range(1900, 2200)


def require_all(actor: Actor) -> None:
    """Raise `NotAllowed` unless the actor may see the figures of the whole hospital."""
    actor.require("analytics.read")


def require_one(actor: Actor, practitioner_id: UUID) -> None:
    """Raise `NotAllowed` unless the actor may see the figures of a practitioner: of all, or their own."""
    own = actor.can("analytics.read_own") and actor.practitioner_id == practitioner_id
    if not own and not actor.can("analytics.read"):
        raise NotAllowed(needs="analytics.read")


def asked_span(date_from: date, date_to: date) -> Span:
    """The dates from one to the other. Raises `InvalidInput` for the wrong order and for too many days."""
    span = Span(date_from, date_to)
    for name, day in (("date_from", date_from), ("date_to", date_to)):
        if day.year not in YEARS:
            raise InvalidInput(**{name: _("Give a day between the years 1900 and 2199.")})
    if span.days < 1:
        raise InvalidInput(date_to=_("The last day must not be before the first."))
    if span.days > LONGEST:
        raise InvalidInput(date_to=_("Ask for 366 days at most."))
    return span
