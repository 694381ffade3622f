"""The figures themselves: plain values, which a serializer words. Shares are fractions (0.25 is 25 %)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from analytics.spans import Period, Span

_DIGITS, _SHARE_DIGITS = 2, 4


def share(part: float, whole: float) -> float | None:
    """A part of a whole as a fraction; None of nothing."""
    return round(part / whole, _SHARE_DIGITS) if whole else None


def rounded(value: float | Decimal | None) -> float | None:
    """A mean to two decimals; None for none."""
    return None if value is None else round(float(value), _DIGITS)


def change(now: float | Decimal, before: float | Decimal) -> float | None:
    """How much more it is than before, as a fraction of that (0.5: half as much again); None from nothing."""
    return share(float(now) - float(before), float(before))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency (ISO 4217)."""

    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ratings:
    """What patients gave, from 1 to 5: the mean, None without any, and how many there are."""

    average: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """Appointments that start in a stretch of days, by status and by the door that they came in by."""

    by_status: dict[str, int]
    by_source: dict[str, int]

    @property
    def total(self) -> int:
        """All that were booked, what was cancelled included."""
        return sum(self.by_status.values())

    @property
    def no_show_rate(self) -> float | None:
        """The share of no-shows in those who came or should have."""
        missed = self.by_status["NO_SHOW"]
        return share(missed, missed + self.by_status["COMPLETED"])

    @property
    def cancellation_rate(self) -> float | None:
        """The share of what was cancelled in all that was booked."""
        return share(self.by_status["CANCELLED"], self.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """What happened in a hospital in some days."""

    span: Span
    visits: Visits
    revenue: list[Money]
    patients_new: int
    patients_seen: int
    doctors_seeing: int
    ratings: Ratings

    @property
    def date_from(self) -> date:
        """The first day."""
        return self.span.first

    @property
    def date_to(self) -> date:
        """The last day."""
        return self.span.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Against as many days right before, as fractions; None where there was nothing before."""

    appointments: float | None
    completed: float | None
    cancelled: float | None
    no_shows: float | None
    patients_new: float | None
    patients_seen: float | None
    revenue: dict[str, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """A hospital in some days, beside the days before."""

    zone: str
    now: Stretch
    before: Stretch
    patients_total: int
    doctors_active: int
    by_weekday: dict[str, int]
    by_hour: dict[str, int]

    @property
    def busiest_weekday(self) -> str | None:
        """The weekday on which most visits start; the earlier one of equals."""
        return _most(self.by_weekday)

    @property
    def busiest_hour(self) -> str | None:
        """The hour (``HH:00``) in which most visits start; the earlier one of equals."""
        return _most(self.by_hour)

    @property
    def changes(self) -> Changes:
        """What is different from the days before."""
        now, before = self.now, self.before
        mine, theirs = now.visits.by_status, before.visits.by_status
        past = {money.currency: money.amount for money in before.revenue}
        return Changes(
            appointments=change(now.visits.total, before.visits.total),
            completed=change(mine["COMPLETED"], theirs["COMPLETED"]),
            cancelled=change(mine["CANCELLED"], theirs["CANCELLED"]),
            no_shows=change(mine["NO_SHOW"], theirs["NO_SHOW"]),
            patients_new=change(now.patients_new, before.patients_new),
            patients_seen=change(now.patients_seen, before.patients_seen),
            revenue={
                money.currency: change(money.amount, past.get(money.currency, 0)) for money in now.revenue
            },
        )


def _most(counted: dict[str, int]) -> str | None:
    found = max(counted, key=lambda name: counted[name], default=None)
    return found if found is not None and counted[found] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one practitioner did in some days. Minutes of visits that overlap count once."""

    span: Span
    completed: int = 0
    patients_seen: int = 0
    no_shows: int = 0
    cancelled: int = 0
    average_rating: float | None = None
    ratings: int = 0
    booked_minutes: int = 0
    offered_minutes: int = 0

    @property
    def date_from(self) -> date:
        """The first day."""
        return self.span.first

    @property
    def date_to(self) -> date:
        """The last day."""
        return self.span.last

    @property
    def utilisation(self) -> float | None:
        """The share of the offered time that was booked; above 1 where visits lie outside of the hours."""
        return share(self.booked_minutes, self.offered_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """One practitioner: the present period as far as today, and the ones before, oldest first."""

    practitioner_id: UUID
    name: str
    zone: str
    period: Period
    current: Work
    series: Sequence[Work]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """How much one specialty is asked for. `specialty_id` is None for services that belong to none."""

    specialty_id: UUID | None
    code: str
    name: str
    appointments: int
    before: int
    completed: int
    cancelled: int
    no_shows: int
    lead_days: float | None
    waiting_minutes: float | None
    waits_measured: int
    booked_minutes: int
    offered_minutes: int

    @property
    def change(self) -> float | None:
        """Against as many days right before."""
        return change(self.appointments, self.before)

    @property
    def utilisation(self) -> float | None:
        """The share of the offered time that was booked, of those who practise it."""
        return share(self.booked_minutes, self.offered_minutes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """All specialties in some days, the one that is asked for most first."""

    zone: str
    span: Span
    specialties: list[Demand]

    @property
    def date_from(self) -> date:
        """The first day."""
        return self.span.first

    @property
    def date_to(self) -> date:
        """The last day."""
        return self.span.last


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorsWork:
    """One practitioner's line in a report."""

    practitioner_id: UUID
    name: str
    kind: str
    work: Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A stretch of days: the hospital, each practitioner, each specialty."""

    statistics: Statistics
    doctors: list[DoctorsWork]
    specialties: list[Demand] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """What whoever runs a hospital looks at first."""

    zone: str
    today: Stretch
    coming: Stretch
    month: Statistics
