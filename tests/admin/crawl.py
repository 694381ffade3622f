"""Every page that can be reached by links, one of each kind."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.http import HttpResponse

from tests.admin.browser import Browser

_MOST = 200  # kinds of pages of one site
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
# Left alone: signing out; scripts; links that work once; what is no page.
_PASSED_OVER = re.compile(r"logout|jsi18n")


class Page(HTMLParser):
    """What a page links to, and what can be read on it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.texts: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent += tag in ("script", "style")
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        self.texts += [str(given[name]) for name in ("title", "aria-label", "placeholder") if given.get(name)]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(" ".join(data.split()))


def kind_of(path: str) -> str:
    """Pages that differ by a record's id or by a query are of one kind."""
    return _ID.sub("N", path.partition("?")[0])


def crawl(
    browser: Browser, *, language: str, start: str = "/admin/"
) -> Iterator[tuple[str, HttpResponse, Page]]:
    """Each kind of page with its first answer, the front page first; what is no HTML is passed over."""
    seen, waiting = set(), [start]
    while waiting and len(seen) < _MOST:
        path = waiting.pop(0)
        if kind_of(path) in seen or _PASSED_OVER.search(path):
            continue
        seen.add(kind_of(path))
        answer = browser.get(path, language=language)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            page = Page(answer.text)
            yield kind_of(path), answer, page
            base = path.partition("?")[0]
            links = (f"{base}{link}" if link.startswith("?") else link for link in page.links)
            waiting += [link.partition("#")[0] for link in links if link.startswith("/admin/")]
