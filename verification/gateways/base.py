"""What a gateway is: it brings a code to a phone, and some check the codes of their own."""

from typing import Protocol


class Unavailable(Exception):
    """A gateway did not do it. `word` is ours and says why: never what the gateway or a person wrote."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class NotSent(Unavailable):
    """A gateway did not take a code; `may_have_gone`: its answer is missing, not its work."""

    def __init__(self, word: str, *, may_have_gone: bool = False) -> None:
        super().__init__(word)
        self.may_have_gone = may_have_gone


class Gateway(Protocol):
    """One way to a phone. `needs` are the settings without which it cannot be used.

    `checks_itself`: it makes its own codes, sends them in its own words, and `check` asks it about them.
    """

    name: str
    checks_itself: bool
    needs: tuple[str, ...]

    def send(self, phone: str, text: str, code: str, language: str) -> str:
        """Send a text with a code in it to a phone (E.164); return the gateway's reference, or nothing.

        `language` is th or en. Raises `NotSent`.
        """
        ...

    def check(self, reference: str, phone: str, code: str) -> bool:
        """Whether that is the code which the gateway sent. Raises `Unavailable`."""
        ...


class SendsOurCodes:
    """A gateway that sends what it is given: we check, and nobody asks it."""

    checks_itself = False

    def check(self, reference: str, phone: str, code: str) -> bool:  # noqa: ARG002  -- the interface
        """Nothing is right: it knows no code."""
        return False
