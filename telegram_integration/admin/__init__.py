"""Telegram in both admins: bots, people, links to patients, updates that failed."""

from telegram_integration.admin import bots, links, updates, users
from telegram_integration.admin.words import name_events

__all__ = ["bots", "links", "updates", "users"]

name_events()
