"""Figures of a hospital, which are read like collections: the dashboard, and reports of some days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from analytics.queries.specialties import reports
from analytics.queries.statistics import dashboard
from analytics.serializers import DashboardSerializer, ReportSerializer
from apikeys.limits import Allowance, spend
from bookings.serializers.fields import WireDate
from core import clock
from core.actor import Actor
from core.errors import InvalidInput
from credentials.callers import Credential, within
from mcp_integration.collections.asking import among, params_of
from mcp_integration.collections.reading import POLICY, CollectionNotAllowed, CollectionNotFound, as_plain
from mcp_integration.collections.row import represented
from tenants.context import current_hospital

NEEDS = "analytics.read"
NAMES = ("filter", "fields", "subdomain", "hospital_id")
# Without dates, a report is of the days up to today.
USUAL_DAYS = 30


class _DaysSerializer(serializers.Serializer):
    date_from = WireDate(required=False)
    date_to = WireDate(required=False)


@dataclass(frozen=True, slots=True)
class Figures:
    """Something that is counted: `take` gets the actor and the filter, `item` represents what it gives."""

    title: str
    about: str
    take: Callable[[Actor, dict[str, Any]], Any]
    item: type[serializers.Serializer]


def _dashboard(actor: Actor, asked: dict[str, Any]) -> Any:
    if asked:
        raise InvalidInput(filter=_("There is no such filter here."))
    return dashboard(actor)


def _report(actor: Actor, asked: dict[str, Any]) -> Any:
    if asked.keys() - _DaysSerializer().fields.keys():
        raise InvalidInput(filter=_("There is no such filter here."))
    days = _DaysSerializer(data=asked)
    days.is_valid(raise_exception=True)
    last: date = days.validated_data.get("date_to") or clock.today_in(current_hospital().timezone)
    first: date = days.validated_data.get("date_from") or max(
        last - timedelta(days=USUAL_DAYS - 1), date(1970, 1, 1)
    )
    return reports(actor, date_from=first, date_to=last)


FIGURES: dict[str, Figures] = {
    "dashboard": Figures(
        "Dashboard", "Today, the seven days to come, and the last 30 days.", _dashboard, DashboardSerializer
    ),
    "reports": Figures(
        "Report",
        "A hospital, its doctors and its specialties from one date to another, 366 days at most.",
        _report,
        ReportSerializer,
    ),
}


def read_figures(
    credential: Credential, name: str, params: Mapping[str, str], *, language: str | None = None
) -> tuple[dict[str, Any], Allowance | None]:
    """Figures as the caller may see them, and what is left of their allowance.

    Raises `TooManyRequests`, `CollectionNotFound`, `CollectionNotAllowed`, `InvalidInput`, DRF's
    `ValidationError`, `HospitalNotFound`, `HospitalInactive`.
    """
    allowance = spend(POLICY, credential.spender)
    figures = FIGURES.get(name)
    if figures is None:
        raise CollectionNotFound
    if not credential.actor.can(NEEDS):
        raise CollectionNotAllowed
    data = params_of(params, NAMES)
    fields = among(data["fields"], tuple(figures.item().fields), "fields")
    hospital = credential.hospital_named(**data["place"])
    if hospital is None:
        raise InvalidInput(hospital_id=_("Say which hospital: these credentials belong to none."))
    with within(hospital), translation.override(language or hospital.language):
        [found] = represented(figures.item, [figures.take(credential.actor, data["filter"])])
        return as_plain(
            {key: value for key, value in found.items() if not fields or key in fields}
        ), allowance
