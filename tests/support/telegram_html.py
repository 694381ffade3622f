"""What Telegram takes as HTML and as a card (core.telegram.org/bots/api#html-style), checked as strictly."""

import re

from telegram_integration.cards import (
    LONGEST_DATA,
    LONGEST_TEXT,
    LONGEST_TOAST,
    MOST_BUTTONS,
    Card,
    Document,
    Reply,
)

_SIMPLE = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "tg-spoiler", "blockquote"}
)
_OPEN = re.compile(
    r'<(?:(?P<simple>[a-z-]+)|(?P<link>a) href="(?P<address>(?:https?|tg)://[^"<>]+)"'
    r'|(?P<quote>blockquote) expandable|(?P<spoiler>span) class="tg-spoiler")>'
)
_CLOSE = re.compile(r"</(?P<name>[a-z-]+)>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
# Nothing may be formatted inside of these.
_PLAIN = ("code", "pre")
_LONGEST_CAPTION, _LONGEST_LABEL = 1024, 64


class BadHtml(AssertionError):
    """Telegram would answer 400: can't parse entities."""


def plain_text(html: str) -> str:
    """The text that people see. Raises `BadHtml` for what Telegram does not take."""
    open_tags: list[str] = []
    seen, place = "", 0
    while place < len(html):
        letter = html[place]
        if letter == "<":
            place = _tag(html, place, open_tags)
        elif letter == "&":
            entity = _ENTITY.match(html, place)
            if entity is None:
                raise BadHtml(f"A bare & at {place}: {html[place : place + 20]!r}")
            seen, place = seen + _character(entity[0]), entity.end()
        elif letter == ">":
            raise BadHtml(f"A bare > at {place}.")
        else:
            seen, place = seen + letter, place + 1
    if open_tags:
        raise BadHtml(f"Not closed: {open_tags}")
    return seen


def _tag(html: str, place: int, open_tags: list[str]) -> int:
    """Past the tag at `place`."""
    if closing := _CLOSE.match(html, place):
        if not open_tags or open_tags.pop() != closing["name"]:
            raise BadHtml(f"</{closing['name']}> closes nothing at {place}.")
        return closing.end()
    opening = _OPEN.match(html, place)
    if opening is None or (opening["simple"] and opening["simple"] not in _SIMPLE):
        raise BadHtml(f"No tag of Telegram's at {place}: {html[place : place + 30]!r}")
    if any(tag in _PLAIN for tag in open_tags):
        raise BadHtml(f"A tag inside of {open_tags} at {place}.")
    open_tags.append(next(name for name in opening.group("simple", "link", "quote", "spoiler") if name))
    return opening.end()


def _character(entity: str) -> str:
    known = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}
    if entity in known:
        return known[entity]
    number = int(entity[3:-1], 16) if entity[2] in "xX" else int(entity[2:-1])
    if not 0 < number <= 0x10FFFF:
        raise BadHtml(f"No character: {entity}")
    return chr(number)


def check_card(card: Card) -> None:
    """Raise `AssertionError` for a card that Telegram would refuse."""
    seen = plain_text(card.text)
    assert seen.strip(), "An empty message."
    assert len(seen.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert len(card.text) <= LONGEST_TEXT
    assert sum(map(len, card.rows)) <= MOST_BUTTONS
    for row in card.rows:
        assert 1 <= len(row) <= 8
        for button in row:
            _check_label(button.text)
            assert len(button.data.encode()) <= LONGEST_DATA
    if card.contact_button:
        _check_label(card.contact_button)


def _check_label(text: str) -> None:
    assert text.strip() == text, repr(text)
    assert 1 <= len(text) <= _LONGEST_LABEL, text
    assert "\n" not in text, repr(text)


def check_document(document: Document) -> None:
    """Raise `AssertionError` for a file that Telegram would refuse."""
    assert document.name
    assert 0 < len(document.content) < 50_000_000
    assert len(plain_text(document.caption)) <= _LONGEST_CAPTION


def check_reply(reply: Reply) -> None:
    """Raise `AssertionError` for a reply of which Telegram would refuse a part."""
    for card in reply.cards:
        check_card(card)
    for document in reply.documents:
        check_document(document)
    assert len(reply.toast) <= LONGEST_TOAST
