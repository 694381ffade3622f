"""Posts updates to webhooks: those of one chat one after the other, each until it is taken.

core.telegram.org/bots/api#setwebhook. Only loopback is written to,
whatever the webhook's address is.
"""

import asyncio
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx

from telegram_integration.sandbox.chats import now
from telegram_integration.sandbox.state import Bot, Webhook, World
from telegram_integration.sandbox.updates import delivered

_LONGEST_PAUSE = 60.0
_GLANCE = 0.25
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Postman:
    """Looks after the webhooks of all bots while the server runs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._rounds: dict[int, asyncio.Task[None]] = {}
        self._client: httpx.AsyncClient | None = None

    def look_after(self, bot: Bot) -> None:
        """Begin to post the updates of a bot, if that has not begun."""
        if bot.id not in self._rounds:
            self._rounds[bot.id] = asyncio.create_task(self._post_for(bot))

    async def close(self) -> None:
        """Stop."""
        for task in self._rounds.values():
            task.cancel()
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)
        if self._client:
            await self._client.aclose()

    async def _post_for(self, bot: Bot) -> None:
        under_way: dict[int, asyncio.Task[None]] = {}
        try:
            while True:
                under_way = {chat: task for chat, task in under_way.items() if not task.done()}
                if bot.webhook:
                    self._start(bot, bot.webhook, under_way)
                await bot.arrived.wait(_GLANCE)
        finally:
            for task in under_way.values():
                task.cancel()

    def _start(self, bot: Bot, hook: Webhook, under_way: dict[int, asyncio.Task[None]]) -> None:
        for update in list(bot.pending.values()):
            if len(under_way) >= hook.max_connections:
                return
            chat_id = chat_of(update)
            if chat_id not in under_way:
                under_way[chat_id] = asyncio.create_task(self._post_chat(bot, hook, chat_id))

    async def _post_chat(self, bot: Bot, hook: Webhook, chat_id: int) -> None:
        """Post what is in line for a chat, in order, until nothing is or the webhook is another one."""
        pause = self._world.limits.webhook_backoff
        while bot.webhook is hook:
            mine = [one for one, update in bot.pending.items() if chat_of(update) == chat_id]
            if not mine:
                break
            if await self._post(bot, hook, min(mine)):
                bot.pending.pop(min(mine), None)
                pause = self._world.limits.webhook_backoff
            else:
                await _rest(bot, hook, pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        # Others have waited for this one's connection.
        asyncio.get_running_loop().call_soon(bot.arrived.fire)

    async def _post(self, bot: Bot, hook: Webhook, update_id: int) -> bool:
        """Post one; whether it was taken."""
        delivered(self._world, bot, update_id)
        try:
            if urlsplit(hook.url).hostname not in _LOOPBACK:
                raise httpx.ConnectError("The sandbox posts to loopback alone")
            answer = await self._post_to(hook, bot.pending[update_id])
        except httpx.TimeoutException:
            error = "Read timeout expired"
        except httpx.HTTPError as failed:
            error = str(failed) or "Connection refused"
        else:
            if answer.is_success:
                return True
            phrase = HTTPStatus(answer.status_code).phrase if answer.status_code in set(HTTPStatus) else ""
            error = f"Wrong response from the webhook: {answer.status_code} {phrase}".rstrip()
        hook.last_error, hook.last_error_at = error, now()
        self._world.figures["webhook_failures"] += 1
        return False

    async def _post_to(self, hook: Webhook, update: dict[str, Any]) -> httpx.Response:
        if self._client is None:
            limits = httpx.Limits(max_connections=200, max_keepalive_connections=100)
            self._client = httpx.AsyncClient(limits=limits, trust_env=False)
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        return await self._client.post(
            hook.url, json=update, headers=headers, timeout=self._world.limits.webhook_timeout
        )


async def _rest(bot: Bot, hook: Webhook, seconds: float) -> None:
    """Wait, as long as the webhook is the same: another one begins anew."""
    until = time.monotonic() + seconds
    while bot.webhook is hook and (left := until - time.monotonic()) > 0:
        # It tells of another webhook, as of any update.
        await bot.arrived.wait(left)


def chat_of(update: dict[str, Any]) -> int:
    """The chat that an update is about; 0 for none."""
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message") or content
            return int((message.get("chat") or content.get("from") or {"id": 0})["id"])
    return 0
