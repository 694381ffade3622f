"""/help."""

from telegram_integration.cards import Reply, show
from telegram_integration.routes import on_command, on_tap
from telegram_integration.turn import Turn
from telegram_integration.words.help import help_card


@on_command("help")
@on_tap("e")
def give_help(turn: Turn) -> Reply:
    """What the bot can do. What is being typed stays: a question may be the reason for asking."""
    return show(help_card(turn))
