"""Handing each committed event to whoever subscribed: at least once, one transaction an event."""

from collections.abc import Callable

from django.db.models.functions import Now

from events.models import Event
from events.outbox import LANE, RELAY
from jobs.handlers import handle

# Gets an event inside of its hospital (or in the public schema), in the transaction that marks it as relayed.
# It may insert rows and queue jobs; what it raises is tried again for all subscribers, so it must bear that.
Subscriber = Callable[[Event], None]

_subscribers: list[tuple[frozenset[str], Subscriber]] = []


def subscribe(subscriber: Subscriber, *types: str) -> None:
    """Have a function told of events of some types, or of all; called from `AppConfig.ready`."""
    if (frozenset(types), subscriber) not in _subscribers:
        _subscribers.append((frozenset(types), subscriber))


def hand_on(event_id: str) -> None:
    """Tell everybody who subscribed to an event of the schema at hand, and mark it."""
    event = Event.objects.filter(pk=event_id, relayed_at=None).first()
    if event is None:
        return
    for types, subscriber in _subscribers:
        if not types or event.type in types:
            subscriber(event)
    Event.objects.filter(pk=event.pk).update(relayed_at=Now())


def handle_relaying() -> None:
    """Register the job; what happened is told also when the hospital was switched off since."""
    handle(RELAY, hand_on, lane=LANE, when_inactive=True)
