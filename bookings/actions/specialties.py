"""Specialties: fields of medicine that a hospital offers."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bookings.actions.links import refuse_fields
from bookings.errors import SpecialtyExists
from bookings.events import BookingEvent
from bookings.models import Specialty
from core.actor import Actor
from events.outbox import record


@transaction.atomic
def create_specialty(
    actor: Actor, *, code: str, name: str, name_th: str = "", description: str = ""
) -> Specialty:
    """Add a specialty. `name` is the English one; without a Thai one it stands for both.

    Raises `SpecialtyExists`, `InvalidInput` with the wrong fields named.
    """
    actor.require("catalogue.write")
    row = Specialty(code=code.strip().lower(), name_en=name, name_th=name_th or name, description=description)
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        if "name_en" in error.message_dict:
            error.error_dict["name"] = error.error_dict.pop("name_en")
        refuse_fields(error)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise SpecialtyExists from error
    record(
        actor,
        BookingEvent.CATALOGUE_CHANGED,
        subject_type="specialty",
        subject_id=row.pk,
        data={"how": "added", "code": row.code},
    )
    return row
