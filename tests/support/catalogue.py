"""Builders of what is bookable, without surprises."""

from datetime import date, datetime, time, timedelta
from typing import Any

from bookings.actions.patients import Guest
from bookings.models import HealthcareService, Practitioner, WeeklyHours
from core import clock
from tenants.context import current_hospital


def make_practitioner(name: str = "Dr Extra", *, hours: bool = True, **fields: Any) -> Practitioner:
    """A practitioner who works every day from nine to five with a lunch break, unless told otherwise."""
    person = Practitioner.objects.create(name_th=name, name_en=name, **fields)
    if hours:
        give_hours(person)
    return person


def give_hours(
    person: Practitioner, *spans: tuple[str, str], weekdays: tuple[int, ...] = tuple(range(7))
) -> None:
    """Weekly hours on some weekdays (all, unless told otherwise): 09-12 and 13-17 unless told otherwise."""
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            practitioner=person,
            weekday=weekday,
            start_time=time.fromisoformat(begin),
            end_time=time.fromisoformat(end),
        )
        for weekday in weekdays
        for begin, end in (spans or (("09:00", "12:00"), ("13:00", "17:00")))
    )


def make_service(*people: Practitioner, slug: str = "extra", **fields: Any) -> HealthcareService:
    """A service of 30 minutes every 30 minutes without notice, offered by the given people."""
    values = {"name_th": slug, "name_en": slug, "minimum_notice": 0, "horizon_days": 60, **fields}
    service = HealthcareService.objects.create(slug=slug, **values)
    service.practitioners.set(people)
    return service


def coming_day(days: int = 1) -> date:
    """A day to come, on the hospital's clocks."""
    return clock.today_in(current_hospital().timezone) + timedelta(days=days)


def at(hour: int, minute: int = 0, *, days: int = 1) -> datetime:
    """A time of a coming day on the hospital's clocks, naive as verbs take it."""
    return datetime.combine(coming_day(days), time(hour, minute))


def guest(name: str = "Malee Srisuk", phone: str = "0898765432", email: str = "") -> Guest:
    """Somebody who books."""
    return Guest.of(name=name, phone=phone, email=email)
