"""The methods of the Bot API that there are here; importing them enters them into `call.METHODS`."""

from telegram_integration.sandbox.methods import account, editing, messages, updates

__all__ = ["account", "editing", "messages", "updates"]
