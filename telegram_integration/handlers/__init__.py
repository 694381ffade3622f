"""What the bot answers, a file a flow. Importing this fills the tables of `telegram_integration.routes`."""

from telegram_integration.handlers import (
    appointments,
    book,
    cancelling,
    confirm,
    hospital,
    idle,
    language,
    menu,
    notices,
    registering,
    rescheduling,
    signing_out,
    start,
    strays,
    waiting,
)
from telegram_integration.handlers import help as help_

__all__ = [
    "appointments",
    "book",
    "cancelling",
    "confirm",
    "help_",
    "hospital",
    "idle",
    "language",
    "menu",
    "notices",
    "registering",
    "rescheduling",
    "signing_out",
    "start",
    "strays",
    "waiting",
]
