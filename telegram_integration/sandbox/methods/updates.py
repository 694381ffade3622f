"""How a bot gets its updates (core.telegram.org/bots/api#getting-updates)."""

import re
from typing import Any
from urllib.parse import urlsplit

from telegram_integration.sandbox import updates
from telegram_integration.sandbox.call import Call, method
from telegram_integration.sandbox.errors import bad_request
from telegram_integration.sandbox.state import Bot, Webhook

_MOST_UPDATES = 100
_PORTS = {443, 80, 88, 8443}
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def _allow(call: Call) -> None:
    wanted = call.arguments.words("allowed_updates")
    if wanted is None:
        return
    if unknown := set(wanted) - updates.KINDS:
        raise bad_request(f"can't parse allowed_updates: unknown {', '.join(sorted(unknown))}")
    call.bot.allowed = wanted


@method("getUpdates")
async def get_updates(call: Call) -> list[dict[str, Any]]:
    """What is in line; those before `offset` are done with."""
    offset = call.arguments.integer("offset")
    limit = call.arguments.integer("limit", otherwise=_MOST_UPDATES)
    seconds = call.arguments.integer("timeout")
    if call.bot.webhook is None:
        _allow(call)
        updates.confirm(call.bot, offset)
    return await updates.poll(
        call.world,
        call.bot,
        limit=min(max(limit, 1), _MOST_UPDATES),
        seconds=max(0, seconds),
        is_gone=call.is_gone,
    )


@method("setWebhook")
def set_webhook(call: Call) -> bool:
    """Have updates posted to an address. Plain HTTP is taken for loopback alone, which Telegram would not."""
    url = call.arguments.text("url")
    if not url:
        return _no_webhook(call)
    _check_address(url)
    secret = call.arguments.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    most = call.arguments.integer("max_connections", otherwise=40)
    if not 1 <= most <= _MOST_UPDATES:
        raise bad_request("max_connections must be between 1 and 100")
    _allow(call)
    if call.arguments.boolean("drop_pending_updates"):
        call.bot.pending.clear()
    call.bot.webhook = Webhook(url, secret, most)
    call.bot.arrived.fire()
    return True


def _check_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise bad_request("invalid webhook URL specified") from None
    if parts.hostname in _LOOPBACK and parts.scheme in {"http", "https"}:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port is not None and port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if "." not in (parts.hostname or ""):
        raise bad_request("bad webhook: failed to resolve host: Name or service not known")


@method("deleteWebhook")
def delete_webhook(call: Call) -> bool:
    """Have updates waiting to be asked for."""
    return _no_webhook(call)


def _no_webhook(call: Call) -> bool:
    if call.arguments.boolean("drop_pending_updates"):
        call.bot.pending.clear()
    call.bot.webhook = None
    call.bot.arrived.fire()
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> dict[str, Any]:
    """How the posting goes."""
    return webhook_info(call.bot)


def webhook_info(bot: Bot) -> dict[str, Any]:
    """As a `WebhookInfo` of the Bot API."""
    hook = bot.webhook
    told: dict[str, Any] = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.pending),
    }
    if hook:
        told |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook and hook.last_error:
        told |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return told | ({"allowed_updates": bot.allowed} if bot.allowed else {})
