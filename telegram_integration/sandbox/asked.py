"""A request to the simulation, read."""

from typing import Any

from starlette.requests import Request

from telegram_integration.sandbox.chats import Chat, Person
from telegram_integration.sandbox.errors import Impossible
from telegram_integration.sandbox.state import Bot, World

_LONGEST_WAIT = 60.0


class Asked:
    """A request to the simulation: its fields, and whom it is about."""

    def __init__(self, world: World, request: Request, fields: dict[str, Any]) -> None:
        self.fields = fields
        self.query = request.query_params
        self.path = request.path_params
        self._world = world

    @property
    def bot(self) -> Bot:
        """The bot that is meant. Raises `Impossible`."""
        wanted = self.query.get("bot", "")
        bots = self._world.bots
        found = bots.get(number(wanted)) if wanted else next(iter(bots.values()), None)
        if found is None:
            raise Impossible("No such bot is known yet: it has not started.", 404)
        return found

    @property
    def person(self) -> Person:
        """The person in the path. Raises `Impossible`."""
        if (found := self._world.people.get(self.path["id"])) is None:
            raise Impossible("There is nobody of that id.", 404)
        return found

    @property
    def chat(self) -> Chat:
        """Their chat, or the group that is named. Raises `Impossible`."""
        group = number(self.fields.get("group") or self.query.get("group") or 0)
        if group > 0:
            raise Impossible("The id of a group is negative.")
        return self.bot.group(group) if group else self.bot.chat_with(self.person)


def number(value: Any) -> int:
    """A whole number. Raises `Impossible`."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Impossible(f"{value!r} is no number.") from None


def seconds(text: str) -> float:
    """Seconds, a minute at most. Raises `Impossible`."""
    try:
        return min(max(float(text), 0.0), _LONGEST_WAIT)
    except ValueError:
        raise Impossible(f"{text!r} is no number of seconds.") from None
