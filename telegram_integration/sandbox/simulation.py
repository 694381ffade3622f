"""What people do: the API by which tests and the page write, tap and read. JSON over HTTP, loopback only.

All paths begin with ``/simulate``. Where there are several bots, ``?bot=<id>`` says which one is meant;
without it, it is the one that was known first. What is wrong is answered with 4xx and ``{"error": "…"}``.
A body is a JSON object, sent as application/json; fields with ``?`` may be left out. ``phone`` is as
``+66812345678``.

People

- ``GET /users``: ``{users: [user…]}``
- ``POST /users``: ``{id?, first_name?, last_name?, username?, language_code?, phone?}`` makes a person, or
  changes the one of that id; answers with the user. Without an id the next free one is taken.
- ``GET /bots``: ``{bots: [{id, first_name, username, webhook_url, is_polling, pending_update_count}…]}``
- ``POST /bots``: ``{token, first_name?, username?}`` makes a bot known before it calls.

What one person does in the chat with the bot. Each answers ``{update_id, message | null, revision}``: the
chat's revision right after it; the id is 0 where the bot did not ask for such updates.

- ``POST /users/<id>/text``: ``{text, reply_to?, group?}`` types; a command is a text with ``/``. ``group``
  (a negative chat id) writes it in a group.
- ``POST /users/<id>/tap``: ``{label? | data?, message_id?, forged?}`` taps a button under a message: by
  (part of) its text, or by its exact data, in the newest message that has it, or in the one that is named.
  ``forged`` sends ``data`` that no button has. Answers with ``callback_query_id`` and ``url`` too; the
  latter is set for a button that opens an address, and nothing is sent to the bot. 400 for a disabled
  button, 404 for none.
- ``POST /users/<id>/contact``: ``{phone?, own?, user_id?, first_name?, last_name?, forwarded?}``: without
  fields, the person shares their own number, as the button with ``request_contact`` does. ``own: false``
  shares somebody else's (``user_id`` may be theirs), ``forwarded`` forwards it.
- ``POST /users/<id>/media``: ``{kind, caption?}``; kind: photo, sticker, voice, location, document, video
- ``POST /users/<id>/edit``: ``{message_id, text}`` changes a text of their own.
- ``POST /users/<id>/block``, ``/unblock``; ``/start`` as the [Start] button: ``{payload?}``
- ``DELETE /users/<id>/chat`` deletes the history.

What they see

- ``GET /users/<id>/chat?after=<revision>&wait=<seconds>&group=<chat id>``: what has changed since
  ``revision`` (0: everything); waits for up to 60 seconds until something does. ``{revision, user, bot,
  is_started, is_blocked, action, reply_keyboard, commands, description, messages, answers}``. A
  ``revision`` below ``after`` says that everything was forgotten: ask again from 0.

  - ``action``: ``"typing"`` and so on while the bot says so, else ``""``
  - ``reply_keyboard``: null, or ``{rows: [[{text, request_contact, style}…]…], placeholder, is_one_time,
    is_resized}``
  - ``commands``: ``[{command, description}…]``, and ``description``, in the person's language
  - ``messages``: ordered by id, those that are new, changed or deleted since: ``{message_id, date,
    edit_date, from_bot, kind, text, html, entities, buttons, document, contact, location, is_protected,
    is_silent, effect_id, link_preview_options, reply_to, is_deleted, revision}``. Dates in seconds
    (``edit_date`` 0: never). ``kind``: text, document, contact, photo, sticker, voice, location, video.
    ``html`` is safe to be shown: the tags that Telegram knows, all else escaped; for a file it is the
    caption. ``buttons``: ``[[{text, style, kind, data, url}…]…]`` with ``style`` "", primary, success or
    danger, and ``kind`` callback, url, copy or disabled. ``document``: null or ``{file_name, file_size,
    mime_type, file_id, url}``
  - ``answers``: ``[{callback_query_id, message_id, text, show_alert, url, seconds, revision}…]``: what the
    bot said to taps since (``text`` may be empty), and how many seconds after the tap.
- ``GET /files/<file_id>``: a file's content

Weather

- ``POST /faults``: ``{method?, kind, times?, retry_after?, seconds?, chat_id?}``: the next ``times`` (1)
  calls of ``method`` (any) meet ``kind``: "429", "500", "502" (no JSON), "401", "403" (blocked), "timeout"
  (nothing for ``seconds``, 60), "reset" (the connection is cut before anything is done), "lost" (it is
  done, and the connection is cut in the place of the answer), "slow" (done, and answered after
  ``seconds``).
- ``DELETE /faults``: fair weather again; ``GET`` what is left.
- ``POST /limits``: any of `telegram_integration.sandbox.limits.Limits`; ``GET`` what they are.
- ``POST /reset``: forgets people, chats, updates, figures and faults; bots stay.
- ``POST /revoke``: ``{token}``: it is answered with 401 from now on.

Figures

- ``GET /counters``: ``{updates, delivered, delivered_twice, messages, edits, refusals, too_many,
  webhook_failures, callbacks, callbacks_unanswered, calls: {method: n}}``
- ``GET /refusals``: ``{refusals: [{method, chat_id, code, description}…]}``, the last 500
- ``GET /rates``: ``{overall, per_chat, messages}``: the most messages that were taken in any one second,
  overall and to one chat, and how many at all
- ``GET /latencies``: ``{first: [seconds…], shown: [seconds…]}``: from what a person did to the bot's first
  answer of any kind, and to the first message or edit
- ``GET /calls?method=&after=``: ``{calls: [{number, method, chat_id, at, arguments}…]}``, the last 2000,
  without getUpdates
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from telegram_integration.sandbox import acts, weather
from telegram_integration.sandbox.asked import Asked
from telegram_integration.sandbox.errors import Impossible
from telegram_integration.sandbox.state import World

Handler = Callable[[World, Asked], Any | Awaitable[Any]]
_HANDLERS: tuple[tuple[str, str, Handler], ...] = (*acts.HANDLERS, *weather.HANDLERS)


def mount(world: World) -> Mount:
    """The addresses of the simulation."""
    routes = [Route(path, _route(world, handler), methods=[verb]) for verb, path, handler in _HANDLERS]
    routes.append(Route("/files/{file_id}", _file(world)))
    return Mount("/simulate", routes=routes)


def _route(world: World, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            found = handler(world, Asked(world, request, await _fields(request)))
            return JSONResponse(await found if isinstance(found, Awaitable) else found)
        except Impossible as impossible:
            return JSONResponse({"error": impossible.error}, impossible.code)

    return answer


async def _fields(request: Request) -> dict[str, Any]:
    body = await request.body()
    if not body:
        return {}
    # A page of another site can post forms to loopback, but no JSON, without being asked (CORS).
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Impossible("Say it in JSON, with its Content-Type.", 415)
    try:
        fields = await request.json()
    except ValueError:
        raise Impossible("That is no JSON.") from None
    if not isinstance(fields, dict):
        raise Impossible("The body is a JSON object.")
    return fields


def _file(world: World) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        file = world.files.get(request.path_params["file_id"])
        if file is None:
            return JSONResponse({"error": "There is no such file."}, 404)
        name = "".join(one for one in file.name if one.isascii() and one.isprintable() and one not in '"\\')
        headers = {
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        return Response(file.content, media_type=file.media_type, headers=headers)

    return answer
