"""Tokens and secrets of the hospitals' own bots: sealed in the database, opened only to talk to Telegram."""

from uuid import UUID

from django.db import transaction

from core.sealing import seal, unseal
from telegram_integration.models import TelegramBot

_SEALED = ("token", "secret")


def seal_token(bot_id: UUID, token: str) -> str:
    """A token as `TelegramBot.token` keeps it; a copy of it in another row opens nothing."""
    return seal(token, place=_place("token", bot_id))


def seal_secret(bot_id: UUID, secret: str) -> str:
    """The webhook's secret as `TelegramBot.secret` keeps it."""
    return seal(secret, place=_place("secret", bot_id))


def open_token(bot: TelegramBot) -> str:
    """The token of a hospital's own bot. Raises `CannotUnseal`."""
    return unseal(bot.token, place=_place("token", bot.pk))


def open_secret(bot: TelegramBot) -> str:
    """The secret of a hospital's own bot. Raises `CannotUnseal`."""
    return unseal(bot.secret, place=_place("secret", bot.pk))


def reseal_all() -> int:
    """Seal all tokens and secrets with the first of the keys; return how many bots changed.

    Raises `CannotUnseal` if the key of one is not among the keys any more; then nothing changed.
    """
    with transaction.atomic():
        rows = list(TelegramBot.objects.select_for_update(no_key=True).exclude(hospital=None).order_by("pk"))
        for row in rows:
            row.token = seal_token(row.pk, open_token(row))
            row.secret = seal_secret(row.pk, open_secret(row)) if row.secret else ""
        return TelegramBot.objects.bulk_update(rows, _SEALED, batch_size=500)


def _place(what: str, bot_id: UUID) -> str:
    return f"telegram.{what}:{bot_id}"
