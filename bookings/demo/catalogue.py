"""From a plan to rows: accounts, specialties, practitioners with their hours, services, holidays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.models import User
from bookings.actions.schedules import confirm_holidays, suggest_thai_holidays
from bookings.demo.plan import AccountPlan, HospitalPlan, PractitionerPlan, ServicePlan
from bookings.models import (
    HealthcareService,
    Holiday,
    Practitioner,
    PractitionerSpecialty,
    ScheduleException,
    Specialty,
    WeeklyHours,
)
from bookings.rules.rulebook import DatedWindow, PractitionerRules, RuleBook, ServiceRules
from core import clock
from core.actor import Actor

PASSWORD = "nadmor-demo-2026"  # noqa: S105  -- of made-up people, printed for everybody to see
# Holidays are decided as far ahead as anything can be booked.
_HOLIDAYS_AHEAD = timedelta(days=120)
_MINUTES_A_DAY = 1440
_SYSTEM = Actor.system("load_demo", "holidays.write")


@dataclass(frozen=True, slots=True)
class Made:
    """The rows that a plan became: users by role, practitioners and services in the plan's order."""

    users: dict[str, User]
    practitioners: list[Practitioner]
    services: list[HealthcareService]


@cache
def password_hash() -> str:
    """The hash that all accounts share: making one is slow on purpose."""
    return make_password(PASSWORD)


def make_users(accounts: Iterable[AccountPlan]) -> list[User]:
    """Save those who can sign in."""
    return User.objects.bulk_create(
        User(
            email=account.email,
            first_name=account.first_name,
            last_name=account.last_name,
            role=account.role,
            password=password_hash(),
        )
        for account in accounts
    )


def make_catalogue(plan: HospitalPlan) -> Made:
    """Save everything that decides what is bookable, holidays excepted."""
    users = {user.role: user for user in make_users(plan.accounts)}
    accounts = {
        account.practitioner: users[account.role] for account in plan.accounts if account.practitioner
    }
    specialties = {
        row.code: row
        for row in Specialty.objects.bulk_create(Specialty(**each._asdict()) for each in plan.specialties)
    }
    practitioners = Practitioner.objects.bulk_create(
        Practitioner(
            name_th=each.name_th,
            name_en=each.name_en,
            kind=each.kind,
            license_number=each.license_number,
            years_of_experience=each.years,
            timezone=each.zone,
            user=accounts.get(each.name_en),
        )
        for each in plan.practitioners
    )
    services = HealthcareService.objects.bulk_create(_service(each, specialties) for each in plan.services)
    made = Made(users, practitioners, services)
    _link(plan, made, specialties)
    _give_hours(plan, made)
    return made


def make_holidays(first: date, today: date) -> set[date]:
    """Load Thai holidays from a day on and return those that are confirmed; far ones stay suggestions."""
    for year in range(first.year, today.year + 2):
        suggest_thai_holidays(_SYSTEM, year=year)
    decided = Holiday.objects.filter(date__lte=today + _HOLIDAYS_AHEAD)
    confirm_holidays(_SYSTEM, ids=decided.values_list("pk", flat=True))
    return set(decided.values_list("date", flat=True))


def rule_book(plan: HospitalPlan, made: Made, holidays: Iterable[date]) -> RuleBook:
    """The rules of a plan for all times: `queries.catalogue` knows only what is yet to come."""
    return RuleBook(
        version=0,
        zone=plan.zone,
        holidays=dict.fromkeys(holidays, ""),
        services={
            row.pk: _service_rules(each, row.pk, _who_offers(plan, made, each))
            for each, row in zip(plan.services, made.services, strict=True)
        },
        practitioners={
            str(row.pk): _practitioner_rules(each, str(row.pk), plan.zone)
            for each, row in zip(plan.practitioners, made.practitioners, strict=True)
        },
    )


def _service(each: ServicePlan, specialties: Mapping[str, Specialty]) -> HealthcareService:
    return HealthcareService(
        slug=each.slug,
        name_th=each.name_th,
        name_en=each.name_en,
        description_th=each.description_th,
        description_en=each.description_en,
        duration_minutes=each.duration,
        buffer_before=each.buffer_before,
        buffer_after=each.buffer_after,
        slot_interval=each.interval,
        minimum_notice=each.notice,
        horizon_days=each.horizon_days,
        capacity=each.capacity,
        price=each.price,
        colour=each.colour,
        specialty=specialties[each.specialty],
    )


def _link(plan: HospitalPlan, made: Made, specialties: Mapping[str, Specialty]) -> None:
    """Say who has which specialties and offers which services."""
    services = {row.slug: row for row in made.services}
    offers = HealthcareService.practitioners.through
    pairs = list(zip(plan.practitioners, made.practitioners, strict=True))
    today = clock.today_in(plan.zone)
    PractitionerSpecialty.objects.bulk_create(
        _training(row, specialties[code], each.years, number, today)
        for each, row in pairs
        for number, code in enumerate(each.specialties)
    )
    offers.objects.bulk_create(
        offers(practitioner_id=row.pk, healthcareservice_id=services[slug].pk)
        for each, row in pairs
        for slug in each.services
    )


def _training(
    person: Practitioner, specialty: Specialty, years: int | None, number: int, today: date
) -> PractitionerSpecialty:
    """The first specialty is the primary one; each further one was learnt half as long ago."""
    since = None if years is None else years >> number
    return PractitionerSpecialty(
        practitioner=person,
        specialty=specialty,
        is_primary=number == 0,
        years_of_experience=since,
        certification_date=None if since is None else date(today.year - since - 1, 4, 1),
    )


def _give_hours(plan: HospitalPlan, made: Made) -> None:
    pairs = list(zip(plan.practitioners, made.practitioners, strict=True))
    WeeklyHours.objects.bulk_create(
        WeeklyHours(
            practitioner=row,
            weekday=window.weekday,
            start_time=_time(window.start),
            end_time=_time(window.end),
            valid_from=window.valid_from,
            valid_until=window.valid_until,
        )
        for each, row in pairs
        for window in each.weekly
    )
    ScheduleException.objects.bulk_create(
        ScheduleException(
            practitioner=row,
            kind=kind,
            date_from=window.date_from,
            date_until=window.date_until,
            start_time=None if _is_whole_day(window) else _time(window.start),
            end_time=None if _is_whole_day(window) else _time(window.end),
            note=note,
        )
        for each, row in pairs
        for kind, window, note in each.exceptions
    )


def _is_whole_day(window: DatedWindow) -> bool:
    return (window.start, window.end) == (0, _MINUTES_A_DAY)


def _time(minute: int) -> time:
    hours, minutes = divmod(minute, 60)
    return time(hours % 24, minutes)


def _who_offers(plan: HospitalPlan, made: Made, service: ServicePlan) -> tuple[str, ...]:
    return tuple(
        str(row.pk)
        for each, row in zip(plan.practitioners, made.practitioners, strict=True)
        if service.slug in each.services
    )


def _service_rules(each: ServicePlan, service_id: int, who: tuple[str, ...]) -> ServiceRules:
    return ServiceRules(
        id=service_id,
        slug=each.slug,
        duration=each.duration,
        buffer_before=each.buffer_before,
        buffer_after=each.buffer_after,
        interval=each.interval,
        notice=each.notice,
        horizon_days=each.horizon_days,
        capacity=each.capacity,
        practitioner_ids=who,
    )


def _practitioner_rules(each: PractitionerPlan, practitioner_id: str, zone: str) -> PractitionerRules:
    def dated(kind: str) -> tuple[DatedWindow, ...]:
        return tuple(window for its_kind, window, _ in each.exceptions if its_kind == kind)

    return PractitionerRules(
        id=practitioner_id,
        name_th=each.name_th,
        name_en=each.name_en,
        zone=each.zone or zone,
        weekly=each.weekly,
        extra_hours=dated("EXTRA_HOURS"),
        time_off=dated("TIME_OFF"),
    )
