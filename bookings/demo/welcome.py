"""What people read when everything runs: where to go, how to sign in, and a first request."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from accounts.permissions import Role
from bookings.demo.catalogue import PASSWORD
from bookings.demo.loader import OPERATOR
from bookings.demo.plan import HospitalPlan
from bookings.models import HealthcareService
from bookings.queries.availability import availability_for
from core import clock
from core.actor import Actor
from core.errors import DomainError
from tenants.context import inside
from tenants.models import Hospital

_READER = Actor.system("load_demo", "availability.read")
_LOOK_AHEAD = timedelta(days=14)


def welcome(plans: Sequence[HospitalPlan], hospital: Hospital, key: str, site: str) -> str:
    """The whole text; `site` is host and port (``localhost:8000``), `hospital` the one whose key it is."""
    return "\n\n".join([_addresses(plans, site), _logins(plans), _requests(hospital, key, f"http://{site}")])


def _addresses(plans: Iterable[HospitalPlan], site: str) -> str:
    rows = [("Start page", f"http://{site}/")]
    rows += [(f"Admin of {plan.name}", f"http://{plan.subdomain}.{site}/admin/") for plan in plans]
    rows += [("Admin of the platform", f"http://{site}/admin/"), ("API", f"http://{site}/api/docs/")]
    return _table(("Address", "What"), [(address, what) for what, address in rows])


def _logins(plans: Iterable[HospitalPlan]) -> str:
    rows = [
        (plan.subdomain, account.email, _role(account.role), PASSWORD)
        for plan in plans
        for account in plan.accounts
    ]
    rows.append(("(platform)", OPERATOR.email, "operator", PASSWORD))
    return _table(("Hospital", "E-mail", "Role", "Password"), rows)


def _role(role: Role) -> str:
    return role.value.lower().replace("_", " ")


def _requests(hospital: Hospital, key: str, base: str) -> str:
    api = f"{base}/api/v1/tenants/{hospital.subdomain}/booking"
    with inside(hospital):
        service = HealthcareService.objects.filter(is_active=True).order_by("pk").first()
        day = _day_with_slots(service.pk, hospital.timezone) if service is not None else None
    questions = [f"{api}/event-types"]
    if service is not None:
        questions.append(f"{api}/availability/{service.pk}?date={day}")
    heading = (
        f"API key of {hospital.subdomain}: {key}" if key else "No API key was made: give --key-file for one."
    )
    shown = key or "YOUR-KEY"
    return "\n".join([heading, *(f'  curl -H "X-API-Key: {shown}" "{question}"' for question in questions)])


def _day_with_slots(service_id: int, zone: str) -> date:
    """The first day after today on which the service has a free slot; tomorrow if there is none."""
    tomorrow = clock.today_in(zone) + timedelta(days=1)
    try:
        found = availability_for(
            _READER, service_id=service_id, date_from=tomorrow, date_until=tomorrow + _LOOK_AHEAD
        )
    except DomainError:
        return tomorrow
    starts = [clock.from_epoch(slot.start).astimezone(clock.zone(zone)).date() for slot in found.slots]
    return min(starts, default=tomorrow)


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Left-aligned columns; the last one ragged, so that Thai, which has no fixed width, may stand there."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head) - 1)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in (head, *rows)
    ]
    return "\n".join(f"  {line}" for line in lines)
