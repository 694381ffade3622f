"""What is bookable, kept in memory by version: one small query tells whether it still holds."""

import json
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.db import connection

from bookings.errors import PractitionerNotFound, ServiceNotFound
from bookings.models import HealthcareService, Practitioner, Specialty
from bookings.rules.rulebook import DatedWindow, PractitionerRules, RuleBook, ServiceRules, WeeklyWindow
from core.actor import Actor
from tenants.context import current_hospital

# One statement, so that the rules and their version are of the same instant. It reads what is yet to come:
# exceptions and holidays that are over decide nothing.
_READ_ALL = """
SELECT
  (SELECT version FROM bookings_rulesversion),
  (SELECT coalesce(json_agg(row_to_json(s) ORDER BY s.id), '[]') FROM (
     SELECT s.*, s.price::text AS price_text, (
       SELECT coalesce(json_agg(p.id ORDER BY p.name_en, p.id), '[]')
       FROM bookings_healthcareservice_practitioners sp
       JOIN bookings_practitioner p ON p.id = sp.practitioner_id
       WHERE sp.healthcareservice_id = s.id AND p.is_active AND p.is_bookable) AS practitioner_ids
     FROM bookings_healthcareservice s WHERE s.is_active) s),
  (SELECT coalesce(json_agg(row_to_json(p)), '[]') FROM (
     SELECT p.*,
       (SELECT coalesce(json_agg(w), '[]') FROM bookings_weeklyhours w
        WHERE w.practitioner_id = p.id) AS weekly,
       (SELECT coalesce(json_agg(e), '[]') FROM bookings_scheduleexception e
        WHERE e.practitioner_id = p.id AND e.date_until >= CURRENT_DATE - 2) AS exceptions
     FROM bookings_practitioner p WHERE p.is_active AND p.is_bookable) p),
  (SELECT coalesce(json_agg(s), '[]') FROM bookings_specialty s),
  (SELECT coalesce(json_agg(h), '[]') FROM bookings_holiday h
   WHERE h.is_confirmed AND h.date >= CURRENT_DATE - 2)
"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything bookable at one version. All threads share its rows: read them, never change them."""

    book: RuleBook
    services: dict[int, HealthcareService]
    practitioners: dict[str, Practitioner]

    def service(self, service_id: int) -> HealthcareService:
        """The active service of that id. Raises `ServiceNotFound`."""
        if (service := self.services.get(service_id)) is None:
            raise ServiceNotFound
        return service

    def providers_of(self, service_id: int, practitioner_id: str | None) -> tuple[str, ...]:
        """Ids of the practitioners who offer a service, or just the asked one.

        Raises `ServiceNotFound`, `PractitionerNotFound`.
        """
        self.service(service_id)
        offered = self.book.services[service_id].practitioner_ids
        if practitioner_id is None:
            return offered
        if practitioner_id not in offered:
            raise PractitionerNotFound
        return (practitioner_id,)


_kept: LRUCache[tuple[str, str], Catalogue] = LRUCache(maxsize=256)
_lock = Lock()


def catalogue() -> Catalogue:
    """The present catalogue of the hospital at hand: one statement, or two after a change."""
    hospital = current_hospital()
    place = (connection.settings_dict["NAME"], hospital.schema_name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM bookings_rulesversion")
        version = cursor.fetchone()[0]
    with _lock:
        kept = _kept.get(place)
    if kept is None or kept.book.version != version or kept.book.zone != hospital.timezone:
        kept = _load(hospital.timezone)
        with _lock:
            _kept[place] = kept
    return kept


def services_for(actor: Actor) -> list[HealthcareService]:
    """Active services in the order of their ids."""
    actor.require("catalogue.read")
    return list(catalogue().services.values())


def _load(zone: str) -> Catalogue:
    with connection.cursor() as cursor:
        cursor.execute(_READ_ALL)
        version, services, practitioners, specialties, holidays = cursor.fetchone()
    fields = {row["id"]: _specialty(row) for row in _rows(specialties)}
    people, offers = _rows(practitioners), _rows(services)
    book = RuleBook(
        version=version,
        zone=zone,
        holidays={date.fromisoformat(row["date"]): row["name_en"] for row in _rows(holidays)},
        services={row["id"]: _service_rules(row) for row in offers},
        practitioners={row["id"]: _practitioner_rules(row, zone) for row in people},
    )
    return Catalogue(
        book=book,
        services={row["id"]: _service(row, fields) for row in offers},
        practitioners={row["id"]: _practitioner(row) for row in people},
    )


def _rows(value: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(value) if isinstance(value, str) else value
    return rows


def _service_rules(row: dict[str, Any]) -> ServiceRules:
    return ServiceRules(
        id=row["id"],
        slug=row["slug"],
        duration=row["duration_minutes"],
        buffer_before=row["buffer_before"],
        buffer_after=row["buffer_after"],
        interval=row["slot_interval"],
        notice=row["minimum_notice"],
        horizon_days=row["horizon_days"],
        capacity=row["capacity"],
        practitioner_ids=tuple(row["practitioner_ids"]),
    )


def _practitioner_rules(row: dict[str, Any], hospital_zone: str) -> PractitionerRules:
    def dated(kind: str) -> tuple[DatedWindow, ...]:
        return tuple(_dated_window(entry) for entry in row["exceptions"] if entry["kind"] == kind)

    return PractitionerRules(
        id=row["id"],
        name_th=row["name_th"],
        name_en=row["name_en"],
        zone=row["timezone"] or hospital_zone,
        weekly=tuple(_weekly_window(entry) for entry in row["weekly"]),
        extra_hours=dated("EXTRA_HOURS"),
        time_off=dated("TIME_OFF"),
        daily_limit=row["daily_limit"],
    )


def _weekly_window(row: dict[str, Any]) -> WeeklyWindow:
    return WeeklyWindow(
        weekday=row["weekday"],
        start=_minutes(row["start_time"]),
        end=_minutes(row["end_time"]) or 1440,
        valid_from=_date(row["valid_from"]),
        valid_until=_date(row["valid_until"]),
    )


def _dated_window(row: dict[str, Any]) -> DatedWindow:
    begin, end = row["start_time"], row["end_time"]
    return DatedWindow(
        date_from=date.fromisoformat(row["date_from"]),
        date_until=date.fromisoformat(row["date_until"]),
        start=_minutes(begin) if begin else 0,
        end=(_minutes(end) or 1440) if end else 1440,
    )


def _minutes(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _specialty(row: dict[str, Any]) -> Specialty:
    return Specialty(id=row["id"], code=row["code"], name_th=row["name_th"], name_en=row["name_en"])


def _practitioner(row: dict[str, Any]) -> Practitioner:
    return Practitioner(
        id=row["id"],
        name_th=row["name_th"],
        name_en=row["name_en"],
        kind=row["kind"],
        timezone=row["timezone"],
        daily_limit=row["daily_limit"],
    )


def _service(row: dict[str, Any], specialties: dict[str, Specialty]) -> HealthcareService:
    plain = (
        "id", "slug", "name_th", "name_en", "description_th", "description_en", "duration_minutes",
        "buffer_before", "buffer_after", "slot_interval", "minimum_notice", "horizon_days", "capacity",
        "currency", "colour",
    )  # fmt: skip
    return HealthcareService(
        **{name: row[name] for name in plain},
        price=Decimal(row["price_text"]) if row["price_text"] is not None else None,
        specialty=specialties.get(row["specialty_id"]),
    )
