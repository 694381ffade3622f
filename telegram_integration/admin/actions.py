"""What staff and operators do with bots and links. Each verb leaves its event in the history."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from core.actor import Actor
from core.errors import NotAllowed
from events.outbox import record
from telegram_integration.admin.errors import BadBotToken, BotTaken, TelegramNotReached
from telegram_integration.admin.queries import bot_for, is_operator, link_for, user_for
from telegram_integration.bots import forget_bots, give_bot, number_of
from telegram_integration.client.calls import call
from telegram_integration.client.errors import BadToken, TelegramFault
from telegram_integration.client.tokens import seal_token
from telegram_integration.events import TelegramEvent
from telegram_integration.models import TelegramBot, TelegramChat, TelegramLink
from tenants.context import current_hospital, in_public_schema, inside, outside
from tenants.models import Hospital


def connect_bot(actor: Actor, *, hospital: Hospital, token: str) -> TelegramBot:
    """Give a hospital the bot of a token, in the place of the one that it had; return its row.

    Asks Telegram who the bot is, so say it within no transaction. Raises `BadBotToken`, `BotTaken`,
    `TelegramNotReached`, `NotAllowed`.
    """
    actor.require("telegram.write")
    _require_reach(actor, hospital)
    number = _number_in(token)
    if TelegramBot.objects.filter(telegram_id=number).exclude(hospital=hospital).exists():
        raise BotTaken
    username = _ask_username(hospital, token, number)
    try:
        with inside(hospital), transaction.atomic():
            bot = give_bot(hospital, token)
            bot.username = username
            bot.save(update_fields=["username", "updated_at"])
            _record(actor, TelegramEvent.BOT_CONNECTED, bot, data={"username": username})
    except IntegrityError as error:
        raise BotTaken from error
    return bot


def switch_bot(actor: Actor, *, bot_id: UUID, is_active: bool) -> None:
    """Switch a bot off, so that it hears and says nothing, or on again.

    Without its own, a hospital's patients are served by the platform's. Raises `BotNotFound`, `BotTaken`.
    """
    actor.require("telegram.write")
    bot = bot_for(actor, bot_id)
    try:
        with history_of(bot.hospital), transaction.atomic():
            changed = TelegramBot.objects.filter(pk=bot.pk, is_active=not is_active)
            if changed.update(is_active=is_active):
                changes = {"is_active": [not is_active, is_active]}
                _record(actor, TelegramEvent.BOT_SWITCHED, bot, changes=changes)
            transaction.on_commit(forget_bots)
    except IntegrityError as error:
        raise BotTaken from error


def ask_telegram(actor: Actor, *, bot_id: UUID) -> tuple[str, int]:
    """Where Telegram posts a bot's updates (empty: it waits to be polled), and how many wait there.

    Talks to Telegram. Raises `BotNotFound`, `TelegramNotReached`.
    """
    info = _ask(bot_for(actor, bot_id), "get_webhook_info")
    return str(info.url or ""), int(info.pending_update_count)


def unlink(actor: Actor, *, link_id: UUID) -> None:
    """Have a chat be a patient's no more: they prove their number anew. Raises `LinkNotFound`.

    For a hospital's staff with patients.write, and for operators with telegram.write.
    """
    actor.require("telegram.write" if in_public_schema() else "patients.write")
    link = link_for(actor, link_id)
    with inside(link.hospital), transaction.atomic():
        gone, _by_model = TelegramLink.objects.filter(pk=link.pk).delete()
        if gone:
            record(actor, TelegramEvent.UNLINKED, subject_type="patient", subject_id=link.patient_id)


def unblock(actor: Actor, *, user_id: UUID) -> int:
    """Write again to somebody who had blocked bots; return how many chats that were.

    If they block them still, the next message finds out. Raises `TelegramUserNotFound`.
    """
    actor.require("telegram.write")
    user = user_for(actor, user_id)
    with transaction.atomic():
        opened = TelegramChat.objects.filter(user=user, blocked_at__isnull=False).update(blocked_at=None)
        if opened:
            record(actor, TelegramEvent.UNBLOCKED, subject_type="telegram_user", subject_id=user.pk)
    return opened


def _require_reach(actor: Actor, hospital: Hospital) -> None:
    """An operator reaches every hospital, others the one that they are in."""
    is_ours = not in_public_schema() and current_hospital().pk == hospital.pk
    if not is_ours and not is_operator(actor):
        raise NotAllowed(needs="telegram.write")


def _number_in(token: str) -> int:
    try:
        return number_of(token)
    except ValueError:
        raise BadBotToken from None


def _ask_username(hospital: Hospital, token: str, number: int) -> str:
    """The bot's name at Telegram, asked by a row that is not saved."""
    bot = TelegramBot(pk=uuid4(), hospital=hospital, telegram_id=number)
    bot.token = seal_token(bot.pk, token)
    return str(_ask(bot, "get_me").username or "")


def _ask(bot: TelegramBot, method: str) -> Any:
    try:
        return call(bot, method)
    except BadToken:
        raise BadBotToken from None
    except TelegramFault:
        raise TelegramNotReached from None


def history_of(hospital: Hospital | None) -> AbstractContextManager[Any]:
    """Inside of the hospital whose history tells of a bot; outside of all for the platform's."""
    return outside() if hospital is None else inside(hospital)


def _record(actor: Actor, event: TelegramEvent, bot: TelegramBot, **told: Any) -> None:
    record(actor, event, subject_type="telegram_bot", subject_id=bot.pk, **told)
