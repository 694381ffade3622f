"""Three hundred appointments that the front desk has cancelled in bulk; the work is queued.

Run as a program with the platform's settings, with a hospital's subdomain and an address of its front desk.
Prints the id of the batch.
"""

import sys
from datetime import timedelta

import django

django.setup()

from accounts.caller import actor_of  # noqa: E402  -- Django first
from accounts.models import User  # noqa: E402
from bookings.actions.appointments import book_appointment  # noqa: E402
from bookings.actions.bulk import start_cancelling  # noqa: E402
from core.actor import Door  # noqa: E402
from tenants.context import inside  # noqa: E402
from tenants.directory import hospital_by_subdomain  # noqa: E402
from tests.support.catalogue import at, guest, make_practitioner, make_service  # noqa: E402

MANY = 300
NAME = "Bulk guest"
# So far ahead that nobody is reminded meanwhile.
FIRST_DAY = 20
HOURS = (9, 10, 11, 13, 14, 15, 16)


def book_and_cancel(subdomain: str, email: str) -> str:
    """Book them all, have them cancelled, and say by which batch."""
    with inside(hospital_by_subdomain(subdomain)):
        actor = actor_of(User.objects.get(email=email), Door.ADMIN)
        # Of their own: what other tests have booked is in nobody's way.
        doctor = make_practitioner("Dr Bulk")
        service = make_service(doctor, slug="bulk")
        rows = []
        for number in range(MANY):
            day, place = divmod(number, 2 * len(HOURS))
            hour, half = divmod(place, 2)
            start = at(HOURS[hour], days=FIRST_DAY + day) + timedelta(minutes=30 * half)
            who = guest(f"{NAME} {number}", f"0830000{number:03}", f"bulk{number}@example.com")
            rows.append(
                book_appointment(
                    actor, service_id=service.pk, start=start, guest=who, practitioner_id=str(doctor.pk)
                )
            )
        return str(start_cancelling(actor, ids=[row.pk for row in rows], reason="The doctor is ill").pk)


if __name__ == "__main__":
    sys.stdout.write(book_and_cancel(*sys.argv[1:]))
