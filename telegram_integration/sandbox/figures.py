"""What was counted."""

from typing import Any

from telegram_integration.sandbox.state import Bot, World


def counters(world: World) -> dict[str, Any]:
    """How often what happened since the last reset."""
    plain = ("updates", "delivered", "delivered_twice", "messages", "edits", "refusals", "too_many")
    return {
        **{name: world.figures[name] for name in plain},
        "webhook_failures": world.figures["webhook_failures"],
        "callbacks": world.figures["callbacks"],
        "callbacks_unanswered": world.figures["callbacks"] - world.figures["callbacks_answered"],
        "calls": dict(world.calls),
    }


def rates(bot: Bot) -> dict[str, Any]:
    """The most messages that a bot sent in any one second, overall and to one chat; and how many at all."""
    return {
        "overall": bot.meter.overall.most,
        "per_chat": bot.meter.per_chat,
        "messages": bot.meter.messages,
    }
