"""Chromium without a window, told what to do over a pipe: Chrome DevTools Protocol, no library.

https://chromedevtools.github.io/devtools-protocol/; by `--remote-debugging-pipe` the browser reads messages
at its file 3 and writes them to its file 4, each of JSON and ended by a zero byte.
"""

import base64
import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launcher import processes
from launcher.errors import LauncherError

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE = 30.0  # seconds
_ZONE = "Asia/Bangkok"
_GLANCE = 0.1  # seconds
_CHUNK = 1 << 16
_LOWEST = 10  # out of the way of the files 3 and 4
# `subprocess` cannot say at which number a file shall be.
_PLUMB = "import os, sys; a = sys.argv; os.dup2(int(a[1]), 3); os.dup2(int(a[2]), 4); os.execv(a[3], a[3:])"


def find() -> str:
    """The path of a Chromium. Raises `LauncherError` where there is none."""
    for name in _NAMES:
        if found := shutil.which(name):
            return found
    raise LauncherError(f"No Chromium is installed: one of {', '.join(_NAMES)} should be on the PATH.")


class _Refused(LauncherError):
    """The browser does not do what it was asked."""


class Page:
    """One page of the browser."""

    def __init__(self, pipe: "_Pipe", session: str) -> None:
        self._pipe, self._session = pipe, session

    def open(self, url: str, *, width: int, height: int, scale: int, is_phone: bool = True) -> None:
        """Go to an address. Sizes are in CSS pixels, each of `scale` times `scale` dots."""
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": is_phone}
        self._say("Emulation.setDeviceMetricsOverride", **size)
        self._say("Emulation.setTimezoneOverride", timezoneId=_ZONE)
        self._say("Page.navigate", url=url)

    def begin(self, language: str) -> None:
        """Be a browser of somebody else: one that asks for pages in a language, and remembers nothing."""
        self._say("Network.enable")
        self._say("Network.clearBrowserCookies")
        self._say("Network.setExtraHTTPHeaders", headers={"Accept-Language": language})

    def wait_for(self, expression: str, seconds: float = _PATIENCE) -> None:
        """Wait until an expression of JavaScript is true. Raises `LauncherError` if it does not become so."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            # A page that is just being left answers nothing.
            with contextlib.suppress(_Refused):
                if self.value(f"Boolean({expression})") is True:
                    return
            time.sleep(_GLANCE)
        raise LauncherError(f"The page did not come to: {expression}")

    def value(self, expression: str) -> Any:
        """The value of an expression of JavaScript, as JSON has it; None if it fails."""
        return self._say("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def picture(self) -> bytes:
        """What is seen, as a PNG."""
        return base64.b64decode(self._say("Page.captureScreenshot", format="png")["data"])

    def _say(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._pipe.ask(method, self._session, **parameters)


@contextlib.contextmanager
def browsing(program: str, home: Path) -> Iterator[Page]:
    """A browser with one page; what it remembers is kept in `home`, its output in a log there."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    far = [fcntl.fcntl(one, fcntl.F_DUPFD, _LOWEST) for one in (theirs_in, theirs_out)]
    plumbing = [sys.executable, "-c", _PLUMB, *map(str, far)]
    with (home / "browser.log").open("wb") as log:
        process = processes.spawn(
            [*plumbing, program, *_switches(home)], pass_fds=far, stdout=log, stderr=log
        )
    for one in (theirs_in, theirs_out, *far):
        os.close(one)
    try:
        pipe = _Pipe(ours_in, ours_out)
        target = pipe.ask("Target.createTarget", url="about:blank")["targetId"]
        session = pipe.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        yield Page(pipe, session)
    finally:
        os.close(ours_in)
        os.close(ours_out)
        processes.stop(process, signal.SIGTERM, patience=5)


def _switches(home: Path) -> list[str]:
    # As root Chromium starts only without its sandbox; it sees no page but ours.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    profile = f"--user-data-dir={home / 'browser'}"
    quiet = ["--no-first-run", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking"]
    return ["--headless", "--remote-debugging-pipe", profile, *quiet, *as_root, "about:blank"]


class _Pipe:
    """Questions to the browser, and its answers."""

    def __init__(self, inward: int, outward: int) -> None:
        self._inward, self._outward = inward, outward
        self._rest, self._number = b"", 0

    def ask(self, method: str, session: str = "", **parameters: Any) -> dict[str, Any]:
        """The result of a method. Raises `LauncherError` for a refusal, and where no answer comes."""
        self._number += 1
        told: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            told["sessionId"] = session
        try:
            os.write(self._outward, json.dumps(told).encode() + b"\0")
        except BrokenPipeError:
            raise LauncherError("The browser has ended by itself.") from None
        answer = self._answer()
        if "error" in answer:
            raise _Refused(f"The browser refuses {method}: {answer['error'].get('message')}")
        result: dict[str, Any] = answer["result"]
        return result

    def _answer(self) -> dict[str, Any]:
        until = time.monotonic() + _PATIENCE
        while True:
            message, end, rest = self._rest.partition(b"\0")
            if end:
                self._rest = rest
                told: dict[str, Any] = json.loads(message)
                if told.get("id") == self._number:
                    return told
                continue
            ready, _, _ = select.select([self._inward], [], [], max(0.0, until - time.monotonic()))
            chunk = os.read(self._inward, _CHUNK) if ready else b""
            if not chunk:
                raise LauncherError("The browser does not answer.")
            self._rest += chunk
