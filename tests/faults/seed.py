"""Fill the database of the fault tests; prints where everything is, as JSON."""

import json
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  -- Django first

from accounts.models import User  # noqa: E402
from accounts.permissions import Role  # noqa: E402
from apikeys.keys import create_key  # noqa: E402
from apikeys.models import RateLimit  # noqa: E402
from apikeys.scopes import SCOPES  # noqa: E402
from core.actor import Actor  # noqa: E402
from tenants.context import inside  # noqa: E402
from tenants.models import Hospital  # noqa: E402
from tenants.provisioning import provision_hospital  # noqa: E402
from tests.faults.clients import DOCTORS, HOSPITALS  # noqa: E402
from tests.support.catalogue import make_practitioner, make_service  # noqa: E402
from tests.support.people import PASSWORD  # noqa: E402

MANY = 100_000
SYSTEM = Actor.system("fault tests", "keys.write")


def key_of(hospital: Hospital, *scopes: str, **more: Any) -> str:
    return create_key(SYSTEM, name="faults", scopes=scopes, hospital=hospital, **more)[1]


def seed(subdomain: str) -> dict[str, Any]:
    """A hospital with eight doctors who all offer one visit, and keys with usual, high and no limits."""
    hospital = provision_hospital(subdomain=subdomain, name=f"{subdomain} Hospital", language="en")
    ours = [scope for scope in SCOPES if scope != "admin:platform"]
    with inside(hospital):
        doctors = [make_practitioner(f"Dr {subdomain} {number}") for number in range(DOCTORS)]
        service = make_service(*doctors, slug="visit")
        desk = f"desk@{subdomain}.example"
        User.objects.create_user(desk, PASSWORD, first_name="Fon", role=Role.FRONT_DESK)
    for policy in ("booking", "reading", "writing", "webhooks", "hospital"):
        RateLimit.objects.create(hospital=hospital, policy=policy, amount=MANY, seconds=60)
    return {
        "schema": hospital.schema_name,
        # Counted like every other, so that each request needs Redis; its limits are out of reach.
        "key": key_of(hospital, *ours),
        "unlimited_key": key_of(hospital, *ours, is_unlimited=True),
        "limited_key": key_of(hospital, "read:bookings", "write:bookings"),
        "doctor": str(doctors[0].pk),
        "visit": service.pk,
        "desk": {"email": desk, "password": PASSWORD},
    }


if __name__ == "__main__":
    call_command("migrate_schemas", shared=True, verbosity=0)
    sys.stdout.write(json.dumps({subdomain: seed(subdomain) for subdomain in HOSPITALS}))
