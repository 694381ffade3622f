"""What a demonstration hospital consists of, as plain values: rows and rules are both made of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from accounts.permissions import Role
from bookings.models import ExceptionKind, PractitionerKind
from bookings.rules.rulebook import DatedWindow, WeeklyWindow

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SATURDAY = 5


class Audience(NamedTuple):
    """Whom a service is for: ages in years, inclusive."""

    youngest: int
    oldest: int
    women_only: bool = False

    def admits(self, age: int, *, is_woman: bool) -> bool:
        """Whether a person of that age and sex comes to the service."""
        return self.youngest <= age <= self.oldest and (is_woman or not self.women_only)


EVERYBODY = Audience(0, 120)
ADULTS = Audience(15, 120)
CHILDREN = Audience(0, 14)


class SpecialtyPlan(NamedTuple):
    """A field of medicine."""

    code: str
    name_th: str
    name_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePlan:
    """An event type. Times in minutes, the price in baht.

    `popularity` weighs the service among those of one practitioner.
    """

    slug: str
    name_th: str
    name_en: str
    description_th: str
    description_en: str
    specialty: str
    price: int
    colour: str
    duration: int = 30
    interval: int = 30
    buffer_before: int = 0
    buffer_after: int = 0
    notice: int = 60
    horizon_days: int = 60
    capacity: int = 1
    audience: Audience = ADULTS
    popularity: float = 1.0


class PlannedException(NamedTuple):
    """Days that differ from the weekly hours, and why."""

    kind: ExceptionKind
    window: DatedWindow
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PractitionerPlan:
    """A practitioner, with specialties (the primary one first) and services by code and slug.

    `years` is how long they have practised; None for a room. `demand` is the share of the working time that
    patients book in an ordinary week.
    """

    name_th: str
    name_en: str
    specialties: tuple[str, ...]
    services: tuple[str, ...]
    weekly: tuple[WeeklyWindow, ...]
    exceptions: tuple[PlannedException, ...] = ()
    kind: PractitionerKind = PractitionerKind.DOCTOR
    license_number: str = ""
    years: int | None = None
    zone: str = ""
    demand: float = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPlan:
    """Somebody who can sign in; `practitioner` is the English name of the practitioner that they are."""

    role: Role
    email: str
    first_name: str
    last_name: str
    practitioner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalPlan:
    """A hospital; its patients have the phone numbers from `first_phone` on (E.164 without the plus)."""

    subdomain: str
    name: str
    specialties: tuple[SpecialtyPlan, ...]
    services: tuple[ServicePlan, ...]
    practitioners: tuple[PractitionerPlan, ...]
    accounts: tuple[AccountPlan, ...]
    patients: int
    first_phone: int
    zone: str = "Asia/Bangkok"
    details: dict[str, Any] = field(default_factory=dict)

    def account(self, role: Role) -> AccountPlan:
        """Who has a role."""
        return next(account for account in self.accounts if account.role == role)


def weekly(
    days: str, *spans: str, valid_from: date | None = None, valid_until: date | None = None
) -> tuple[WeeklyWindow, ...]:
    """Weekly hours, such as ``weekly("Mon-Fri", "09:00-12:00")`` or ``weekly("Tue Sat", "13:00-17:00")``."""
    return tuple(
        WeeklyWindow(weekday, *_minutes(span), valid_from, valid_until)
        for weekday in _weekdays(days)
        for span in spans
    )


def away(first: date, days: int, note: str, span: str = "00:00-24:00") -> PlannedException:
    """Time off on some days from a date on, the whole of each unless told otherwise."""
    return PlannedException(ExceptionKind.TIME_OFF, _window(first, days, span), note)


def extra(day: date, note: str, span: str) -> PlannedException:
    """Extra hours on one date."""
    return PlannedException(ExceptionKind.EXTRA_HOURS, _window(day, 1, span), note)


def coming_weekday(today: date, weekday: int) -> date:
    """The first date after today that falls on a weekday (0 is Monday)."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _window(first: date, days: int, span: str) -> DatedWindow:
    return DatedWindow(first, first + timedelta(days=days - 1), *_minutes(span))


def _weekdays(text: str) -> list[int]:
    if "-" in text:
        first, last = (_WEEKDAYS.index(day) for day in text.split("-"))
        return list(range(first, last + 1))
    return [_WEEKDAYS.index(day) for day in text.split()]


def _minutes(span: str) -> tuple[int, int]:
    begin, end = (int(clock[:2]) * 60 + int(clock[3:]) for clock in span.split("-"))
    return begin, end
