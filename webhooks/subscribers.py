"""From an event to what has to be delivered: a row for each endpoint that wants to know."""

from django.db import connection

from events.models import Event
from events.relay import subscribe
from tenants.context import current_hospital, in_public_schema
from webhooks.events import EVERYTHING, PUBLIC_EVENTS, payload_of
from webhooks.waking import wake_dispatcher

# An event that is handed on twice is queued once.
_QUEUE = """
INSERT INTO public.webhooks_delivery (id, webhook_id, event_id, event_at, event_type, payload)
SELECT gen_random_uuid(), id, %s, %s, %s, %s FROM public.webhooks
WHERE hospital_id = %s AND is_active AND events && %s::text[]
ON CONFLICT (webhook_id, event_id, event_at) DO NOTHING
"""


def queue_deliveries(event: Event) -> None:
    """Queue an event of the hospital at hand for each of its endpoints that asked for its type."""
    if in_public_schema():
        return
    hospital = current_hospital()
    wanted = [event.type, EVERYTHING]
    with connection.cursor() as cursor:
        payload = payload_of(event, hospital)
        cursor.execute(_QUEUE, [event.pk, event.occurred_at, event.type, payload, hospital.pk, wanted])
        if cursor.rowcount:
            wake_dispatcher()


def listen() -> None:
    """Hear of every event that may leave the house."""
    subscribe(queue_deliveries, *PUBLIC_EVENTS)
