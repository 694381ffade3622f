"""Working the inbox off in one process: so many updates at a time, each answered in a thread of its own."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError

from telegram_integration.answering import Answer, answer
from telegram_integration.client.chats import mark_blocked
from telegram_integration.client.deliver import Delivery
from telegram_integration.client.errors import Away, Blocked, Refused, TelegramFault, Wait
from telegram_integration.inbox.claiming import LEASE, Claimed, Outcomes, settle_and_claim
from telegram_integration.inbox.keeping import Payload
from telegram_integration.inbox.sorry import sorry
from telegram_integration.inbox.switchboard import Switchboard
from telegram_integration.inbox.threads import Threads
from telegram_integration.models import TelegramBot
from telegram_integration.sending.bucket import spent

logger = logging.getLogger(__name__)

# The inbox is looked at this often without a hint, and a lease is said anew this often (seconds).
LOOK_EVERY, RENEW_EVERY = 1.0, LEASE.total_seconds() / 3
# Nobody holds an update for longer than this on one attempt, but for Telegram's sake (seconds).
LONGEST = 60.0
# Attempts at an update, and the pauses between them (seconds). Its chat waits that long.
MOST_ATTEMPTS, PAUSES = 5, (0.5, 1.0, 2.0, 4.0)
# How long an answer waits for Telegram at most, and the pauses while it is away (seconds).
PATIENCE, SHORTEST, LONGEST_PAUSE = 3600.0, 0.5, 15.0
# Answers that wait for Telegram, for each bot; beyond that its updates stay in the inbox.
MOST_WAITING = 200
# How long what is under way at the end may take (seconds).
FAREWELL = 10.0

Answers = Callable[[TelegramBot, Payload], Answer | None]


class Work:
    """An update in hand. `waits`: its answer is made and waits for Telegram, so it needs no thread."""

    def __init__(self, update: Claimed) -> None:
        self.update = update
        self.since = self.renewed = time.monotonic()
        self.waits = False
        self.task: asyncio.Task[None] | None = None


class Worker:
    """Takes updates from the inbox until it is told to stop. All of it but the handlers is in the loop."""

    def __init__(self, switchboard: Switchboard, *, answers: Answers = answer) -> None:
        self._switchboard, self._answers = switchboard, answers
        self._handlers = Threads(settings.TELEGRAM_CONCURRENCY, "telegram")
        self._inbox = Threads(1, "telegram-inbox")
        self._news = asyncio.Event()
        self._hand: dict[int, Work] = {}
        self._outcomes = Outcomes()
        self._is_database_away = False

    def wake(self) -> None:
        """There may be something to do."""
        self._news.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until `stopping`; then what is under way gets `FAREWELL` seconds to end."""
        while not stopping.is_set():
            self._news.clear()
            room = settings.TELEGRAM_CONCURRENCY - sum(not work.waits for work in self._hand.values())
            for update in await self._settle(room):
                work = self._hand[update.id] = Work(update)
                work.task = asyncio.create_task(self._work_on(work))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), LOOK_EVERY)
        await self._end()

    async def _settle(self, room: int) -> list[Claimed]:
        """Note what is done and take what waits. While the database is away: wait, and lose nothing."""
        outcomes, self._outcomes = self._outcomes, Outcomes()
        self._renew(outcomes)
        work = partial(settle_and_claim, outcomes, bots=self._open_bots(), most=room)
        try:
            claimed = await self._inbox.run(work)
        except (OperationalError, InterfaceError) as error:
            # Leases are not put back: they may be over by then.
            self._outcomes.done[:0] = outcomes.done
            if not self._is_database_away:
                logger.warning("the database is away (%s): updates wait", type(error).__name__)
            self._is_database_away = True
            await asyncio.sleep(LOOK_EVERY)
            return []
        if self._is_database_away:
            logger.warning("the database is back: updates are answered again")
        self._is_database_away = False
        return claimed

    def _renew(self, outcomes: Outcomes) -> None:
        now = time.monotonic()
        for work in self._hand.values():
            is_alive = work.waits or now - work.since < LONGEST
            if is_alive and now - work.renewed > RENEW_EVERY:
                work.renewed = now
                outcomes.held.append((work.update, LEASE.total_seconds(), ""))

    def _open_bots(self) -> list[UUID]:
        """Those that do not have too many answers waiting for Telegram already."""
        waiting = [work.update.bot_id for work in self._hand.values() if work.waits]
        return [bot_id for bot_id in self._switchboard.bots if waiting.count(bot_id) < MOST_WAITING]

    async def _work_on(self, work: Work) -> None:
        try:
            error = await self._answer(work)
            self._outcomes.done.append((work.update, error))
        except (OperationalError, InterfaceError) as error:
            # The database went away under it: the same update comes again when it is back.
            logger.warning("an update waits for the database: %s", type(error).__name__)
            self._outcomes.held.append((work.update, PAUSES[-1], type(error).__name__))
        except Exception as error:  # noqa: BLE001  -- one bad update must not hold up the rest
            # The class and the place alone: a message may quote what somebody wrote.
            name, number = type(error).__name__, work.update.attempts
            logger.error("update %s, attempt %s: %s at %s", work.update.id, number, name, _place(error))  # noqa: TRY400
            await self._fail(work, name)
        finally:
            self._hand.pop(work.update.id, None)
            self.wake()

    def _made(self, bot: TelegramBot, payload: Payload) -> Answer | None:
        """The answer; what it sends is taken off what reminders and notices may send."""
        made = self._answers(bot, payload)
        if made is not None:
            for _ in range(made.new_messages):
                spent(bot, made.user_id)
        return made

    async def _answer(self, work: Work) -> str:
        """Answer an update; "" or the class of what ended it. Raises whatever the handler raises."""
        update = work.update
        if update.attempts > MOST_ATTEMPTS:
            # Whoever had it died of it, each time.
            await self._apologise(work)
            return "Killed"
        bot = self._switchboard.bots[update.bot_id]
        made = await self._handlers.run(partial(self._made, bot, update.payload))
        if made is None:
            return ""
        try:
            await self._bring(work, made)
        except Blocked:
            await self._inbox.run(partial(mark_blocked, update.bot_id, made.user_id))
            return "Blocked"
        except Refused as refusal:
            logger.error("Telegram refused the answer to update %s: %s", update.id, refusal)  # noqa: TRY400
            await self._apologise(work)
            return "Refused"
        except (Wait, Away) as fault:
            logger.error("the answer to update %s was given up: Telegram is away", update.id)  # noqa: TRY400
            return type(fault).__name__
        return ""

    async def _bring(self, work: Work, made: Answer) -> None:
        """Deliver an answer; while it waits for Telegram, others go on. Raises `TelegramFault`."""
        delivery = Delivery(self._switchboard.client(work.update.bot_id), made)
        until, pause = time.monotonic() + PATIENCE, SHORTEST
        while True:
            try:
                await delivery.go_on()
            except Wait as fault:
                seconds = fault.seconds
                if time.monotonic() + seconds > until:
                    raise
            except Away:
                seconds, pause = pause, min(pause * 2, LONGEST_PAUSE)
                if time.monotonic() > until:
                    raise
            else:
                return
            work.waits = True
            self.wake()
            await asyncio.sleep(seconds)

    async def _fail(self, work: Work, error: str) -> None:
        """Have it tried again after a pause, or end it with a word to the person."""
        if work.update.attempts < MOST_ATTEMPTS:
            pause = PAUSES[min(work.update.attempts, len(PAUSES)) - 1]
            self._outcomes.held.append((work.update, pause, error))
            return
        await self._apologise(work)
        self._outcomes.done.append((work.update, error))

    async def _apologise(self, work: Work) -> None:
        try:
            made = await self._handlers.run(partial(sorry, work.update.payload))
            if made is not None:
                await self._bring(work, made)
        except TelegramFault as fault:
            logger.warning("no apology for update %s: %s", work.update.id, type(fault).__name__)
        except Exception as error:  # noqa: BLE001  -- a payload of no known form: there is nobody to speak to
            logger.error("no apology for update %s: %s", work.update.id, type(error).__name__)  # noqa: TRY400

    async def _end(self) -> None:
        """Let what is answered end; what waits for Telegram is for others to answer."""
        until = time.monotonic() + FAREWELL
        while any(not work.waits for work in self._hand.values()) and time.monotonic() < until:
            self._news.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), 0.2)
            await self._settle(0)
        left = list(self._hand.values())
        for work in left:
            if work.task is not None:
                work.task.cancel()
        await asyncio.gather(*(work.task for work in left if work.task is not None), return_exceptions=True)
        # A thread that is still at work keeps its lease: others wait until it is over.
        self._outcomes.held.extend((work.update, 0.0, "") for work in left if work.waits)
        with suppress(OperationalError, InterfaceError):
            await self._inbox.run(partial(settle_and_claim, self._outcomes, bots=[], most=0))
        self._handlers.close()
        self._inbox.close()


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
