"""The channel by Telegram: a card with buttons, to the chat of whoever is linked to the patient."""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn
from uuid import UUID

from bookings.channels import Message, NotNow, NotTaken, Recipient, Text, Unsure
from core.sealing import CannotUnseal
from telegram_integration.bots import platform_bot
from telegram_integration.client.calls import call
from telegram_integration.client.chats import mark_blocked
from telegram_integration.client.errors import Away, BadToken, Blocked, Refused, TelegramFault, Unknown, Wait
from telegram_integration.client.markup import sent
from telegram_integration.models import TelegramBot
from telegram_integration.sending.bucket import pause, take
from telegram_integration.words.notices import Destination, notice_card
from tenants.context import current_hospital

logger = logging.getLogger(__name__)

LANE = "telegram"
NO_TELEGRAM, BLOCKED, REFUSED, BUSY, AWAY = (
    "no_telegram", "telegram_blocked", "telegram_refused", "telegram_busy", "telegram_away",
)  # fmt: skip

# How long a worker waits for room under the bot's rate before it lets others have the message (seconds).
PATIENCE = 0.5
# After Telegram could not be reached, this process leaves a bot in peace so long (seconds).
REST = 5.0

# Of the hospital's own bot and the platform's: which has a chat with whoever is linked to a patient, the
# hospital's own first, one that was blocked last. One statement, as every notice asks.
_FIND = """
SELECT b.*, u.id AS user_key, u.telegram_id AS chat_number, u.language AS spoken, c.blocked_at
  FROM public.telegram_links l
  JOIN public.telegram_users u ON u.id = l.user_id
  JOIN public.telegram_chats c ON c.user_id = u.id
  JOIN public.telegram_bots b ON b.id = c.bot_id AND b.is_active
   AND (b.hospital_id = l.hospital_id OR b.id = %s)
 WHERE l.hospital_id = %s AND l.patient_id = %s
 ORDER BY c.blocked_at IS NOT NULL, b.hospital_id NULLS LAST
 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class _Chat:
    """A private chat: its number is the user's own."""

    bot: TelegramBot
    user_id: UUID
    number: int
    language: str
    is_blocked: bool


class TelegramChannel:
    """Sends each notice once: what may have arrived is left to the next channel."""

    name = "telegram"
    label: Text = "Telegram"
    delivers = True
    lane = LANE
    repeats = False

    def __init__(self) -> None:
        self._rests_until: dict[UUID, float] = {}

    def why_not(self, to: Recipient) -> str:
        """``no_telegram`` or ``telegram_blocked``."""
        chat = _chat_of(to)
        if chat is None:
            return NO_TELEGRAM
        return BLOCKED if chat.is_blocked else ""

    def send(self, to: Recipient, message: Message) -> None:
        """Send one message. Raises `NotTaken`, `NotNow` with the pause that is wanted, `Unsure`."""
        chat = _chat_of(to)
        if chat is None or chat.is_blocked:
            raise NotTaken(BLOCKED if chat else NO_TELEGRAM)
        if time.monotonic() < self._rests_until.get(chat.bot.pk, 0.0):
            raise NotNow(AWAY)
        hospital = current_hospital()
        card = notice_card(message, Destination(hospital, chat.bot.pk, chat.number, chat.language))
        wait = take(chat.bot, chat.user_id, patience=PATIENCE)
        if wait.seconds:
            raise NotNow(BUSY, timedelta(seconds=wait.seconds))
        try:
            call(chat.bot, "send_message", chat_id=chat.number, **sent(card))
        except (TelegramFault, CannotUnseal) as fault:
            self._judge(chat, fault)

    def _judge(self, chat: _Chat, fault: TelegramFault | CannotUnseal) -> NoReturn:
        """Say what a fault means for the message. None of our faults quotes it."""
        match fault:
            case Blocked():
                mark_blocked(chat.bot.pk, chat.user_id)
                raise NotTaken(BLOCKED) from None
            case Refused():
                logger.warning("Telegram refused a notice: %s", fault)
                raise NotTaken(REFUSED) from None
            case Wait():
                pause(chat.bot, chat.user_id, fault.seconds)
                raise NotNow(BUSY, timedelta(seconds=fault.seconds)) from None
            case Unknown():
                raise Unsure(AWAY) from None
            case BadToken() | CannotUnseal():
                # Until somebody mends it: that may be long after the message was of use.
                logger.error("a bot's token is of no use: %s", chat.bot.pk)
                raise NotTaken(AWAY) from None
            case Away():
                logger.warning("Telegram did not take a notice: %s", type(fault).__name__)
                self._rests_until[chat.bot.pk] = time.monotonic() + REST
                raise NotNow(AWAY) from None
        raise fault


def _chat_of(to: Recipient) -> _Chat | None:
    if to.patient_id is None:
        return None
    shared = platform_bot()
    asked = [shared.pk if shared is not None else None, current_hospital().pk, to.patient_id]
    row: Any = next(iter(TelegramBot.objects.raw(_FIND, asked)), None)
    if row is None:
        return None
    return _Chat(row, row.user_key, row.chat_number, row.spoken, row.blocked_at is not None)
