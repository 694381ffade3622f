"""Which handler answers what: three tables, filled by the decorators in handlers/."""

from collections.abc import Callable
from dataclasses import dataclass

from telegram_integration.cards import Reply
from telegram_integration.turn import Turn

# A handler reads the turn, says verbs, and returns what to show. It may have to run twice after a crash: what
# it does must be the same the second time. It raises `DomainError`s as they come.
Handler = Callable[[Turn], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler, and whether it answers only those who are patients of the hospital at hand."""

    handler: Handler
    linked: bool


COMMANDS: dict[str, Route] = {}
TAPS: dict[str, Route] = {}
STEPS: dict[str, Route] = {}


def on_command(*names: str, linked: bool = False) -> Callable[[Handler], Handler]:
    """Answer a command (``/book`` is ``book``); `turn.text` is what follows it."""
    return _enter(COMMANDS, names, linked=linked)


def on_tap(*actions: str, linked: bool = False) -> Callable[[Handler], Handler]:
    """Answer a button; `turn.tap.arguments` are its own. Actions are of one to three letters."""
    return _enter(TAPS, actions, linked=linked)


def on_step(*steps: str, linked: bool = False) -> Callable[[Handler], Handler]:
    """Answer whatever comes after `turn.ask(step)`: a text, a contact, or something else (`is_other`)."""
    return _enter(STEPS, steps, linked=linked)


def _enter(table: dict[str, Route], names: tuple[str, ...], *, linked: bool) -> Callable[[Handler], Handler]:
    def enter(handler: Handler) -> Handler:
        for name in names:
            if name in table:
                raise RuntimeError(f"Two handlers for {name}.")
            table[name] = Route(handler, linked)
        return handler

    return enter
