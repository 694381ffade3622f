"""A request that is repeated is answered again, not done again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import Busy, DomainError, Kind
from core.sealing import seal, unseal
from tenants.context import current_schema

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
    A refusal (`DomainError`) is not kept: the next try may succeed. Neither is an answer that says nothing of
    the request itself (401, 429, 5xx): what `respond` did is undone then.
    """
    fingerprint = _fingerprint(request)
    row = _Row(_principal(actor), route, key)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_FOR_FIRST}ms"])
            number = row.claim(cursor, fingerprint)
            if number is None:
                return row.repeat(cursor, fingerprint)
            answer = respond()
            if answer.status in _NOT_KEPT or answer.status >= _FAULT:
                transaction.set_rollback(True)
            else:
                # On a cursor of its own: `respond` may have been outside of the hospital for a while, and
                # only opening a cursor leads the connection back.
                with connection.cursor() as here:
                    here.execute(_KEEP, [answer.status, row.seal(answer.body), number])
            return answer
    except OperationalError as error:
        if "lock timeout" in str(error):
            raise Busy from error
        raise


def _fingerprint(request: Any) -> bytes:
    """What tells two requests apart; keyed, since a request may carry what can be guessed, a password say."""
    written = json.dumps(request, sort_keys=True, default=str)
    return salted_hmac("events.idempotency", written, algorithm="sha256").digest()


_NOT_KEPT, _FAULT = (401, 429), 500

# A repetition waits here until the first one commits (then nothing comes back, and its answer is read) or
# rolls back. A row that is too old is taken over. Nobody removes the row of a repetition: it is locked.
_CLAIM = """
INSERT INTO events_idempotencykey AS kept (principal, route, key, fingerprint, answer)
VALUES (%s, %s, %s, %s, '')
ON CONFLICT (principal, route, key) DO UPDATE
SET fingerprint = excluded.fingerprint, status = NULL, answer = '', created_at = statement_timestamp()
WHERE kept.created_at <= statement_timestamp() - make_interval(secs => %s)
RETURNING id
"""
_READ = """
SELECT fingerprint, status, answer FROM events_idempotencykey WHERE principal = %s AND route = %s AND key = %s
"""
_KEEP = "UPDATE events_idempotencykey SET status = %s, answer = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class _Row:
    """Where one answer is kept."""

    principal: str
    route: str
    key: str

    def claim(self, cursor: CursorWrapper, fingerprint: bytes) -> int | None:
        """The number of the row that is ours to fill, or None where an answer stands already."""
        cursor.execute(_CLAIM, [self.principal, self.route, self.key, fingerprint, KEPT_FOR.total_seconds()])
        claimed = cursor.fetchone()
        return claimed[0] if claimed else None

    def repeat(self, cursor: CursorWrapper, fingerprint: bytes) -> Answer:
        """The answer that stands there. Raises `KeyReused`."""
        cursor.execute(_READ, [self.principal, self.route, self.key])
        first, status, sealed = cursor.fetchone()
        if bytes(first) != fingerprint:
            raise KeyReused
        return Answer(status=status, body=json.loads(unseal(sealed, place=self.place)), replayed=True)

    def seal(self, body: Any) -> str:
        """The answer as it is kept: it may name a patient, or hold a secret that is shown once."""
        return seal(json.dumps(body, cls=DjangoJSONEncoder), place=self.place)

    @property
    def place(self) -> str:
        """What the seal is bound to: a copy of the answer under another key or hospital opens nothing."""
        return place_of(current_schema(), self.principal, self.route, self.key)


def place_of(*parts: str) -> str:
    """The place of a kept answer: its schema, principal, route and key, none of which runs into the next."""
    return "events.idempotency:" + json.dumps(parts)


def _principal(actor: Actor) -> str:
    # Ids before the label: two people may have one name.
    return str(actor.user_id or actor.patient_id or actor.label or actor.door)
