"""The log of reads: written before anything leaves, each entry signed with the one before."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from core import clock
from core.actor import Actor
from events.outbox import LONGEST_LABEL
from records.models import Extent, MedicalRecord, RecordAccess, Subject, Treatment
from records.models.keyring import log_secret
from tenants.context import current_schema

LONGEST_PURPOSE = 60
# What the first entry follows.
NOTHING = b""
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ':records.log', 0))"
_LAST = "SELECT signature FROM records_recordaccess ORDER BY id DESC LIMIT 1"


def log_reads(
    actor: Actor,
    rows: Iterable[MedicalRecord | Treatment],
    *,
    purpose: str,
    extent: Extent = Extent.WHOLE,
) -> None:
    """Write down that the actor reads these records or treatments: an entry for each patient among them.

    `purpose` says what for: a tool's name, a page. Raises `RuntimeError` outside of a transaction, which
    is to be the one that the answer comes out of. Nobody's reads wait for others but at its end.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A read is written down in the transaction that it happens in.")
    entries = list(_entries(actor, rows, purpose[:LONGEST_PURPOSE], extent))
    if not entries:
        return
    secret = log_secret()
    with connection.cursor() as cursor:
        cursor.execute(_TURN)
        cursor.execute(_LAST)
        last = cursor.fetchone()
    before = bytes(last[0]) if last else NOTHING
    for entry in entries:
        before = entry.signature = sign(secret, before, entry)
    RecordAccess.objects.bulk_create(entries)


def log_summaries(actor: Actor, rows: Iterable[MedicalRecord | Treatment], *, purpose: str) -> None:
    """`log_reads` of rows whose titles are shown in a list, and nothing else of them."""
    log_reads(actor, rows, purpose=purpose, extent=Extent.SUMMARY)


def _entries(
    actor: Actor, rows: Iterable[MedicalRecord | Treatment], purpose: str, extent: Extent
) -> Iterator[RecordAccess]:
    now = clock.now()
    ordered = sorted(rows, key=lambda row: (str(row.patient_id), isinstance(row, Treatment)))
    for (patient_id, is_treatment), some in groupby(
        ordered, lambda row: (row.patient_id, isinstance(row, Treatment))
    ):
        yield RecordAccess(
            occurred_at=now,
            door=str(actor.door),
            actor_role=actor.role,
            actor_user_id=actor.user_id,
            actor_label=actor.label[:LONGEST_LABEL],
            patient_id=patient_id,
            subject=Subject.TREATMENT if is_treatment else Subject.RECORD,
            extent=extent,
            subject_ids=[row.pk for row in some],
            purpose=purpose,
        )


def sign(secret: bytes, before: bytes, entry: RecordAccess) -> bytes:
    """The signature of an entry that follows the one with the signature `before` (HMAC-SHA256, RFC 2104)."""
    told: list[Any] = [
        current_schema(),
        before.hex(),
        entry.occurred_at.astimezone(UTC).isoformat(),
        entry.door,
        entry.actor_role,
        _text(entry.actor_user_id),
        entry.actor_label,
        _text(entry.patient_id),
        str(entry.subject),
        str(entry.extent),
        [_text(key) for key in entry.subject_ids],
        entry.purpose,
    ]
    return hmac.digest(secret, json.dumps(told).encode(), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Verified:
    """What the log of a hospital looks like: entries, the last one, and the first that is not as written."""

    entries: int
    last_id: int
    last_signature: str
    wrong_id: int | None


def verify_log(*, since: tuple[int, str] | None = None) -> Verified:
    """Compute every signature again. Call within a hospital; raises `RecordsSealed` without its key.

    `since` is an id and a signature that were told at an earlier time: if that entry is not there any
    more, the log was cut off or written anew, and that id is the wrong one.
    """
    secret, before, count, last_id = log_secret(), NOTHING, 0, 0
    known = since is None
    for entry in RecordAccess.objects.order_by("id").iterator(chunk_size=2000):
        after = sign(secret, before, entry)
        if not hmac.compare_digest(after, bytes(entry.signature)):
            return Verified(count, last_id, before.hex(), entry.pk)
        before, count, last_id = after, count + 1, entry.pk
        known = known or since == (entry.pk, after.hex())
    return Verified(count, last_id, before.hex(), None if known or since is None else since[0])


def _text(key: UUID | None) -> str | None:
    return None if key is None else str(key)
