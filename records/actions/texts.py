"""What callers write, checked; and what stood there before, kept."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.errors import InvalidInput
from events.outbox import LONGEST_LABEL
from records.models import Attachment, MedicalRecord, Medication, RecordRevision, Treatment
from records.models.fields import sealed_fields

MOST_ATTACHMENTS, MOST_MEDICATIONS = 20, 30


class AttachmentPlan(TypedDict):
    """A document that another system keeps: its name, its media type, and its id over there."""

    name: str
    media_type: str
    reference: str


class MedicationPlan(TypedDict):
    """A medicine and how it is taken, each in a line of text; only the name is needed."""

    name: str
    dosage: str
    frequency: str
    duration: str


def checked_texts(model: type[models.Model], texts: Mapping[str, str]) -> dict[str, str]:
    """The sealed texts of a row, without spaces around them. Raises `InvalidInput`."""
    fields = {field.name: field for field in sealed_fields(model)}
    if strangers := set(texts) - set(fields):
        raise TypeError(f"{model.__name__} has no text {', '.join(sorted(strangers))}.")
    checked = {name: text.strip() for name, text in texts.items()}
    wrong: dict[str, Any] = {}
    for name, text in checked.items():
        if not text and not fields[name].blank:
            wrong[name] = _("This field may not be blank.")
        elif len(text) > (longest := fields[name].max_length or len(text)):
            wrong[name] = _("No more than %d characters, please.") % longest
    if wrong:
        raise InvalidInput(**wrong)
    return checked


def attachments_of(record: MedicalRecord, plans: Sequence[AttachmentPlan]) -> list[Attachment]:
    """Rows of attachments, yet to be saved. Raises `InvalidInput` (attachments)."""
    return _rows_of("attachments", Attachment, "record", record, plans, MOST_ATTACHMENTS)


def medications_of(treatment: Treatment, plans: Sequence[MedicationPlan]) -> list[Medication]:
    """Rows of medications, yet to be saved. Raises `InvalidInput` (medications)."""
    return _rows_of("medications", Medication, "treatment", treatment, plans, MOST_MEDICATIONS)


def plan_of(row: Attachment | Medication) -> dict[str, str]:
    """A row as `attachments_of` and `medications_of` take it."""
    names = AttachmentPlan if isinstance(row, Attachment) else MedicationPlan
    return {name: getattr(row, name) for name in names.__annotations__}


def keep_version(actor: Actor, row: MedicalRecord | Treatment, content: Mapping[str, Any]) -> RecordRevision:
    """Write down what a row holds before it is changed, and who changes it; call under the row's lock."""
    number = row.revisions.count() + 1
    about = {"record": row} if isinstance(row, MedicalRecord) else {"treatment": row}
    revision = RecordRevision(
        **about,
        number=number,
        door=str(actor.door),
        actor_role=actor.role,
        actor_user_id=actor.user_id,
        actor_label=actor.label[:LONGEST_LABEL],
        content=json.dumps(content, ensure_ascii=False, default=str),
    )
    revision.save(force_insert=True)
    return revision


def _rows_of(
    name: str, model: type[Any], owner_name: str, owner: models.Model, plans: Sequence[Any], most: int
) -> list[Any]:
    if len(plans) > most:
        raise InvalidInput(**{name: _("No more than %d, please.") % most})
    rows = [
        model(position=place, **{owner_name: owner}, **{key: text.strip() for key, text in plan.items()})
        for place, plan in enumerate(plans, start=1)
    ]
    try:
        for row in rows:
            # The sealed columns hold text until they are saved, so the model's own checks can read it.
            row.clean_fields(exclude=[owner_name])
            texts = {field.name: getattr(row, field.name) for field in sealed_fields(model)}
            for field, text in checked_texts(model, texts).items():
                setattr(row, field, text)
    except ValidationError as error:
        raise _about(name, error.message_dict) from error
    except InvalidInput as error:
        raise _about(name, error.data["fields"]) from error
    return rows


def _about(name: str, fields: Mapping[str, Sequence[Any]]) -> InvalidInput:
    """The first of what is wrong with a row, told of the list that it stands in."""
    field, words = next(iter(fields.items()))
    return InvalidInput(**{name: f"{field}: {words[0]}"})
