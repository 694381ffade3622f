"""Secrets of endpoints: sealed in the database, opened only to sign."""

from uuid import UUID

from django.db import transaction

from core.sealing import seal, unseal
from webhooks.models import Webhook


def seal_secret(webhook_id: UUID, secret: str) -> str:
    """A secret as it is stored; a copy of it in another row opens nothing."""
    return seal(secret, place=_place(webhook_id))


def open_secrets(webhook_id: UUID, *sealed: str) -> list[str]:
    """Secrets as they sign; an empty one is left out. Raises `CannotUnseal`."""
    return [unseal(text, place=_place(webhook_id)) for text in sealed if text]


def reseal_all() -> int:
    """Seal every endpoint's secrets with the first of the keys; return how many endpoints changed.

    Raises `CannotUnseal` if the key of one is not among the keys any more; then nothing changed.
    """
    with transaction.atomic():
        rows = list(Webhook.objects.select_for_update(no_key=True).order_by("pk"))
        for row in rows:
            row.secret = _resealed(row.pk, row.secret)
            row.previous_secret = _resealed(row.pk, row.previous_secret)
        return Webhook.objects.bulk_update(rows, ["secret", "previous_secret"], batch_size=500)


def _resealed(webhook_id: UUID, sealed: str) -> str:
    return seal_secret(webhook_id, *open_secrets(webhook_id, sealed)) if sealed else ""


def _place(webhook_id: UUID) -> str:
    return f"webhooks.secret:{webhook_id}"
