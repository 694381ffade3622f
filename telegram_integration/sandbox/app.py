"""The make-believe Telegram as an ASGI application: the Bot API, the simulation, the page."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from telegram_integration.sandbox import methods, simulation
from telegram_integration.sandbox.call import METHODS, Call
from telegram_integration.sandbox.errors import Refused, too_many
from telegram_integration.sandbox.page.assets import HEADERS, asset
from telegram_integration.sandbox.parameters import Arguments, read
from telegram_integration.sandbox.state import Fault, World
from telegram_integration.sandbox.tokens import bot_of
from telegram_integration.sandbox.webhooks import Postman

# Importing the methods enters them into the table.
__all__ = ["application", "methods"]
_GLANCE = 0.05
_PERFECT = Fault("none")


def application(world: World) -> ASGIApp:
    """The application on a world."""
    postman = Postman(world)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await postman.close()

    routes = [
        simulation.mount(world),
        Route("/bot{token}/{method}", _api(world, postman), methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", _download(world)),
        Route("/{path:path}", _page),
    ]
    # A site whose name leads to loopback (DNS rebinding) must not read what is here.
    ours = Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1"])
    return Cuttable(Starlette(routes=routes, lifespan=lifespan, middleware=[ours]))


class Cuttable:
    """Lets what is inside cut the connection: ``request.scope["cut"]()``."""

    def __init__(self, inside: ASGIApp) -> None:
        self._inside = inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; uvicorn's `send` belongs to an object that has the transport."""
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        scope["cut"] = transport.abort if transport else lambda: None
        await self._inside(scope, receive, send)


def _api(world: World, postman: Postman) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        name, perform = METHODS.get(request.path_params["method"].lower(), ("unknown", _unknown))
        arguments = Arguments()
        try:
            bot = bot_of(world, request.path_params["token"])
            postman.look_after(bot)
            arguments = await read(request)
            _note(world, name, arguments)
            fault = _fault(world, name, arguments)
            await _before(fault, request)
            result = perform(Call(world, bot, arguments, request.is_disconnected))
            result = await result if isinstance(result, Awaitable) else result
            await _after(fault, request)
        except Refused as refused:
            return _refuse(world, name, arguments, refused)
        except _Broken as broken:
            return PlainTextResponse("<html><h1>502 Bad Gateway</h1></html>", broken.code)
        return _json({"ok": True, "result": result}, 200)

    return answer


def _unknown(_: Call) -> None:
    raise Refused(404, "Not Found: method not found")


def _json(body: dict[str, Any], code: int) -> Response:
    return Response(json.dumps(body), code, media_type="application/json")


def _note(world: World, name: str, arguments: Arguments) -> None:
    world.calls[name] += 1
    if name == "getUpdates":
        return
    told = {
        "number": world.calls.total(),
        "method": name,
        "chat_id": arguments.values.get("chat_id"),
        "at": time.time(),
        "arguments": arguments.values,
    }
    world.log.append(told)


def _refuse(world: World, name: str, arguments: Arguments, refused: Refused) -> Response:
    world.figures["too_many" if refused.retry_after else "refusals"] += 1
    told = {"method": name, "chat_id": arguments.values.get("chat_id"), "code": refused.code}
    world.refusals.append({**told, "description": refused.description})
    return _json(refused.as_json(), refused.code)


# ── faults that a test asked for ───────────────────────────────────────────────
class _Broken(Exception):
    """The answer of a gateway that knows no JSON."""

    code = 502


def _fault(world: World, name: str, arguments: Arguments) -> Fault:
    """The fault that this call shall meet, and one time less of it."""
    chat_id = str(arguments.values.get("chat_id", ""))
    for fault in world.faults:
        if fault.method.lower() in {"", name.lower()} and (
            not fault.chat_id or chat_id == str(fault.chat_id)
        ):
            fault.times -= 1
            if fault.times <= 0:
                world.faults.remove(fault)
            return fault
    return _PERFECT


async def _before(fault: Fault, request: Request) -> None:
    """What goes wrong before anything is done."""
    if fault.kind == "429":
        raise too_many(fault.retry_after)
    if fault.kind == "500":
        raise Refused(500, "Internal Server Error")
    if fault.kind == "401":
        raise Refused(401, "Unauthorized")
    if fault.kind == "403":
        raise Refused(403, "Forbidden: bot was blocked by the user")
    if fault.kind == "502":
        raise _Broken
    if fault.kind == "timeout":
        await _be_silent(fault.seconds, request)
    if fault.kind in {"reset", "timeout"}:
        await _cut(request)


async def _after(fault: Fault, request: Request) -> None:
    """What goes wrong when it is done."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "lost":
        await _cut(request)


async def _be_silent(seconds: float, request: Request) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not await request.is_disconnected():  # noqa: ASYNC110  -- nobody tells
        await asyncio.sleep(_GLANCE)


async def _cut(request: Request) -> None:
    request.scope["cut"]()
    for _ in range(100):
        if await request.is_disconnected():
            break
        await asyncio.sleep(_GLANCE / 10)
    raise _Broken


# ── files and the page ─────────────────────────────────────────────────────────
def _download(world: World) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            bot_of(world, request.path_params["token"])
        except Refused as refused:
            return _json(refused.as_json(), refused.code)
        path = request.path_params["path"]
        file = next((one for one in world.files.values() if one.path == path), None)
        if file is None:
            return _json(Refused(404, "Not Found").as_json(), 404)
        return Response(file.content, media_type="application/octet-stream")

    return answer


async def _page(request: Request) -> Response:
    found = asset(request.path_params["path"])
    if found is None:
        return PlainTextResponse("There is nothing here.", 404)
    return Response(found.content, media_type=found.media_type, headers=HEADERS)
