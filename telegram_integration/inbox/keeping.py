"""Keeping what Telegram sends: each update once, however often it comes and by whichever way."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection

from telegram_integration.models import TelegramBot

# The kinds of updates that we ask for.
KINDS = ["message", "callback_query", "my_chat_member"]

_KEEP = """
INSERT INTO public.telegram_updates (bot_id, update_id, chat_id, payload)
SELECT %s, told.update_id, told.chat_id, told.payload::jsonb
FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS told (update_id, chat_id, payload)
ON CONFLICT (bot_id, update_id) DO NOTHING
"""
_LARGEST = 2**63 - 1

Payload = dict[str, Any]


class NotAnUpdate(Exception):
    """What came is not what the Bot API calls an update."""


def keep(bot: TelegramBot, payload: Payload) -> bool:
    """Keep an update; False if it was there already. Raises `NotAnUpdate`, `DatabaseError`."""
    return keep_all(bot, [payload]) == 1


def keep_all(bot: TelegramBot, payloads: Sequence[Payload]) -> int:
    """Keep updates in one statement; return how many were new. Raises `NotAnUpdate`, `DatabaseError`."""
    rows = [(_number(one.get("update_id")), chat_of(one), _storable(one)) for one in payloads]
    numbers, chats, texts = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [bot.pk, numbers, chats, texts])
        return int(cursor.rowcount)


def chat_of(payload: Payload) -> int:
    """The chat that an update belongs to: within it they are answered in order. 0 for none."""
    tap = _part(payload, "callback_query")
    where = _part(payload, "message") or _part(tap, "message") or _part(payload, "my_chat_member")
    for one in (_part(where, "chat"), _part(tap, "from")):
        number = one.get("id")
        if isinstance(number, int) and abs(number) <= _LARGEST:
            return number
    return 0


def _part(whole: Payload, name: str) -> Payload:
    part = whole.get(name)
    return part if isinstance(part, dict) else {}


def _number(given: object) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= _LARGEST:
        raise NotAnUpdate
    return given


def _storable(payload: Payload) -> str:
    text = json.dumps(payload)
    # PostgreSQL's jsonb takes neither NUL nor half of a surrogate pair.
    return json.dumps(_cleaned(payload)) if "\\u0000" in text or "\\ud" in text else text


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return value
