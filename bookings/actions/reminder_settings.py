"""When and how a hospital sends its notices."""

from collections.abc import Sequence
from datetime import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bookings.channels import all_channels
from bookings.events import BookingEvent
from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import record
from tenants.context import current_hospital
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tenants.provisioning import tell_of


@transaction.atomic
def set_reminders(
    actor: Actor, *, reminder_time: time, reminder_least_hours: int, channels: Sequence[str]
) -> None:
    """Set the hour of a hospital's reminders, how late one may still go out, and its channels in order.

    It holds at once: what becomes due by it is planned within seconds. No channels: the platform's order.
    Raises `InvalidInput` naming reminder_time, reminder_least_hours or notice_channels.
    """
    actor.require("notices.write")
    known = [channel.name for channel in all_channels() if channel.delivers]
    if unknown := [name for name in channels if name not in known]:
        text = _("“{unknown}” is no channel. There are: {known}.")
        raise InvalidInput(notice_channels=format_lazy(text, unknown=unknown[0], known=", ".join(known)))
    hospital = Hospital.objects.select_for_update().get(pk=current_hospital().pk)
    wanted = {
        "reminder_time": reminder_time,
        "reminder_least_hours": reminder_least_hours,
        "notice_channels": ", ".join(channels),
    }
    changes = {name: [getattr(hospital, name), value] for name, value in wanted.items()}
    changes = {name: both for name, both in changes.items() if both[0] != both[1]}
    if not changes:
        return
    _save(hospital, wanted)
    record(
        actor,
        BookingEvent.REMINDERS_CHANGED,
        subject_type="hospital",
        subject_id=hospital.pk,
        changes=changes,
    )


def _save(hospital: Hospital, wanted: dict[str, object]) -> None:
    for name, value in wanted.items():
        setattr(hospital, name, value)
    others = [field.name for field in Hospital._meta.fields if field.name not in wanted]  # noqa: SLF001  -- Django's documented API
    try:
        hospital.clean_fields(exclude=others)
    except ValidationError as error:
        raise InvalidInput(**{name: texts[0] for name, texts in error.message_dict.items()}) from error
    Hospital.objects.filter(pk=hospital.pk).update(**wanted)
    tell_of(hospital)
    transaction.on_commit(forget_hospitals)
