"""A mail server on loopback that speaks real SMTP and can be told to misbehave."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """What a server took, and the addresses that it refuses, with their replies."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refused: dict[str, str] = {}
        self.data_reply = "250 Message accepted for delivery"

    async def handle_RCPT(  # noqa: N802  -- the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if (reply := self.refused.get(address)) is not None:
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_reply.startswith("250"):
            content: Any = envelope.content
            self.taken.append(BytesParser(policy=default).parsebytes(content))
            self.recipients.append(list(envelope.rcpt_tos))
        return self.data_reply


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server that takes mail on a port of its own until the block ends."""
    box, loop, ready = Mailbox(), asyncio.new_event_loop(), threading.Event()
    answering: list[SMTP] = []

    def answer() -> SMTP:
        answering.append(SMTP(box, hostname="mail.test", loop=loop, enable_SMTPUTF8=True))
        return answering[-1]

    async def serve() -> asyncio.AbstractServer:
        return await loop.create_server(answer, "127.0.0.1", 0)

    def run() -> None:
        server = loop.run_until_complete(serve())
        box.port = server.sockets[0].getsockname()[1]
        ready.set()
        loop.run_forever()
        server.close()
        loop.run_until_complete(_hang_up(answering))
        loop.close()

    thread = threading.Thread(target=run, name="mail server", daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield box
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


async def _hang_up(answering: list[SMTP]) -> None:
    """End what still talks to somebody: a connection that is left open would be told of in another test."""
    for one in answering:
        if one.transport is not None:
            one.transport.abort()
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    # The loop calls back once more for each connection that is gone.
    await asyncio.sleep(0.01)


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener.getsockname()[1]


@contextmanager
def nobody_listens() -> Iterator[int]:
    """A port on which nothing answers while the block lasts."""
    with closing(socket.socket()) as kept:
        kept.bind(("127.0.0.1", 0))
        yield kept.getsockname()[1]
