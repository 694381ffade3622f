"""Holidays: suggested out of the public calendar, confirmed by a person."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bookings.events import BookingEvent
from bookings.models import Holiday
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record

# The calendar's package knows these years well; the cabinet adds days late, so a person confirms.
FIRST_YEAR, LAST_YEAR = 2020, 2100
# What the pages of single holidays record too.
HOLIDAYS_CHANGED = "holidays.changed"


@transaction.atomic
def suggest_thai_holidays(actor: Actor, *, year: int) -> int:
    """Add the public holidays of Thailand for a Gregorian year, unconfirmed; return how many are new.

    Dates and names are those of the `holidays` package. Days that stand already stay as they are.
    """
    actor.require("holidays.write")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(year=_("Give a Gregorian year between 2020 and 2100."))
    import holidays  # noqa: PLC0415  -- once a year

    thai = holidays.country_holidays("TH", years=year, language="th")
    english = holidays.country_holidays("TH", years=year, language="en_US")
    before = Holiday.objects.count()
    Holiday.objects.bulk_create(
        [
            Holiday(date=day, name_th=name[:200], name_en=str(english[day])[:200])
            for day, name in thai.items()
        ],
        ignore_conflicts=True,
    )
    added = Holiday.objects.count() - before
    record(
        actor,
        BookingEvent.HOLIDAYS_SUGGESTED,
        subject_type="holidays",
        subject_id=year,
        data={"added": added},
    )
    return added


@transaction.atomic
def confirm_holidays(actor: Actor, *, ids: Iterable[UUID]) -> int:
    """Make suggested holidays count: nothing can be booked on them any more. Return how many changed."""
    actor.require("holidays.write")
    chosen = Holiday.objects.select_for_update().filter(pk__in=list(ids), is_confirmed=False)
    days = sorted(chosen.values_list("date", flat=True))
    Holiday.objects.filter(date__in=days).update(is_confirmed=True)
    if days:
        record(
            actor,
            BookingEvent.HOLIDAYS_CONFIRMED,
            subject_type="holidays",
            subject_id=days[0].year,
            data={"days": [day.isoformat() for day in days]},
        )
    return len(days)


@transaction.atomic
def unconfirm_holidays(actor: Actor, *, ids: Iterable[UUID]) -> int:
    """Make confirmed holidays suggestions again: their days can be booked. Return how many changed."""
    actor.require("holidays.write")
    chosen = Holiday.objects.select_for_update().filter(pk__in=list(ids), is_confirmed=True)
    days = sorted(chosen.values_list("date", flat=True))
    Holiday.objects.filter(date__in=days).update(is_confirmed=False)
    if days:
        record(
            actor,
            HOLIDAYS_CHANGED,
            subject_type="holidays",
            subject_id=days[0].year,
            changes={"is_confirmed": [True, False]},
            data={"days": [day.isoformat() for day in days]},
        )
    return len(days)
