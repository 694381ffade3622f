"""One hospital's booking rules at one version, as plain immutable values.

Whoever builds a `RuleBook` reads the database once per version; nothing here does.
Times of day are whole minutes since local midnight (0 to 1440), dates are local
dates of the zone named beside them, lengths are whole minutes unless they say days.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeAlias, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

Span: TypeAlias = tuple[int, int]
"""A half-open range [from, until): of minutes since midnight, or of epoch seconds."""

# A busy hospital asks for some thousands of (practitioner, date) pairs; a start costs
# about 32 bytes, so that a full cache stays in the low tens of megabytes.
HOURS_KEPT = 8_192
STARTS_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class WeeklyWindow:
    """Working hours [start, end) that come back every week.

    `weekday` is 0 for Monday; `valid_from` and `valid_until` are inclusive, None is open.
    """

    weekday: int
    start: int
    end: int
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class DatedWindow:
    """The hours [start, end) of each local date from `date_from` to `date_until` inclusive.

    Used for extra hours and for time off; 0 to 1440 is the whole day.
    """

    date_from: date
    date_until: date
    start: int = 0
    end: int = 1440


@dataclass(frozen=True, slots=True)
class PractitionerRules:
    """When one practitioner works; `zone` is the IANA name that the windows are told in.

    `daily_limit` is how many appointments one hospital-local date may have, None for no limit.
    """

    id: str
    name_th: str
    name_en: str
    zone: str
    weekly: tuple[WeeklyWindow, ...] = ()
    extra_hours: tuple[DatedWindow, ...] = ()
    time_off: tuple[DatedWindow, ...] = ()
    daily_limit: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """How one healthcare service is booked: minutes throughout, `horizon_days` excepted.

    `interval` is the step between starts, `capacity` the seats of one session, and
    `practitioner_ids` those who offer the service, in the order patients see them.
    """

    id: int
    slug: str
    duration: int
    buffer_before: int
    buffer_after: int
    interval: int
    notice: int
    horizon_days: int
    capacity: int
    practitioner_ids: tuple[str, ...]


class Hours(NamedTuple):
    """Spans of epoch seconds: when a practitioner works, and when time off is taken."""

    work: tuple[Span, ...]
    away: tuple[Span, ...]


class BoundedCache(dict[Key, Value]):
    """A dict that forgets everything rather than grow past `limit` entries.

    Threads may share one without a lock: each step is atomic, and a race costs no more
    than working a value out twice.
    """

    __slots__ = ("limit",)

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def keep(self, key: Key, value: Value) -> Value:
        """Store `value`, dropping what was kept before if the cache is full, and return it."""
        if len(self) >= self.limit:
            self.clear()
        self[key] = value
        return value


def _hours_cache() -> BoundedCache[tuple[str, int], Hours]:
    return BoundedCache(HOURS_KEPT)


def _starts_cache() -> BoundedCache[tuple[str, int, int, int], tuple[int, ...]]:
    return BoundedCache(STARTS_KEPT)


@dataclass(frozen=True, slots=True, eq=False)
class RuleBook:
    """Every rule of one hospital at one `version`; `zone` is the hospital's IANA name.

    `holidays` maps each date to its name. What follows from the rules alone is kept in
    two caches, private to `bookings.rules`: a change of the rules must be a new book.
    """

    version: int
    zone: str
    holidays: Mapping[date, str]
    services: Mapping[int, ServiceRules]
    practitioners: Mapping[str, PractitionerRules]
    hours_cache: BoundedCache[tuple[str, int], Hours] = field(
        default_factory=_hours_cache, init=False, repr=False
    )
    starts_cache: BoundedCache[tuple[str, int, int, int], tuple[int, ...]] = field(
        default_factory=_starts_cache, init=False, repr=False
    )
