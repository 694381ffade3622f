"""Updates of a bot: put in line, handed out by getUpdates (core.telegram.org/bots/api#getupdates)."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram_integration.sandbox.errors import conflict
from telegram_integration.sandbox.state import Bot, World

# What there is to allow (core.telegram.org/bots/api#update), and what comes only to those who ask for it.
KINDS = {
    *("message", "edited_message", "channel_post", "edited_channel_post", "business_connection"),
    *("business_message", "edited_business_message", "deleted_business_messages", "message_reaction"),
    *("message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query"),
    *("pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member"),
    *("chat_join_request", "chat_boost", "removed_chat_boost"),
}
_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
_LONGEST_POLL = 50


def put(world: World, bot: Bot, kind: str, content: dict[str, Any]) -> int:
    """Put an update in line; its id, or 0 if the bot does not want updates of that kind."""
    if kind not in (bot.allowed or KINDS - _ON_REQUEST):
        return 0
    update_id = bot.next_update
    bot.next_update += 1
    bot.pending[update_id] = {"update_id": update_id, kind: content}
    world.figures["updates"] += 1
    bot.arrived.fire()
    return update_id


def confirm(bot: Bot, offset: int) -> None:
    """Forget what comes before an offset; a negative one keeps so many of the last."""
    if offset < 0:
        ids = sorted(bot.pending)
        offset = ids[max(0, len(ids) + offset)] if ids else 0
    for update_id in [one for one in bot.pending if one < offset]:
        del bot.pending[update_id]


def delivered(world: World, bot: Bot, update_id: int) -> None:
    """Count that an update was handed out."""
    bot.delivered[update_id] += 1
    world.figures["delivered"] += 1
    if bot.delivered[update_id] > 1:
        world.figures["delivered_twice"] += 1


async def poll(
    world: World, bot: Bot, *, limit: int, seconds: int, is_gone: Callable[[], Awaitable[bool]]
) -> list[dict[str, Any]]:
    """What is in line, waiting for it if nothing is. Raises `Refused` (409) if another one asks meanwhile."""
    bot.poll += 1
    mine = bot.poll
    bot.arrived.fire()
    until = time.monotonic() + min(seconds, _LONGEST_POLL)
    bot.polls += 1
    try:
        while not bot.pending and (left := until - time.monotonic()) > 0:
            await bot.arrived.wait(min(left, 1.0))
            _check(bot, mine)
            # A poller that went away must not be handed anything: nobody would see it for a while.
            if await is_gone():
                return []
    finally:
        bot.polls -= 1
    _check(bot, mine)
    found = [bot.pending[one] for one in sorted(bot.pending)[:limit]]
    for update in found:
        delivered(world, bot, update["update_id"])
    return found


def _check(bot: Bot, mine: int) -> None:
    if bot.webhook:
        raise conflict(
            "can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first"
        )
    if bot.poll != mine:
        raise conflict(
            "terminated by other getUpdates request; make sure that only one bot instance is running"
        )
