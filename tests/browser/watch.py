"""What must not happen in a browser while a test looks elsewhere."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Request


class Watch:
    """Errors of pages and requests to other hosts, as they come."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str, *, because: str) -> None:
        """Let a message of the console that fits pass in this test; name the reason."""
        assert because
        self._allowed.append(re.compile(pattern))

    def over(self, context: BrowserContext) -> None:
        """Watch all pages of a context."""
        context.on("request", self._request)
        context.on("page", self._page)

    def check(self) -> None:
        """Fail for what has happened, unless it is allowed."""
        left = [one for one in self.faults if not any(allowed.search(one) for allowed in self._allowed)]
        if left:
            raise AssertionError("\n".join(left))

    def _page(self, page: Page) -> None:
        page.on("pageerror", self._error)
        page.on("console", self._console)

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        is_ours = address.scheme in ("data", "blob") or (address.hostname or "").endswith("localhost")
        if not is_ours:
            self.faults.append(f"a request to {request.url}")

    def _error(self, error: Error) -> None:
        self.faults.append(f"an error of the page: {error}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"the console: {message.text} ({message.location.get('url', '')})")
