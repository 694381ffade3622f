"""Tool: one row. What it is called, what it takes and gives, who may use it, and the verb behind it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from rest_framework.serializers import Serializer

from accounts.permissions import GRANTS
from apikeys.scopes import VERBS
from core.actor import Actor
from mcp_integration.toolbox.call import Call
from mcp_integration.toolbox.parameters import parameters_of
from mcp_integration.toolbox.schemas import schema_of


class Group(StrEnum):
    """Tools that are served together, so that no client is flooded with those that it does not need."""

    BOOKING = "booking"
    HEALTHCARE = "healthcare"


class Place(StrEnum):
    """Where a tool works: in a hospital, on the platform outside of all, or in either."""

    HOSPITAL = "hospital"
    ANY = "any"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Hints:
    """What a client may know before it calls (the protocol's tool annotations)."""

    read_only: bool
    destructive: bool
    idempotent: bool


READ = Hints(read_only=True, destructive=False, idempotent=True)
# Makes something new; the same call again makes another one, unless it carries an idempotency key.
ADD = Hints(read_only=False, destructive=False, idempotent=False)
CHANGE = Hints(read_only=False, destructive=False, idempotent=True)
DESTROY = Hints(read_only=False, destructive=True, idempotent=True)


def for_example(arguments: dict[str, Any]) -> str:
    """The last sentence of a description: a call as it is written."""
    return f"Example: {json.dumps(arguments, ensure_ascii=False)}."


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool.

    `run` gets a `Call` inside of the hospital, on a thread, and returns what `gives` represents. `says` words
    a result in a sentence, out of what is ours alone. `confirm` words the question that comes before what
    cannot be undone, or returns None where none is needed. Whoever holds one of the verbs in `needs` may see
    and call it. `policy` is the allowance (`apikeys.policies`) that a call takes from, besides ``tools``.
    `given_again` is told when an answer that was kept leaves once more: what logs reads logs this one too,
    and refuses by raising.
    """

    name: str
    title: str
    description: str
    group: Group
    hints: Hints
    needs: tuple[str, ...]
    takes: type[Serializer]
    gives: type[Serializer]
    run: Callable[[Call], Any]
    says: Callable[[dict[str, Any]], str]
    example: dict[str, Any]
    place: Place = Place.HOSPITAL
    policy: str = "tools"
    confirm: Callable[[Call], str | None] | None = None
    given_again: Callable[[Call, dict[str, Any]], None] | None = None
    # Its own parameter ``hospital_id`` says which hospital the call is for.
    names_hospital_itself: bool = False
    # Tools that usually come next.
    suggests: tuple[str, ...] = ()

    def may_be_used_by(self, actor: Actor) -> bool:
        """Whether an actor may see and call it; what they reach with it the verb decides."""
        return any(actor.can(verb) for verb in self.needs)

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of keys any of which opens it."""
        return tuple(scope for scope, verbs in VERBS.items() if verbs & set(self.needs))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of people who may use it in their hospital."""
        return tuple(str(role) for role, verbs in GRANTS.items() if verbs & set(self.needs))

    @cached_property
    def parameters(self) -> type[Serializer]:
        """Its own parameters and those that the toolbox adds."""
        return parameters_of(self)

    @cached_property
    def input_schema(self) -> dict[str, Any]:
        """What it takes, as JSON Schema 2020-12."""
        return {**schema_of(self.parameters()), "additionalProperties": False}

    @cached_property
    def output_schema(self) -> dict[str, Any]:
        """What it gives, as JSON Schema 2020-12."""
        return schema_of(self.gives(), is_answer=True)
