"""The door's tables, all in the public schema: a chat must find its hospital before any is entered."""

from telegram_integration.models.bots import TelegramBot
from telegram_integration.models.inbox import TelegramUpdate
from telegram_integration.models.users import Proof, TelegramChat, TelegramLink, TelegramUser

__all__ = ["Proof", "TelegramBot", "TelegramChat", "TelegramLink", "TelegramUpdate", "TelegramUser"]
