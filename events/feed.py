"""What happened in a schema, in the order in which transactions ended: for readers that miss nothing.

`Event.id` counts when a row is written, and transactions end in another order: who remembers the highest id
misses what a slower transaction writes under a lower one. Here rows are in the order of their transactions'
numbers, and only those are read whose transactions and all before them have ended: nothing is ever added
before what was read. A transaction that writes and stays open anywhere in the database holds the feed back.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from zlib import crc32

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, Kind

# A batch is read into memory as a whole.
LARGEST_BATCH: Final = 200

# The horizon: every transaction of this database with a lower number has ended. The snapshot is that of the
# statement itself (PostgreSQL 18, section 9.27.9). Transactions that are known to run in other databases are
# left out: a number belongs to one database for good, whenever the two are looked at.
_NOW = """
WITH now AS MATERIALIZED (
  SELECT system_identifier AS cluster, COALESCE(
    (SELECT min(running::text::bigint) FROM pg_snapshot_xip(snapshot) AS running
     WHERE running::text::bigint & 4294967295 NOT IN (
       SELECT backend_xid::text::bigint FROM pg_stat_activity
       WHERE backend_xid IS NOT NULL AND datname <> current_database())),
    pg_snapshot_xmax(snapshot)::text::bigint) AS horizon
  FROM pg_control_system(), pg_current_snapshot() AS snapshot
)
"""
# What was restored out of another cluster bears its number: transactions are counted anew in each.
_READABLE = "cluster = (SELECT cluster FROM now) AND xid > 0 AND xid < (SELECT horizon FROM now)"
_TOLD = "id, xid, cluster, type, subject_type, subject_id, changes, data, occurred_at"
_AFTER = f"""
{_NOW} SELECT {_TOLD} FROM events_event
WHERE {_READABLE} AND (xid, id) > (%s, %s) ORDER BY xid, id LIMIT %s
"""  # noqa: S608  -- names of ours alone
_ONE = f"{_NOW} SELECT {_TOLD} FROM events_event WHERE id = %s AND xid = %s AND {_READABLE}"  # noqa: S608  -- as above
_END = f"""
{_NOW} SELECT now.cluster, last.id, last.xid, last.occurred_at FROM now LEFT JOIN LATERAL (
  SELECT id, xid, occurred_at FROM events_event WHERE {_READABLE} ORDER BY xid DESC, id DESC LIMIT 1
) AS last ON true
"""  # noqa: S608  -- as above
_IS_HELD_BACK = f"""
{_NOW} SELECT EXISTS (
  SELECT FROM events_event
  WHERE cluster = (SELECT cluster FROM now) AND xid >= (SELECT horizon FROM now)
)
"""  # noqa: S608  -- as above

_FORM = re.compile(r"([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{8})")


class CursorUnknown(DomainError):
    """The cursor names nothing in this feed: it is mistyped, or the database was restored since."""

    kind = Kind.NOT_FOUND
    reason = "cursor_unknown"
    text = _(
        "The stream cannot go on from there. It starts anew: read again what you need, you may have missed "
        "changes."
    )


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the feed: right after an event, or before all of them (``xid`` and ``id`` are 0).

    `check` is made of what the event is and where: after a restore another event may bear its numbers.
    """

    xid: int
    id: int
    check: int

    def __str__(self) -> str:
        return f"{self.xid:x}-{self.id:x}-{self.check:08x}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The position of a text that `str` made, be it of this feed or not. Raises `CursorUnknown`."""
        if (form := _FORM.fullmatch(text)) is None:
            raise CursorUnknown
        return cls(*(int(part, 16) for part in form.groups()))

    def is_before(self, other: "Position") -> bool:
        """Whether this place comes before another one of the same feed."""
        return (self.xid, self.id) < (other.xid, other.id)


@dataclass(frozen=True, slots=True)
class Told:
    """One event, as readers of the feed get it."""

    position: Position
    type: str
    subject_type: str
    subject_id: str
    changes: dict[str, Any]
    data: dict[str, Any]
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """Some events in order. `is_held_back`: there are more, which may be read once a transaction ends."""

    events: list[Told]
    is_held_back: bool


def end_of_feed() -> Position:
    """The place after all that may be read now in the schema at hand. One statement."""
    [(cluster, number, xid, occurred_at)] = _rows(_END)
    if number is None:
        return Position(0, 0, _check(cluster, None))
    return Position(xid, number, _check(cluster, occurred_at))


def event_at(position: Position) -> Told | None:
    """The event at a place, None at the beginning. Raises `CursorUnknown` for a place that there is not."""
    if position.id == 0:
        if position != _beginning():
            raise CursorUnknown
        return None
    rows = _rows(_ONE, position.id, position.xid) if max(position.id, position.xid) < 2**63 else []
    told = _told(rows[0]) if rows else None
    if told is None or told.position != position:
        raise CursorUnknown
    return told


def read_after(position: Position, *, limit: int = LARGEST_BATCH) -> Batch:
    """The events after a place, at most `limit` (and `LARGEST_BATCH`). One statement, two at the end."""
    limit = min(limit, LARGEST_BATCH)
    events = [_told(row) for row in _rows(_AFTER, position.xid, position.id, limit)]
    if len(events) == limit:
        return Batch(events, is_held_back=False)
    [(is_held_back,)] = _rows(_IS_HELD_BACK)
    return Batch(events, is_held_back)


def _beginning() -> Position:
    [(cluster,)] = _rows("SELECT system_identifier FROM pg_control_system()")
    return Position(0, 0, _check(cluster, None))


def _told(row: tuple[Any, ...]) -> Told:
    number, xid, cluster, kind, subject_type, subject_id, changes, data, occurred_at = row
    position = Position(xid, number, _check(cluster, occurred_at))
    return Told(position, kind, subject_type, subject_id, _json(changes), _json(data), occurred_at)


def _check(cluster: int, occurred_at: datetime | None) -> int:
    return crc32(f"{cluster} {occurred_at.timestamp() if occurred_at else ''}".encode())


def _json(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
