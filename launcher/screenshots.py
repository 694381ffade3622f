"""`make screenshots`: the pictures of the patients' guide, taken of the chat in the browser.

Everything is made for it and gone afterwards: servers, demonstration data, the make-believe Telegram, the
bot. A made-up person walks the guide's way, in Thai and in English, and after each step Chromium takes a
picture. What is tapped is found by what it means, so that any wording will do.
"""

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launcher import browser, processes, telegram
from launcher.browser import Page
from launcher.errors import LauncherError
from launcher.paths import PROJECT
from launcher.server import free_port
from launcher.throwaway import throwaway_servers

PICTURES = PROJECT / "docs" / "images" / "telegram"
HOSPITAL = "demo"
WIDTH, HEIGHT, SCALE = 390, 720, 2
# Who books in which language: nobody that there is.
PEOPLE = {
    "th": {"first_name": "สมหญิง", "last_name": "ใจดี", "phone": "+66800001234"},
    "en": {"first_name": "Jane", "last_name": "Brown", "phone": "+66800005678"},
}
# The pictures in the guide's order: a name, and what is done before it is taken: taps by their action code
# (telegram_integration/handlers) and first argument, or a contact that is shared,
# a start, a reminder, a chat that begins anew.
STEPS = (
    ("start", "+start"),
    ("registering", "r:n"),
    ("menu", "+contact"),
    ("services", "+anew b"),
    ("calendar", "bs"),
    ("times", "bd"),
    ("summary", "bt"),
    ("ticket", "bc"),
    ("appointments", "m a"),
    ("appointment", "ad"),
    ("reminder", "+reminder"),
)
_PATIENCE = 60.0  # seconds
_QUIET = 1.0  # seconds without news: the bot has said all
_SHOWN = (
    "document.querySelector('.message') && !document.querySelector('.typing, [aria-busy=true]') "
    "&& !document.getAnimations().length"
)


def screenshots() -> int:
    """Take all pictures; 0. Raises `LauncherError` about what stands in the way."""
    program = browser.find()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with throwaway_servers() as given, tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder), free_port()
        environment = {
            **given,
            **telegram.environment(port),
            "DJANGO_SETTINGS_MODULE": "config.settings.local",
        }
        _run(environment, "launcher.prepare", str(home / "key"))
        with (
            _process(environment, home, "runtelegramsandbox"),
            _process(environment, home, "runtelegrambot"),
            browser.browsing(program, home) as page,
        ):
            for language in PEOPLE:
                _take_all(Visitor(port, language), page, environment)
    return 0


def _take_all(visitor: "Visitor", page: Page, environment: Mapping[str, str]) -> None:
    for number, (name, what) in enumerate(STEPS, start=1):
        for one in what.split():
            if one == "+reminder":
                visitor.hears(lambda: _run(environment, "launcher.remind", HOSPITAL))
            else:
                visitor.does(one)
        page.open(visitor.address, width=WIDTH, height=HEIGHT, scale=SCALE)
        page.wait_for(_SHOWN)
        path = PICTURES / f"{visitor.language}-{number:02}-{name}.png"
        path.write_bytes(page.picture())
        print(f"  {path.relative_to(PROJECT)}", flush=True)


@dataclass
class Visitor:
    """A made-up person at the simulation API (telegram_integration/sandbox/simulation.py)."""

    port: int
    language: str
    id: int = field(init=False)
    _seen: int = 0

    def __post_init__(self) -> None:
        """Come to the make-believe Telegram, once it is up."""
        self._wait_until_up()
        self.id = self._post("users", {**PEOPLE[self.language], "language_code": self.language})["id"]

    @property
    def address(self) -> str:
        """The page that shows this chat alone."""
        query = f"chat={self.id}&embed=1&lang={self.language}&theme=light"
        return f"http://127.0.0.1:{self.port}/?{query}"

    def does(self, what: str) -> None:
        """A step but for the reminder; then wait for the answer."""
        if what == "+start":
            self.hears(lambda: self._do("start", {"payload": HOSPITAL}))
            self._choose_language()
        elif what == "+anew":
            self._call(f"users/{self.id}/chat", method="DELETE")
            self.hears(lambda: self._do("start", {}))
        elif what == "+contact":
            self.hears(lambda: self._do("contact", {}))
        elif (button := self._button(what)) is not None:
            self.hears(lambda: self._do("tap", button))
        else:
            raise LauncherError(f"The chat has no button for {what!r}: has the bot's way changed?")

    def hears(self, happening: Any) -> None:
        """Have something happen, and wait until the bot has said all that it has to say about it."""
        before = self._news(0)["revision"]
        happening()
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            news = self._news(before, wait=_QUIET)
            if self._seen == news["revision"] and any(one["from_bot"] for one in news["messages"]):
                return
            self._seen = news["revision"]
            time.sleep(_QUIET)
        raise LauncherError("The bot does not answer.")

    def _choose_language(self) -> None:
        """Tap the button of the own language; where the bot speaks it already there is none."""
        if (button := self._button(f"l:{self.language}")) is not None:
            self.hears(lambda: self._do("tap", button))

    def _button(self, meaning: str) -> dict[str, Any] | None:
        """The first button of an action (and of an argument) in the newest message that has one."""
        action, _, wanted = meaning.partition(":")
        for message in reversed(self._news(0)["messages"]):
            for button in (one for row in message["buttons"] for one in row):
                # As telegram_integration.callbacks writes it: action.hospital.argument….signature
                said, _, *arguments = button["data"].split(".") if button["data"] else ("", "")
                if said == action and wanted in ("", *arguments[:1]):
                    return {"message_id": message["message_id"], "data": button["data"]}
        return None

    def _do(self, what: str, fields: dict[str, Any]) -> None:
        self._post(f"users/{self.id}/{what}", fields)

    def _news(self, after: int, wait: float = 0.0) -> dict[str, Any]:
        return self._call(f"users/{self.id}/chat?after={after}&wait={wait}")

    def _post(self, path: str, fields: dict[str, Any]) -> dict[str, Any]:
        return self._call(path, json.dumps(fields).encode())

    def _call(self, path: str, body: bytes | None = None, method: str | None = None) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self.port}/simulate/{path}"
        asked = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=_PATIENCE) as answer:  # noqa: S310  -- loopback
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            raise LauncherError(f"{path}: {error.read().decode(errors='replace')}") from None

    def _wait_until_up(self) -> None:
        if not processes.wait_until(self._is_up, _PATIENCE):
            raise LauncherError("The bot did not come to the make-believe Telegram.")

    def _is_up(self) -> bool:
        try:
            return any(bot["is_polling"] for bot in self._call("bots")["bots"])
        except OSError:
            return False


def _run(environment: Mapping[str, str], module: str, *words: str) -> None:
    code, _ = processes.run_step([sys.executable, "-m", module, *words], env=environment, cwd=PROJECT)
    if code != 0:
        raise LauncherError(f"{module} failed: see above.")


@contextlib.contextmanager
def _process(environment: Mapping[str, str], home: Path, command: str) -> Iterator[None]:
    """A command of manage.py while the pictures are taken; what it says is shown if it ends by itself."""
    log = home / f"{command}.log"
    with log.open("wb") as file:
        process = processes.spawn(
            [sys.executable, "manage.py", command],
            env=environment, cwd=PROJECT, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield
    except LauncherError as reason:
        words = log.read_text(errors="replace").strip()
        raise LauncherError(f"{reason}\n{command}: {words[-2000:]}") from None
    finally:
        processes.stop(process, signal.SIGTERM, patience=10)
