"""A bot without a domain, by the same library: `python -m benchmarks.telegram_bare BASE TOKEN`.

It answers a text with a button and a tap with a card edited in place: what answering costs at the least.
"""

import asyncio
import sys
from contextlib import suppress

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

_AT_ONCE = 64


async def _answer(bot: Bot, update: Update) -> None:
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again.0")]])
    if (query := update.callback_query) and query.message is not None:
        # Telegram waits 15 s; a bot that is slower edits the card all the same.
        with suppress(BadRequest):
            await bot.answer_callback_query(query.id)
        await bot.edit_message_text(
            f"Update {update.update_id}",
            chat_id=query.from_user.id,
            message_id=query.message.message_id,
            reply_markup=keyboard,
        )
    elif update.effective_chat is not None:
        await bot.send_message(update.effective_chat.id, "Hello", reply_markup=keyboard)


async def _work(base: str, token: str) -> None:
    pool = HTTPXRequest(connection_pool_size=_AT_ONCE)
    async with Bot(token, base_url=f"{base}/bot", request=pool) as bot:
        offset, busy = 0, set[asyncio.Task[None]]()
        while True:
            for update in await bot.get_updates(offset=offset, timeout=20):
                offset = update.update_id + 1
                task = asyncio.create_task(_answer(bot, update))
                busy.add(task)
                task.add_done_callback(busy.discard)


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1], sys.argv[2]))
