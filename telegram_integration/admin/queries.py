"""Bots, their users and the links to patients, as far as the actor may see them."""

from uuid import UUID

from django.db.models import QuerySet

from core.actor import Actor
from telegram_integration.admin.errors import BotNotFound, LinkNotFound, TelegramUserNotFound
from telegram_integration.models import TelegramBot, TelegramLink, TelegramUpdate, TelegramUser
from tenants.context import current_hospital, in_public_schema


def is_operator(actor: Actor) -> bool:
    """Whether a person who runs the platform looks at its own pages."""
    return in_public_schema() and actor.user_id is not None and actor.can("hospitals.read")


def bots_for(actor: Actor) -> QuerySet[TelegramBot]:
    """All bots for an operator, else the hospital's own."""
    rows = TelegramBot.objects.select_related("hospital")
    if not actor.can("telegram.read"):
        return rows.none()
    if in_public_schema():
        return rows if is_operator(actor) else rows.none()
    return rows.filter(hospital_id=current_hospital().pk)


def bot_for(actor: Actor, bot_id: UUID) -> TelegramBot:
    """One bot with its hospital. Raises `BotNotFound`."""
    row = bots_for(actor).filter(pk=bot_id).first()
    if row is None:
        raise BotNotFound
    return row


def links_for(actor: Actor) -> QuerySet[TelegramLink]:
    """The links of the hospital at hand for whoever may see its patients; all of them for an operator."""
    rows = TelegramLink.objects.select_related("user", "hospital")
    if in_public_schema():
        return rows if is_operator(actor) and actor.can("telegram.read") else rows.none()
    if not actor.can("patients.read"):
        return rows.none()
    return rows.filter(hospital_id=current_hospital().pk)


def link_for(actor: Actor, link_id: UUID) -> TelegramLink:
    """One link. Raises `LinkNotFound`."""
    row = links_for(actor).filter(pk=link_id).first()
    if row is None:
        raise LinkNotFound
    return row


def users_for(actor: Actor) -> QuerySet[TelegramUser]:
    """Everybody on Telegram, for an operator."""
    rows = TelegramUser.objects.select_related("hospital")
    return rows if is_operator(actor) and actor.can("telegram.read") else rows.none()


def user_for(actor: Actor, user_id: UUID) -> TelegramUser:
    """One Telegram user. Raises `TelegramUserNotFound`."""
    row = users_for(actor).filter(pk=user_id).first()
    if row is None:
        raise TelegramUserNotFound
    return row


def failed_updates_for(actor: Actor) -> QuerySet[TelegramUpdate]:
    """Updates that somebody stumbled over, without what people wrote, for an operator."""
    rows = TelegramUpdate.objects.exclude(error="").select_related("bot", "bot__hospital").defer("payload")
    return rows if is_operator(actor) and actor.can("telegram.read") else rows.none()
