"""`python -m launcher.remind SUBDOMAIN`: remind of the newest booking now, as on the day before.

For pictures: nobody wants to wait for tomorrow.
"""

import os
import sys
import time
from datetime import timedelta

import django
from django.db import transaction

_LANES = ("notices", "telegram")
_PATIENCE = 20  # seconds; a chat that was just written to is left alone for one
_GLANCE = 0.2  # seconds


def remind(subdomain: str) -> None:
    """Order the reminder of the newest appointment of a hospital, and send what is due until it has gone."""
    # Models can be read only when Django is set up.
    from bookings.actions.notices import notify  # noqa: PLC0415  -- see above
    from bookings.actions.reminders import REMINDER  # noqa: PLC0415  -- see above
    from bookings.models import Appointment, NoticeStatus  # noqa: PLC0415  -- see above
    from jobs.worker import run_due  # noqa: PLC0415  -- see above
    from tenants.context import inside  # noqa: PLC0415  -- see above
    from tenants.directory import hospital_by_subdomain  # noqa: PLC0415  -- see above

    with inside(hospital_by_subdomain(subdomain)):
        row = Appointment.objects.select_related("patient").latest("created_at")
        with transaction.atomic():
            notice = notify(
                REMINDER, subject=row.pk, for_time=row.start, good_until=row.start - timedelta(hours=1),
                appointment=row, patient=row.patient,
            )  # fmt: skip
        until = time.monotonic() + _PATIENCE
        while notice.status == NoticeStatus.PENDING and time.monotonic() < until:
            for lane in _LANES:
                run_due(lane)
            time.sleep(_GLANCE)
            notice.refresh_from_db()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    django.setup()
    remind(sys.argv[1])
