"""What a person sees: cards with buttons, files, a line over a tapped button. Plain values, no network."""

from dataclasses import dataclass
from enum import StrEnum

# The Bot API's limits (core.telegram.org/bots/api, sendMessage, InlineKeyboardButton, answerCallbackQuery).
LONGEST_TEXT, LONGEST_TOAST, LONGEST_DATA, MOST_BUTTONS = 4096, 200, 64, 100


class Style(StrEnum):
    """How a button looks (Bot API 9.4)."""

    PLAIN = ""
    PRIMARY = "primary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a card: `data` as `telegram_integration.callbacks` signs it, or an `https` address."""

    text: str
    data: str = ""
    url: str = ""
    style: Style = Style.PLAIN

    def __post_init__(self) -> None:
        if not self.text or bool(self.data) is bool(self.url):
            raise ValueError("A button has a text and either data or an address.")
        if len(self.data.encode()) > LONGEST_DATA:
            raise ValueError(f"Telegram takes {LONGEST_DATA} bytes of callback data at most.")


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One message: HTML text, everything that a person wrote in it escaped, and rows of buttons.

    `contact_button` is the text of a button under the chat's text field by which a person shares their own
    number (a message has either that or `rows`); `drops_contact_button` takes it away again.
    """

    text: str
    rows: Rows = ()
    contact_button: str = ""
    drops_contact_button: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) > LONGEST_TEXT:
            raise ValueError(f"A card has 1 to {LONGEST_TEXT} characters.")
        if sum(map(len, self.rows)) > MOST_BUTTONS:
            raise ValueError(f"A card has {MOST_BUTTONS} buttons at most.")
        if sum((bool(self.rows), bool(self.contact_button), self.drops_contact_button)) > 1:
            raise ValueError("A message has one kind of keyboard.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file of some kilobytes that follows a card."""

    name: str
    content: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an update is answered with.

    After a tap the first card takes the place of the tapped one, unless `is_fresh`; every other card is a
    message of its own. `toast` shows for a moment over the chat, or as a window that has to be closed
    (`is_alert`); it is said after a tap alone. An empty reply leaves everything as it is.
    """

    cards: tuple[Card, ...] = ()
    documents: tuple[Document, ...] = ()
    toast: str = ""
    is_alert: bool = False
    is_fresh: bool = False


def show(card: Card, *, toast: str = "", document: Document | None = None) -> Reply:
    """A reply of one card."""
    return Reply(cards=(card,), toast=toast, documents=(document,) if document else ())
