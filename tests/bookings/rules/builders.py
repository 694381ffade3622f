"""Short ways to say a rule book in a test."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bookings.rules.rulebook import PractitionerRules, RuleBook, ServiceRules, WeeklyWindow
from bookings.rules.slots import Busy

BANGKOK = "Asia/Bangkok"
MONDAY = date(2026, 11, 30)
TUESDAY = date(2026, 12, 1)
WEDNESDAY = date(2026, 12, 2)

PLAIN = {
    "id": 1,
    "slug": "consultation",
    "duration": 30,
    "buffer_before": 0,
    "buffer_after": 0,
    "interval": 30,
    "notice": 0,
    "horizon_days": 60,
    "capacity": 1,
    "practitioner_ids": ("anan",),
}


def service(**changes):
    return ServiceRules(**{**PLAIN, **changes})


def minute(clock: str) -> int:
    """Return 570 for "9:30"."""
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def daily(*windows: str) -> tuple[WeeklyWindow, ...]:
    """Return "9:00-12:00" and the like as windows of every day of the week."""
    edges = [[minute(clock) for clock in window.split("-")] for window in windows]
    return tuple(WeeklyWindow(weekday, start, end) for weekday in range(7) for start, end in edges)


def practitioner(name="anan", zone=BANGKOK, **rules):
    return PractitionerRules(id=name, name_th=name, name_en=name, zone=zone, **rules)


def book_of(*practitioners, offers=None, zone=BANGKOK, holidays=()):
    offers = offers or service(practitioner_ids=tuple(each.id for each in practitioners))
    return RuleBook(
        version=1,
        zone=zone,
        holidays=dict.fromkeys(holidays, "Holiday"),
        services={offers.id: offers},
        practitioners={each.id: each for each in practitioners},
    )


def at(day: date, clock: str, zone: str = BANGKOK, fold: int = 0) -> int:
    """Return the epoch second of a wall time that exists."""
    hours, minutes = divmod(minute(clock), 60)
    wall = datetime(day.year, day.month, day.day, hours, minutes, tzinfo=ZoneInfo(zone), fold=fold)
    return int(wall.timestamp())


def clocks(instants: Iterable[int], zone: str = BANGKOK) -> list[str]:
    """Return how the zone's clock shows the instants: "09:30"."""
    return [f"{datetime.fromtimestamp(instant, ZoneInfo(zone)):%H:%M}" for instant in instants]


def booked(start: int, minutes: int, before: int = 0, after: int = 0, service_id: int = 1) -> Busy:
    return Busy(start - before * 60, start + (minutes + after) * 60, service_id, start)
