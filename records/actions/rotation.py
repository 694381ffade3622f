"""Replacing a hospital's data key, while everybody goes on reading and writing.

1. A new key is made; from then on everything is sealed with it. 2. Whatever is sealed with another is sealed
anew, a batch a transaction. 3. When nothing is left, the others are destroyed. A run that was killed left
two keys that both open; the next one goes on where it ended.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now

from core.errors import Busy
from records.errors import RecordsSealed
from records.models import (
    Attachment,
    KeyPurpose,
    MedicalRecord,
    Medication,
    RecordKey,
    RecordRevision,
    Treatment,
)
from records.models.fields import EncryptedTextField, Sealed, sealed_fields
from records.models.keyring import Key, add_key, forget_keys, sealing, sealing_key, unwrap, wrap
from records.rules.envelope import KEY_AT, KEY_LENGTH

MODELS: tuple[type[models.Model], ...] = (MedicalRecord, Attachment, Treatment, Medication, RecordRevision)
BATCH = 200
# How long destroying a key waits for transactions that still write with it (milliseconds).
WAIT_FOR_WRITERS = 30_000

_TRY_TURN = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ':records.rotation', 0))"
_END_TURN = "SELECT pg_advisory_unlock(hashtextextended(current_schema() || ':records.rotation', 0))"

Tell = Callable[[str], None]


@dataclass(slots=True)
class Rotated:
    """What a rotation did: rows sealed anew, keys destroyed, and rows that did not open (table, id)."""

    resealed: int
    retired: int
    broken: list[tuple[str, UUID]]


class RotationUnderWay(Busy):
    """Another process replaces the keys of this hospital at this moment."""

    reason = "rotation_under_way"


def rotate_keys(tell: Tell, *, batch: int = BATCH) -> Rotated:
    """Replace the data key of the hospital at hand and seal everything anew; call outside of a transaction.

    An unfinished rotation is finished first of all, and no further key is made then. `tell` hears of each
    batch once it is committed. A text that does not open keeps the old keys alive and is named. Raises
    `RotationUnderWay`, `RecordsSealed` when the newest key does not unwrap.
    """
    with _turn():
        rewrap_keys()
        if _keys_in_use().count() < 2:  # noqa: PLR2004  -- two: a rotation was not finished
            add_key()
        done = Rotated(0, 0, [])
        for model in MODELS:
            _reseal(model, done, tell, batch)
        if not done.broken:
            done.retired = _retire_others()
    forget_keys()
    return done


def rewrap_keys() -> int:
    """Wrap every key of the hospital at hand by the first master key; return how many there are.

    Raises `CannotUnseal` if one was wrapped by a key that is not there any more; then nothing changed.
    """
    with transaction.atomic():
        rows = list(RecordKey.objects.select_for_update(no_key=True).filter(retired_at=None).order_by("pk"))
        for row in rows:
            row.wrapped = wrap(row.pk, unwrap(row.pk, row.wrapped))
        RecordKey.objects.bulk_update(rows, ["wrapped"])
    return len(rows)


def _keys_in_use() -> models.QuerySet[RecordKey]:
    return RecordKey.objects.filter(purpose=KeyPurpose.TEXT, retired_at=None)


@contextmanager
def _turn() -> Iterator[None]:
    """One rotation of a hospital at a time; a process that dies gives its turn back with its connection."""
    with connection.cursor() as cursor:
        cursor.execute(_TRY_TURN)
        if cursor.fetchone() != (True,):
            raise RotationUnderWay
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(_END_TURN)


def _reseal(model: type[models.Model], done: Rotated, tell: Tell, batch: int) -> None:
    after: UUID | None = None
    while True:
        with sealing():
            rows = _next_rows(model, sealing_key(), after, batch)
            for row in rows:
                _reseal_row(model, row, sealing_key(), done)
        if not rows:
            return
        after = rows[-1].pk
        tell(f"{model._meta.db_table}: {done.resealed} sealed anew")  # noqa: SLF001


def _next_rows(model: type[models.Model], key: Key, after: UUID | None, batch: int) -> list[Any]:
    """Rows with a text that another key sealed, locked, in the order of their ids."""
    rows: Any = model._default_manager.filter(_sealed_by_others(model, key))  # noqa: SLF001
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk")[:batch])


def _reseal_row(model: type[models.Model], row: Any, key: Key, done: Rotated) -> None:
    try:
        texts = {field: field.open(row, _stored(row, field)) for field in sealed_fields(model)}
    except RecordsSealed:
        done.broken.append((model._meta.db_table, row.pk))  # noqa: SLF001
        return
    sealed = {field.column: field.seal(row, text, key).raw for field, text in texts.items()}
    columns = ", ".join(f'"{column}" = %s' for column in sealed)
    statement = f'UPDATE "{model._meta.db_table}" SET {columns} WHERE id = %s'  # noqa: S608, SLF001  -- names of ours
    with connection.cursor() as cursor:
        # Not by `save`: nobody changed the row, so neither its times nor its versions do.
        cursor.execute(statement, [*sealed.values(), row.pk])
    done.resealed += 1


def _stored(row: Any, field: EncryptedTextField) -> Sealed:
    stored: Sealed = row.__dict__[field.attname]
    return stored


def _sealed_by_others(model: type[models.Model], key: Key) -> models.Q:
    """A condition: the key that the header of a text names is not this one."""
    others = models.Q()
    for field in sealed_fields(model):
        is_other = RawSQL(  # noqa: S611  -- columns of ours alone
            _OTHER.format(field.column), [key.id.bytes], output_field=models.BooleanField()
        )
        others |= models.Q(is_other)
    return others


_OTHER = f"substring({{}} FROM {KEY_AT} FOR {KEY_LENGTH}) <> %s"


@transaction.atomic
def _retire_others() -> int:
    """Destroy every key of texts but the newest, once nobody writes with it and nothing is sealed with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{WAIT_FOR_WRITERS}ms"])
    keys = list(_keys_in_use().select_for_update().order_by("-created_at", "-id"))
    newest = keys[0]
    with sealing():
        key = sealing_key()
    if key.id != newest.pk or any(_is_any_left(model, key) for model in MODELS):
        return 0
    old = [row.pk for row in keys[1:]]
    return RecordKey.objects.filter(pk__in=old).update(wrapped="", retired_at=Now())


def _is_any_left(model: type[models.Model], key: Key) -> bool:
    return bool(model._default_manager.filter(_sealed_by_others(model, key)).exists())  # noqa: SLF001
