"""Somebody who uses the make-believe Telegram (`tests.support.telegram`)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

# What is waited for in vain fails the test after this (seconds): a busy machine is slow.
PATIENCE = 30.0


class SandboxError(AssertionError):
    """Something that a person cannot do, or that did not happen."""


@dataclass
class SandboxUser:
    """A person in the chat with the bot. What they do returns themselves, so that it can be chained."""

    sandbox: Any
    about: dict[str, Any]
    # What came before the last thing that they did is not waited for.
    mark: int = 0
    _seen: dict[int, dict[str, Any]] = field(default_factory=dict)
    _answers: list[dict[str, Any]] = field(default_factory=list)
    _revision: int = 0
    _state: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> int:
        return int(self.about["id"])

    # ── doing ──────────────────────────────────────────────────────────────────
    def types(self, text: str, **more: Any) -> Self:
        """Write a text or a command."""
        return self._do("text", text=text, **more)

    def taps(self, label: str = "", **more: Any) -> Self:
        """Tap a button by (part of) its text; `data=`, `message_id=`, `forged=True` say more."""
        return self._do("tap", label=label, **more)

    def shares_contact(self, phone: str = "", **more: Any) -> Self:
        """Share the own number; `own=False`, `user_id=`, `forwarded=True` for what is not."""
        return self._do("contact", **({"phone": phone} if phone else {}), **more)

    def sends(self, kind: str, caption: str = "") -> Self:
        """Send a photo, sticker, voice, location, document or video."""
        return self._do("media", kind=kind, caption=caption)

    def sends_photo(self) -> Self:
        return self.sends("photo")

    def edits(self, message_id: int, text: str) -> Self:
        return self._do("edit", message_id=message_id, text=text)

    def starts(self, payload: str = "") -> Self:
        """Press [Start], with a deep link's payload."""
        return self._do("start", payload=payload)

    def blocks(self) -> Self:
        return self._do("block")

    def unblocks(self) -> Self:
        return self._do("unblock")

    def deletes_the_chat(self) -> Self:
        self.sandbox.ask("DELETE", f"/users/{self.id}/chat")
        return self

    def _do(self, what: str, **fields: Any) -> Self:
        self.mark = self.sandbox.ask("POST", f"/users/{self.id}/{what}", **fields)["revision"]
        return self

    # ── reading ────────────────────────────────────────────────────────────────
    def _look(self, wait: float = 0) -> None:
        params = {"after": self._revision, "wait": wait}
        self._state = self.sandbox.ask("GET", f"/users/{self.id}/chat", params=params)
        if self._state["revision"] < self._revision:
            self._seen, self._answers = {}, []
        self._revision = self._state["revision"]
        self._seen |= {one["message_id"]: one for one in self._state["messages"]}
        self._answers += self._state["answers"]

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What stands in the chat now, the oldest first."""
        self._look()
        return [self._seen[one] for one in sorted(self._seen) if not self._seen[one]["is_deleted"]]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """What the bot wrote, the oldest first."""
        return [one for one in self.messages if one["from_bot"]]

    @property
    def card(self) -> dict[str, Any]:
        """The bot's newest text."""
        texts = [one for one in self.cards if one["kind"] == "text"]
        if not texts:
            raise SandboxError("The bot has written nothing.")
        return texts[-1]

    @property
    def labels(self) -> list[str]:
        """The texts of the newest card's buttons."""
        return [button["text"] for row in self.card["buttons"] for button in row]

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Files that the bot sent."""
        return [one["document"] for one in self.cards if one["document"]]

    def content_of(self, document: dict[str, Any]) -> bytes:
        return self.sandbox.http.get(document["url"]).content

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What the bot said to taps."""
        self._look()
        return self._answers

    @property
    def toast(self) -> str:
        """What it said to the last answered tap; "" for nothing."""
        return str(self.answers[-1]["text"]) if self.answers else ""

    @property
    def keyboard(self) -> dict[str, Any] | None:
        """The keyboard under the text field."""
        self._look()
        return self._state["reply_keyboard"]

    # ── waiting ────────────────────────────────────────────────────────────────
    def wait_for(self, text: str = "", *, seconds: float = PATIENCE) -> Self:
        """Wait until the bot wrote, or changed, something with the text in it since the last thing done."""
        found = self._wait(
            lambda: any(
                text in one["text"] and one["from_bot"] and one["revision"] > self.mark
                for one in self._seen.values()
                if not one["is_deleted"]
            ),
            seconds,
        )
        if not found:
            shown = "\n".join(one["text"] for one in self.cards) or "nothing"
            raise SandboxError(f"{text!r} never came. In the chat is: {shown}\n{self.sandbox.refusals()}")
        return self

    def wait_for_answer(self, text: str = "", *, seconds: float = PATIENCE) -> Self:
        """Wait until the bot answered the last tap, with the text in what it said."""
        if not self._wait(
            lambda: any(text in one["text"] and one["revision"] > self.mark for one in self._answers), seconds
        ):
            raise SandboxError(f"No answer with {text!r}: {self._answers[-3:]}")
        return self

    def wait_for_document(self, *, seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait for a file that comes after the last thing done."""

        def came() -> bool:
            return any(one["document"] and one["revision"] > self.mark for one in self._seen.values())

        if not self._wait(came, seconds):
            raise SandboxError("No file came.")
        return self.documents[-1]

    def _wait(self, is_so: Callable[[], bool], seconds: float) -> bool:
        until = time.monotonic() + seconds
        self._look()
        while not is_so():
            if (left := until - time.monotonic()) <= 0:
                return False
            self._look(wait=min(left, 5))
        return True
