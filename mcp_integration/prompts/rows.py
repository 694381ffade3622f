"""What a prompt is: a way through several tools, for a model to lead a person along."""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import override
from rest_framework.serializers import Serializer

_CALL = re.compile(r"`([a-z_]+)\(([a-z_, ]*)\)`")


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """A named way. `takes` reads the arguments, which come as text; their help texts describe them.

    The tools that a step goes through stand in it as `` `tool(parameter, …)` ``. Who may not use one of the
    tools in `core` does not see the prompt; a step through another tool that they may not use is left out.
    """

    name: str
    title: str | Promise
    description: str | Promise
    takes: type[Serializer]
    opening: str | Promise
    core: frozenset[str]
    steps: tuple[str | Promise, ...]

    @cached_property
    def tools_of_steps(self) -> tuple[frozenset[str], ...]:
        """The tools that each step goes through."""
        return tuple(frozenset(calls_in(step)) for step in self.steps)

    def steps_for(self, tools: frozenset[str]) -> list[str]:
        """The steps of somebody who may use these tools, in the active language."""
        return [
            str(step) for step, needs in zip(self.steps, self.tools_of_steps, strict=True) if needs <= tools
        ]


def calls_in(text: str | Promise) -> dict[str, tuple[str, ...]]:
    """The tools that a text names, with the parameters that it names of each."""
    # The message id, not its translation: what a step needs does not depend on the language.
    with override(None):
        found = _CALL.findall(str(text))
    return {
        tool: tuple(part.strip() for part in parameters.split(",") if part.strip())
        for tool, parameters in found
    }
