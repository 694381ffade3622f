"""How far a listener has heard: a place in each feed that makes up the stream."""

import re
from dataclasses import dataclass
from typing import Final, Self

from events.feed import CursorUnknown, Position

# An event is told by two messages at most; whoever was cut off between them hears the second one alone.
WHOLE: Final = 9
_FORM = re.compile(r"([0-9a-f-]{1,64})\.([0-9])")
# Two places of 43 characters at most.
LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Place:
    """After the first `part` messages of the event at a position, or after all of them (`WHOLE`)."""

    position: Position
    part: int = WHOLE

    def __str__(self) -> str:
        return f"{self.position}.{self.part}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The place of a text that `str` made. Raises `CursorUnknown`."""
        if (form := _FORM.fullmatch(text)) is None:
            raise CursorUnknown
        return cls(Position.read(form[1]), int(form[2]))


def cursor_text(places: tuple[Place, ...]) -> str:
    """What a client sends back unread, as ``Last-Event-ID``."""
    return "_".join(map(str, places))


def read_cursor(text: str, feeds: int) -> tuple[Place, ...]:
    """The places of a text, of so many feeds. Raises `CursorUnknown`."""
    parts = text.split("_") if len(text) <= LONGEST else []
    if len(parts) != feeds:
        raise CursorUnknown
    return tuple(Place.read(part) for part in parts)
