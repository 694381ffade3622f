"""Fill the database of the live tests; prints where everything is, as JSON."""

import json
import sys
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  -- Django first

from apikeys.keys import create_key  # noqa: E402
from core.actor import Actor  # noqa: E402
from tenants.context import inside  # noqa: E402
from tenants.models import Hospital  # noqa: E402
from tenants.provisioning import provision_hospital  # noqa: E402
from tests.support.catalogue import make_practitioner, make_service  # noqa: E402


def make_key(hospital: Hospital, *, is_unlimited: bool) -> str:
    """A key that may read and write bookings."""
    return create_key(
        Actor.system("live tests", "keys.write"),
        name="live",
        scopes=("read:bookings", "write:bookings"),
        hospital=hospital,
        is_unlimited=is_unlimited,
    )[1]


def seed(subdomain: str) -> dict[str, Any]:
    """A hospital with three doctors, a check-up by one, a visit by all, and a group of five."""
    hospital = provision_hospital(subdomain=subdomain, name=f"{subdomain} Hospital", language="en")
    key, limited = (make_key(hospital, is_unlimited=is_unlimited) for is_unlimited in (True, False))
    with inside(hospital):
        doctors = [make_practitioner(f"Dr {subdomain} {number}") for number in range(3)]
        return {
            "schema": hospital.schema_name,
            "key": key,
            "limited_key": limited,
            "doctors": [str(doctor.pk) for doctor in doctors],
            "check_up": make_service(doctors[0], slug="check-up").pk,
            "visit": make_service(*doctors, slug="visit", buffer_after=10, slot_interval=20).pk,
            "group": make_service(doctors[2], slug="group", capacity=5, duration_minutes=60).pk,
        }


if __name__ == "__main__":
    call_command("migrate_schemas", shared=True, verbosity=0)
    sys.stdout.write(json.dumps({subdomain: seed(subdomain) for subdomain in ("ploy", "rama")}))
