"""HTML as the Bot API reads it (core.telegram.org/bots/api#html-style), to a text and its entities and back.

The refusals and their words are as people quote them. Offsets and lengths of entities count UTF-16
code units; those in refusals count bytes.
"""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

from telegram_integration.sandbox.errors import Refused, bad_request

_KINDS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("span", "tg-spoiler"), "spoiler"),
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_CHARACTER = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
_START = re.compile(r"<([^\s>]*)((?:\s+[^\s=>]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+))?)*)\s*(>?)")
_ATTRIBUTE = re.compile(r"([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+)))?")
_END = re.compile(r"</([^\s>]*)\s*(>?)")
_FOUND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?!\S)|https?://[^\s<>\"]+[^\s<>\".,;:!?)]")

Entities = list[dict[str, Any]]


def utf16(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


@dataclass
class _Reader:
    source: str
    at: int = 0
    parts: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: Entities = field(default_factory=list)

    def read(self) -> None:
        while self.at < len(self.source):
            if self.source.startswith("</", self.at):
                self._end()
            elif self.source[self.at] == "<":
                self._start()
            elif self.source[self.at] == "&":
                self._character()
            else:
                self._plain()
        if self.stack:
            raise _unreadable(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')

    def _add(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16(text)

    def _bytes(self) -> int:
        return len(self.source[: self.at].encode())

    def _plain(self) -> None:
        ends = [place for mark in "<&" if (place := self.source.find(mark, self.at)) >= 0]
        end = min(ends, default=len(self.source))
        self._add(self.source[self.at : end])
        self.at = end

    def _character(self) -> None:
        found = _CHARACTER.match(self.source, self.at)
        self.at = found.end() if found else self.at + 1
        self._add(_character(found) if found else "&")

    def _start(self) -> None:
        found = _START.match(self.source, self.at)
        tag = found[1].lower() if found else ""
        if found is None or not found[3]:
            raise _unreadable(f"Unclosed start tag at byte offset {self._bytes()}")
        if tag not in _KINDS:
            raise _unreadable(f'Unsupported start tag "{tag}" at byte offset {self._bytes()}')
        attributes = _attributes(found[2])
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unreadable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes()}')
        self.stack.append(_Open(tag, attributes, self.length))
        self.at = found.end()

    def _end(self) -> None:
        found = _END.match(self.source, self.at)
        tag = found[1].lower() if found else ""
        if not self.stack:
            raise _unreadable(f"Unexpected end tag at byte offset {self._bytes()}")
        if found is None or not found[2]:
            raise _unreadable(f"Unclosed end tag at byte offset {self._bytes()}")
        opened = self.stack.pop()
        if tag and tag != opened.tag:
            raise _unreadable(
                f'Unmatched end tag at byte offset {self._bytes()}, expected "</{opened.tag}>", '
                f'found "</{tag}>"'
            )
        if length := self.length - opened.offset:
            self._close(opened, length)
        self.at = found.end()

    def _close(self, opened: _Open, length: int) -> None:
        entity: dict[str, Any] = {"type": _KINDS[opened.tag], "offset": opened.offset, "length": length}
        if opened.tag == "a":
            entity["url"] = _address(opened.attributes.get("href", ""))
            # A link without a proper address, such as tel:, stays a text (seen from the Bot API).
            if not entity["url"]:
                return
        if opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        if opened.tag == "tg-time":
            if not (unix := opened.attributes.get("unix", "")).isdecimal():
                raise _unreadable(f'Invalid date-time "{unix}" specified')
            entity["unix_time"], entity["date_time_format"] = int(unix), opened.attributes.get("format", "")
        self.entities.append(entity)


def _address(href: str) -> str:
    if re.match(r"(https?|ftp|tg|ton)://\S", href):
        return href
    return f"http://{href}" if re.fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", href) else ""


def _unreadable(text: str) -> Refused:
    return bad_request(f"can't parse entities: {text}")


def _character(found: re.Match[str]) -> str:
    if found[1]:
        return _NAMED[found[1]]
    number = int(found[2]) if found[2] else int(found[3], 16)
    # Neither a character nor half of one: it stays as it was written.
    return chr(number) if 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else found[0]  # noqa: PLR2004  -- Unicode's own


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(text):
        value = next((value for value in one.groups()[1:] if value is not None), "")
        found[one[1].lower()] = _CHARACTER.sub(_character, value)
    return found


def parse(text: str, mode: str) -> tuple[str, Entities]:
    """A text as it is shown and its entities, of a text that was sent with a parse mode ("" or HTML).

    Spaces around it fall away, as Telegram lets them. Raises `Refused`.
    """
    entities: Entities = []
    if mode.lower() == "html":
        reader = _Reader(text)
        reader.read()
        text, entities = "".join(reader.parts), reader.entities
    elif mode:
        raise bad_request("unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    return text, sorted(entities + found_in(text), key=lambda one: (one["offset"], -one["length"]))


def _trimmed(text: str, entities: Entities) -> tuple[str, Entities]:
    shown = text.strip()
    dropped = utf16(text) - utf16(text.lstrip())
    end = utf16(shown)
    kept = []
    for entity in entities:
        start = max(0, entity["offset"] - dropped)
        stop = min(end, entity["offset"] + entity["length"] - dropped)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return shown, kept


def found_in(text: str) -> Entities:
    """Commands and addresses, which Telegram finds by itself."""
    return [
        {
            "type": "bot_command" if found[0].startswith("/") else "url",
            "offset": utf16(text[: found.start()]),
            "length": utf16(found[0]),
        }
        for found in _FOUND.finditer(text)
    ]


def to_html(text: str, entities: Entities) -> str:
    """A text and its entities as HTML that is safe to be shown: Telegram's tags, all else escaped."""
    units = text.encode("utf-16-le")
    # At one place ends come before starts, inner ends first and outer starts first.
    marks: list[tuple[int, int, int, str]] = []
    for number, entity in enumerate(entities):
        opening, closing = _tags(entity, units)
        start, end = entity["offset"], entity["offset"] + entity["length"]
        marks.append((start, 1, number, opening))
        marks.append((end, 0, -number, closing))
    parts, done = [], 0
    for place, _, _, tag in sorted(marks):
        parts.append(escape(units[done * 2 : place * 2].decode("utf-16-le")))
        parts.append(tag)
        done = place
    return "".join([*parts, escape(units[done * 2 :].decode("utf-16-le"))])


def _tags(entity: dict[str, Any], units: bytes) -> tuple[str, str]:
    kind = entity["type"]
    if kind in {"text_link", "url"}:
        start = entity["offset"] * 2
        address = entity.get("url") or units[start : start + entity["length"] * 2].decode("utf-16-le")
        return f'<a href="{escape(address)}">', "</a>"
    tag = _TAGS.get(kind.removeprefix("expandable_"), "")
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
