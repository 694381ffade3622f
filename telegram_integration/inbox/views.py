"""Where Telegram posts updates: kept and answered at once, worked off by others."""

import hmac
import json
import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.connections import drop_lost_connections
from core.sealing import CannotUnseal
from telegram_integration.bots import own_bot_by_slug, platform_bot, secret_of
from telegram_integration.inbox.hints import hint
from telegram_integration.inbox.keeping import NotAnUpdate, keep
from telegram_integration.models import TelegramBot

logger = logging.getLogger(__name__)

# core.telegram.org/bots/api#setwebhook, secret_token
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  -- a name
LARGEST = 1024 * 1024  # bytes
OK, BAD_REQUEST, FORBIDDEN, TOO_LARGE, UNAVAILABLE = 200, 400, 403, 413, 503


@csrf_exempt
@require_POST
def webhook(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Take an update of the platform's bot, or of a hospital's own at its `slug`.

    200 once it is kept, be it for the first time or not; 403 for a wrong secret and for a slug that there is
    not; 413 beyond 1 MB; 400 for anything but an update; 503 while the database is away: Telegram repeats.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=TOO_LARGE)
    try:
        bot = _bot_at(slug, request.headers.get(SECRET_HEADER, ""))
        if bot is None:
            return HttpResponse(status=FORBIDDEN)
        return HttpResponse(status=_take(bot, request))
    except (DatabaseError, InterfaceError) as error:
        logger.warning("an update was not kept: %s", type(error).__name__)
        drop_lost_connections(error)
        return HttpResponse(status=UNAVAILABLE)


def _take(bot: TelegramBot, request: HttpRequest) -> int:
    """Keep the update of a request; the status to answer with."""
    try:
        payload: Any = json.loads(request.body)
        if not isinstance(payload, dict):
            return BAD_REQUEST
        is_new = keep(bot, payload)
    except RequestDataTooBig:
        return TOO_LARGE
    except (NotAnUpdate, UnreadablePostError, ValueError, RecursionError):
        return BAD_REQUEST
    if is_new:
        hint()
    return OK


def _bot_at(slug: str, given: str) -> TelegramBot | None:
    """The bot that a request is for, if it comes from Telegram: it says the bot's secret."""
    bot = own_bot_by_slug(slug) if slug else platform_bot()
    try:
        secret = secret_of(bot) if bot is not None else ""
    except CannotUnseal:
        logger.error("the secret of bot %s cannot be read", bot.pk if bot else "")  # noqa: TRY400  -- no trace
        return None
    # Compared even where there is nothing to compare with, so that no answer comes sooner than another.
    is_right = hmac.compare_digest(given.encode(), secret.encode())
    return bot if is_right and secret else None
