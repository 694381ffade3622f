"""The make-believe Telegram over real HTTP, and people who use it.

    with Sandbox() as sandbox:                       # in a thread, at a free port of loopback
        settings.TELEGRAM_API_BASE_URL = sandbox.url
        alice = sandbox.user(5001, first_name="Alice", language_code="en", phone="+66812345678")
        alice.types("/start")
        alice.wait_for("Welcome").taps("Book")       # the card that came, and one of its buttons
        alice.wait_for("Choose a day")
        assert not sandbox.refusals()                # Telegram had nothing to complain about

`Sandbox.process()` is the same in a process of its own, as `manage.py runtelegramsandbox` starts it.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx

from telegram_integration.sandbox.limits import Limits
from telegram_integration.sandbox.server import listen, server
from telegram_integration.sandbox.state import World
from tests.support.telegram_users import PATIENCE, SandboxError, SandboxUser

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "110201543:for-tests-only-for-tests-only-for-tes"


class Sandbox:
    """A running make-believe Telegram."""

    def __init__(self, *, token: str = TOKEN, **limits: float) -> None:
        """Limits are those of `telegram_integration.sandbox.limits.Limits`."""
        self.token = token
        self._limits = limits
        self._start: Callable[[], None] = self._start_thread
        self._stop: Callable[[], None] = lambda: None
        self.url = ""
        self.http: httpx.Client

    @classmethod
    @contextmanager
    def process(cls, *, token: str = TOKEN, **limits: float) -> Iterator[Self]:
        """One in a process of its own."""
        sandbox = cls(token=token, **limits)
        sandbox._start = sandbox._start_process
        with sandbox:
            yield sandbox

    def __enter__(self) -> Self:
        self._start()
        # One chat's long poll must not keep another's from being asked for.
        pool = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        self.http = httpx.Client(base_url=self.url, limits=pool, timeout=PATIENCE + 5, trust_env=False)
        self.ask("POST", "/bots", token=self.token)
        if self._limits:
            self.limit(**self._limits)
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()
        self._stop()

    def _start_thread(self) -> None:
        listening = listen(0)
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        serving = server(World(limits=Limits()))
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listening]}, name="telegram")

        def stop() -> None:
            serving.should_exit = True
            thread.join(20)
            listening.close()

        self._stop = stop
        thread.start()
        _until(lambda: serving.started, "the sandbox does not start")

    def _start_process(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runtelegramsandbox", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
            stdout=subprocess.DEVNULL,
        )

        def stop() -> None:
            process.terminate()
            process.wait(20)

        self._stop = stop
        _until(lambda: _listens(port) or process.poll() is not None, "the sandbox does not start")

    # ── people ─────────────────────────────────────────────────────────────────
    def user(self, telegram_id: int = 0, **fields: str) -> SandboxUser:
        """A person: first_name, last_name, username, language_code, phone. Without an id, a new one."""
        told = {name: value for name, value in {"id": telegram_id, **fields}.items() if value}
        return SandboxUser(self, self.ask("POST", "/users", **told))

    # ── weather ────────────────────────────────────────────────────────────────
    def fail_next(self, method: str = "", kind: str = "500", times: int = 1, **more: Any) -> None:
        """Let the next calls of a method go wrong: `kind` as in `telegram_integration.sandbox.simulation`."""
        self.ask("POST", "/faults", method=method, kind=kind, times=times, **more)

    def fair_weather(self) -> None:
        """No more faults."""
        self.ask("DELETE", "/faults")

    def limit(self, **limits: float) -> None:
        """Change limits, such as `overall=0, per_chat=0` for none."""
        self.ask("POST", "/limits", **limits)

    def reset(self) -> None:
        """Forget people, chats, updates and figures."""
        self.ask("POST", "/reset")

    # ── figures ────────────────────────────────────────────────────────────────
    def rates(self) -> dict[str, int]:
        """The most messages in any one second, `overall` and `per_chat`; and how many `messages` at all."""
        return dict(self.ask("GET", "/rates"))

    def counters(self) -> dict[str, Any]:
        """What was counted."""
        return dict(self.ask("GET", "/counters"))

    def refusals(self) -> list[dict[str, Any]]:
        """What was refused: `method`, `chat_id`, `code`, `description`."""
        return list(self.ask("GET", "/refusals")["refusals"])

    def latencies(self) -> dict[str, list[float]]:
        """Seconds from what people did to the `first` answer and to what was `shown`."""
        return dict(self.ask("GET", "/latencies"))

    def calls(self, method: str = "") -> list[dict[str, Any]]:
        """The calls of the bot: `number`, `method`, `chat_id`, `at`, `arguments`."""
        return list(self.ask("GET", "/calls", params={"method": method})["calls"])

    def bot(self) -> dict[str, Any]:
        """The bot: whether it polls, its webhook, how many updates wait."""
        return dict(self.ask("GET", "/bots")["bots"][0])

    def call(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method of the Bot API, as the bot would; the answer's body, whatever it says."""
        answer = self.http.post(f"/bot{self.token}/{method}", json=arguments)
        return dict(answer.json())

    def ask(
        self, verb: str, path: str, *, params: dict[str, Any] | None = None, **fields: Any
    ) -> dict[str, Any]:
        """Ask the simulation. Raises `SandboxError` with what it says if that cannot be."""
        body = fields if verb != "GET" else None
        answer = self.http.request(verb, f"/simulate{path}", params=params, json=body)
        if answer.is_error:
            raise SandboxError(f"{verb} {path}: {answer.text}")
        return dict(answer.json())


def _until(is_so: Callable[[], bool], otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise SandboxError(otherwise)
        time.sleep(0.01)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
