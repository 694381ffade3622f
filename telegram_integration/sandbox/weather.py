"""The simulation's addresses about everything else: faults, limits, figures."""

from dataclasses import asdict
from typing import Any

from telegram_integration.sandbox import figures
from telegram_integration.sandbox.asked import Asked, number
from telegram_integration.sandbox.errors import Impossible
from telegram_integration.sandbox.state import Fault, World

_KINDS_OF_FAULT = {"401", "403", "429", "500", "502", "timeout", "reset", "lost", "slow"}


def _add_fault(world: World, asked: Asked) -> Any:
    fields = {name: value for name, value in asked.fields.items() if value is not None}
    if fields.get("kind") not in _KINDS_OF_FAULT:
        raise Impossible(f"kind is one of {', '.join(sorted(_KINDS_OF_FAULT))}.")
    if unknown := fields.keys() - Fault.__dataclass_fields__.keys():
        raise Impossible(f"A fault has no {', '.join(sorted(unknown))}.")
    world.faults.append(Fault(**fields))
    return _faults(world, asked)


def _faults(world: World, _: Asked) -> Any:
    return {"faults": [asdict(fault) for fault in world.faults]}


def _no_faults(world: World, asked: Asked) -> Any:
    world.faults.clear()
    return _faults(world, asked)


def _limits(world: World, asked: Asked) -> Any:
    for name, value in asked.fields.items():
        if name not in asdict(world.limits) or not isinstance(value, int | float):
            raise Impossible(f"There is no limit {name}, or it is no number.")
        setattr(world.limits, name, value)
    return asdict(world.limits)


def _reset(world: World, _: Asked) -> Any:
    world.reset()
    return {}


def _revoke(world: World, asked: Asked) -> Any:
    for bot in world.bots.values():
        bot.is_revoked = bot.is_revoked or bot.token == asked.fields.get("token")
    return {}


def _counters(world: World, _: Asked) -> Any:
    return figures.counters(world)


def _refusals(world: World, _: Asked) -> Any:
    return {"refusals": list(world.refusals)}


def _rates(_: World, asked: Asked) -> Any:
    return figures.rates(asked.bot)


def _latencies(world: World, _: Asked) -> Any:
    return {"first": world.first, "shown": world.shown}


def _calls(world: World, asked: Asked) -> Any:
    wanted, after = asked.query.get("method", ""), number(asked.query.get("after", 0))
    found = [one for one in world.log if one["number"] > after and wanted in {"", one["method"]}]
    return {"calls": found}


HANDLERS = (
    *(("POST", "/faults", _add_fault), ("GET", "/faults", _faults), ("DELETE", "/faults", _no_faults)),
    *(("POST", "/limits", _limits), ("GET", "/limits", _limits)),
    *(("POST", "/reset", _reset), ("POST", "/revoke", _revoke)),
    *(("GET", "/counters", _counters), ("GET", "/refusals", _refusals), ("GET", "/rates", _rates)),
    *(("GET", "/latencies", _latencies), ("GET", "/calls", _calls)),
)
