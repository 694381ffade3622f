"""Bringing an answer to the person: the tapped card edited in place, others sent, the tap always answered."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from telegram import Bot

from telegram_integration.cards import Card, Document
from telegram_integration.client.connection import ask
from telegram_integration.client.errors import Away, Blocked, Refused, Unknown, Wait, Why
from telegram_integration.client.markup import attached, edited, is_editable, sent

if TYPE_CHECKING:
    from telegram_integration.answering import Answer

logger = logging.getLogger(__name__)

_Step = Callable[[], Awaitable[None]]


async def deliver(bot: Bot, answer: "Answer") -> None:
    """Show an answer. Raises as `Delivery.go_on`; what was sent until then is not remembered."""
    await Delivery(bot, answer).go_on()


class Delivery:
    """An answer on its way. Whatever reached the person is not sent again by this delivery."""

    def __init__(self, bot: Bot, answer: "Answer") -> None:
        self._bot = bot
        self._answer = answer
        self._is_tap_answered = not answer.callback_id
        self._steps: deque[_Step] = deque(self._plan())

    async def go_on(self) -> None:
        """Send what has not been sent yet; the tap is answered in the same moment as the first card.

        Raises `Wait` and `Away`: go on later. `Blocked`: nothing reaches the person. `Refused`: Telegram does
        not take what we made. A new message of which nobody knows whether it arrived counts as sent.
        """
        tap = asyncio.ensure_future(self._answer_tap())
        try:
            while self._steps:
                await self._steps[0]()
                self._steps.popleft()
        finally:
            # A toast that did not get through is no reason to show the card again, nor the other way round.
            [fault] = await asyncio.gather(tap, return_exceptions=True)
        if fault is not None:
            raise fault

    def _plan(self) -> list[_Step]:
        reply, message_id = self._answer.reply, self._answer.message_id
        steps: list[_Step] = [partial(self._send, card) for card in reply.cards]
        if steps and message_id and not reply.is_fresh and is_editable(reply.cards[0]):
            steps[0] = partial(self._edit, reply.cards[0])
        return [*steps, *(partial(self._attach, document) for document in reply.documents)]

    async def _answer_tap(self) -> None:
        if self._is_tap_answered:
            return
        reply = self._answer.reply
        try:
            await ask(
                self._bot,
                "answer_callback_query",
                callback_query_id=self._answer.callback_id,
                text=reply.toast or None,
                show_alert=reply.is_alert or None,
            )
        except (Refused, Blocked, Unknown) as fault:
            # Too long ago, or answered before a crash: the card says it all.
            logger.debug("a tap was not answered: %s", fault)
        self._is_tap_answered = True

    async def _edit(self, card: Card) -> None:
        where = {"chat_id": self._answer.chat_id, "message_id": self._answer.message_id}
        try:
            await ask(self._bot, "edit_message_text", **where, **edited(card))
        except Unknown:
            # The same edit twice is one: ask again.
            raise Away from None
        except Refused as refusal:
            if refusal.why is Why.GONE:
                await self._send(card)
            elif refusal.why is not Why.UNCHANGED:
                raise

    async def _send(self, card: Card) -> None:
        await self._once("send_message", sent(card))

    async def _attach(self, document: Document) -> None:
        await self._once("send_document", attached(document))

    async def _once(self, method: str, arguments: dict[str, object]) -> None:
        try:
            await ask(self._bot, method, chat_id=self._answer.chat_id, **arguments)
        except Unknown:
            logger.warning("Telegram did not say whether a message arrived; it is not sent again")


__all__ = ["Away", "Blocked", "Delivery", "Refused", "Wait", "deliver"]
