"""The tables of docs/roles.md, and the addresses of an admin site that they have to name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern

from tests.docs.guides import ROOT

GUIDE = ROOT / "docs/roles.md"
# What a word of the table means as the end of an address's name; any other word is that end itself.
STANDARD = {"list": "changelist", "open": "change", "change": "change"}
# Not of one model, and no page: the frame's own addresses.
FRAME = frozenset({"autocomplete", "jsi18n", "view_on_site", "app_list", "login", "logout"})
# Before somebody is signed in; tests/admin/test_sign_in.py is about them.
ON_THE_WAY_IN = frozenset({"sign_in_code", "sign_in_set_up", "sign_in_begin", "sign_in_give_up"})
_ROW = re.compile(r"^\| (?P<title>[^|`]+) \| (?P<thai>[^|`]+) \| `(?P<page>\w+)` \|(?P<cells>.*)\|$")


@dataclass(frozen=True)
class Cell:
    """What a role may do on a page: words, and actions on chosen rows of its list."""

    words: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> "Cell":
        """``list, open; own: change; rows: confirm`` – a dash is nothing."""
        parts: dict[str, frozenset[str]] = {"": frozenset(), "own": frozenset(), "rows": frozenset()}
        for part in text.replace("–", "").split(";"):
            kind, _colon, words = part.rpartition(":")
            parts[kind.strip()] = frozenset(word.strip() for word in words.split(",") if word.strip())
        return cls(parts[""] | parts["own"], parts["own"], parts["rows"])


@dataclass(frozen=True)
class Row:
    """One line of a table: a page, and a cell for each column of the table's head."""

    title: str
    thai: str
    page: str
    cells: dict[str, Cell]

    @property
    def words(self) -> frozenset[str]:
        return frozenset().union(*(cell.words for cell in self.cells.values()))

    def address_name(self, word: str) -> str:
        """The name of the address that a word is about."""
        if word == "page":
            return self.page
        return f"{self.page}_{STANDARD.get(word, word)}"


def rows(heading: str) -> list[Row]:
    """The table below a heading of the guide."""
    text = GUIDE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    head = next(line for line in text.splitlines() if line.startswith("| page"))
    columns = [column.strip() for column in head.strip("|").split("|")][3:]
    found = []
    for line in text.splitlines():
        if match := _ROW.match(line):
            cells = [Cell.read(cell) for cell in match["cells"].split("|")]
            assert len(cells) == len(columns), line
            titled = dict(zip(columns, cells, strict=True))
            found.append(Row(match["title"].strip(), match["thai"].strip(), match["page"], titled))
    return found


def addresses(site: Any) -> dict[str, URLPattern]:
    """The address of each name on a site, but for the frame's."""
    found = {pattern.name: pattern for pattern in _walk(site.get_urls()) if pattern.name}
    return {_plain(name): pattern for name, pattern in found.items() if name not in FRAME | ON_THE_WAY_IN}


def _plain(name: str) -> str:
    """Django calls one page of users by the name of its own users."""
    return name.replace("auth_user_password_change", "accounts_user_password")


def real_name(name: str) -> str:
    """The name by which Django finds the address."""
    return name.replace("accounts_user_password", "auth_user_password_change")


def _walk(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        else:
            yield from _walk(pattern.url_patterns)
