"""Tickets: a browser cannot set headers on an EventSource, and a key in an address would be written down.

A ticket opens one stream, once, within half a minute. Redis keeps under its digest, sealed, whose it is.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from accounts.access import Claims
from core.actor import Door
from core.sealing import CannotUnseal, seal, unseal
from credentials.callers import Credential, credential_by_name
from mcp_integration.streams.errors import TicketsAway, WrongTicket
from tenants.models import Hospital

LIFE: Final = 30
# How long one answer of Redis may take (seconds).
PATIENCE: Final = 0.5
_LENGTH: Final = 43


@dataclass(frozen=True, slots=True)
class Admitted:
    """Whom a ticket lets in, to which hospital's stream, and when the access token behind it runs out."""

    credential: Credential
    hospital: Hospital | None
    token_expires_at: datetime | None


def give_ticket(admitted: Admitted) -> str:
    """A ticket for whoever has shown their credentials; good for `LIFE` seconds. Raises `TicketsAway`."""
    ticket = secrets.token_urlsafe(32)
    key = _key(ticket)
    with _redis() as redis:
        redis.set(key, seal(_said(admitted), place=key), ex=LIFE)
    return ticket


def take_ticket(ticket: str) -> Admitted:
    """Whom a ticket lets in; it is worth nothing after that. Raises `WrongTicket`, `TicketsAway`.

    And, as the credential itself is looked at anew: `WrongKey`, `WrongToken`, `HospitalInactive`.
    """
    if len(ticket) != _LENGTH:
        raise WrongTicket
    key = _key(ticket)
    with _redis() as redis:
        kept = redis.getdel(key)
    if kept is None:
        raise WrongTicket
    try:
        said = json.loads(unseal(str(kept), place=key))
    except CannotUnseal as error:
        raise WrongTicket from error
    return _admitted(said)


def _said(admitted: Admitted) -> str:
    claims, hospital = admitted.credential.claims, admitted.hospital
    return json.dumps(
        {
            "name": admitted.credential.name,
            "claims": asdict(claims) if claims else None,
            "hospital": hospital.uuid if hospital else None,
            "expires": admitted.token_expires_at.isoformat() if admitted.token_expires_at else None,
        },
        default=str,
    )


def _admitted(said: dict[str, Any]) -> Admitted:
    claims = None
    if said["claims"] is not None:
        claims = Claims(**{name: value and UUID(value) for name, value in said["claims"].items()})
    credential = credential_by_name(said["name"], claims, Door.MCP)
    uuid = UUID(said["hospital"]) if said["hospital"] else None
    return Admitted(
        credential,
        credential.hospital_named(uuid=uuid),
        datetime.fromisoformat(said["expires"]) if said["expires"] else None,
    )


def _key(ticket: str) -> str:
    digest = hashlib.sha256(ticket.encode()).hexdigest()
    return f"nadmor:ticket:{connection.settings_dict['NAME']}:{digest[:32]}"


@contextmanager
def _redis() -> Iterator[Redis]:
    try:
        with Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        ) as redis:
            yield redis
    except RedisError as error:
        raise TicketsAway from error
