"""Cards in Telegram's own words: the arguments of its methods, keyboards as its JSON."""

from typing import Any

from telegram_integration.cards import Button, Card, Document

Json = dict[str, Any]

_QUIET: Json = {"is_disabled": True}


def is_editable(card: Card) -> bool:
    """Whether a card may take the place of another: a keyboard under the text field comes with new ones."""
    return not (card.contact_button or card.drops_contact_button)


def edited(card: Card) -> dict[str, Any]:
    """The arguments of ``edit_message_text`` besides chat and message. Without buttons the old ones go."""
    return {
        "text": card.text,
        "parse_mode": "HTML",
        "link_preview_options": _QUIET,
        "reply_markup": _keyboard(card),
    }


def sent(card: Card) -> dict[str, Any]:
    """The arguments of ``send_message`` besides the chat."""
    return edited(card) | {"protect_content": True}


def attached(document: Document) -> dict[str, Any]:
    """The arguments of ``send_document`` besides the chat.

    Not protected: a file for the calendar is there to be kept, and Telegram would not let it be opened.
    """
    return {
        "document": document.content,
        "filename": document.name,
        "caption": document.caption or None,
        "parse_mode": "HTML",
    }


def _keyboard(card: Card) -> Json | None:
    if card.contact_button:
        button = {"text": card.contact_button, "request_contact": True}
        return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}
    if card.drops_contact_button:
        return {"remove_keyboard": True}
    if not card.rows:
        return None
    return {"inline_keyboard": [[_button(button) for button in row] for row in card.rows]}


def _button(button: Button) -> Json:
    told = {"text": button.text, "callback_data": button.data, "url": button.url, "style": button.style.value}
    return {name: value for name, value in told.items() if value}
