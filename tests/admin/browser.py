"""A browser that fills in the forms of admin pages as they came."""

from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tenants.context import enter_hospital
from tenants.models import Hospital


class Controls(HTMLParser):
    """What a page's form would send: the value of each named control, checked and selected ones only.

    The small forms of the frame (language, signing out) are passed over.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select: str | None = None
        self._text: str | None = None
        self._in_frame = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, kind = given.get("name"), given.get("type", "text")
        if tag == "form":
            self._in_frame = any(part in (given.get("action") or "") for part in ("setlang", "logout"))
        elif self._in_frame:
            return
        elif tag == "input" and name and kind not in ("submit", "button", "file"):
            self._add_input(name, kind, given)
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values.setdefault(self._select, []).append(given.get("value"))
        elif tag == "textarea" and name:
            self._text, self.values[name] = name, ""

    def _add_input(self, name: str, kind: str, given: dict[str, str | None]) -> None:
        if kind not in ("checkbox", "radio"):
            self.values[name] = given.get("value") or ""
        elif "checked" in given:
            self.values.setdefault(name, []).append(given.get("value") or "on")

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data.lstrip("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None


class Browser:
    """A client that has signed in; answers are pages with their text at hand, in English."""

    def __init__(self, client: Client, hospital: Hospital | None) -> None:
        self.client = client
        self.hospital = hospital
        self._go_back_inside()

    def get(self, path: str, *, language: str = "en", **params: Any) -> HttpResponse:
        answer = self.client.get(path, params, headers={"accept-language": language})
        self._go_back_inside()
        return answer

    def post(
        self, path: str, values: dict[str, Any], *, language: str = "en", **headers: str
    ) -> HttpResponse:
        headers["accept-language"] = language
        answer = self.client.post(path, values, headers=headers)
        self._go_back_inside()
        return answer

    def submit(self, path: str, *, language: str = "en", **typed: Any) -> HttpResponse:
        """Open a form, type into it, and send it; None empties a control or unticks it."""
        page = self.get(path, language=language)
        assert page.status_code == 200, page.status_code
        values = {**Controls(page.text).values, **typed}
        sent = {name: value for name, value in values.items() if value is not None}
        return self.post(path, sent, language=language)

    def act(self, path: str, action: str, *rows: Any) -> HttpResponse:
        """Run an action of a list on chosen rows, and follow to the page that tells how it went."""
        chosen = [str(row.pk) for row in rows]
        answer = self.post(path, {"action": action, "_selected_action": chosen, "index": 0})
        assert answer.status_code == 302, answer.status_code
        return self.get(answer["Location"])

    def _go_back_inside(self) -> None:
        """A request leaves the hospital at its end; the test, which shares its connection, goes on inside."""
        if self.hospital is not None:
            enter_hospital(self.hospital)
