"""A request that is repeated is answered again, not done again."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from core import clock
from core.actor import Actor
from core.errors import Busy, DomainError, Kind
from events.models import IdempotencyKey

# How long an answer is kept for repetitions.
KEPT_FOR = timedelta(hours=24)
# How long a repetition waits for the first to finish (milliseconds).
WAIT_FOR_FIRST = 5000


class KeyReused(DomainError):
    """The same key came with another request."""

    kind = Kind.CONFLICT
    reason = "idempotency_key_reused"
    text = _("This idempotency key was used for another request.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered: an HTTP-like status and a JSON value; whether it was kept from before."""

    status: int
    body: Any
    replayed: bool = False


def answer_once(actor: Actor, *, route: str, key: str, request: Any, respond: Callable[[], Answer]) -> Answer:
    """Run `respond` at most once for an actor, route and key within 24 hours; repeat its answer after.

    The key's row is written in the same transaction as whatever `respond` does: both stay or neither.
    A repetition that comes while the first still runs waits for it. `request` is any JSON value; raises
    `KeyReused` when it differs from the first one's, `Busy` when the first takes longer than 5 s.
    A refusal (`DomainError`) is not kept: the next try may succeed.
    """
    fingerprint = hashlib.sha256(json.dumps(request, sort_keys=True, default=str).encode()).digest()
    row = {"principal": _principal(actor), "route": route, "key": key}
    try:
        with transaction.atomic():
            _forget_expired(row)
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_FOR_FIRST}ms"])
            # A repetition waits here until the first one commits (then its answer is read) or rolls back.
            IdempotencyKey.objects.bulk_create(
                [IdempotencyKey(**row, fingerprint=fingerprint)], ignore_conflicts=True
            )
            kept = IdempotencyKey.objects.get(**row)
            if kept.status is not None:
                return _repeat(kept, fingerprint)
            answer = respond()
            IdempotencyKey.objects.filter(pk=kept.pk).update(
                status=answer.status, answer=json.dumps(answer.body, cls=DjangoJSONEncoder)
            )
            return answer
    except OperationalError as error:
        if "lock timeout" in str(error):
            raise Busy from error
        raise


def _repeat(kept: IdempotencyKey, fingerprint: bytes) -> Answer:
    if bytes(kept.fingerprint) != fingerprint:
        raise KeyReused
    return Answer(status=kept.status or 0, body=json.loads(kept.answer), replayed=True)


def _forget_expired(row: dict[str, str]) -> None:
    IdempotencyKey.objects.filter(**row, created_at__lt=clock.now() - KEPT_FOR).delete()


def _principal(actor: Actor) -> str:
    # Ids before the label: two people may have one name.
    return str(actor.user_id or actor.patient_id or actor.label or actor.door)
