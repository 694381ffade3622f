"""Call: one use of a tool, as its row sees it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from rest_framework.serializers import Serializer

from core.actor import Actor
from credentials.callers import Credential
from tenants.models import Hospital

P = ParamSpec("P")
T = TypeVar("T")

# How far a long call is: done, of how many in all, and a short text.
Progress = Callable[[int, int, str], None]


def _silent(done: int, total: int, message: str) -> None:
    """For callers that asked to hear of no progress."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, where, and with which parameters: `asked` is the validated serializer, `data` its values."""

    credential: Credential
    hospital: Hospital | None
    asked: Serializer
    progress: Progress = field(default=_silent)

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.credential.actor

    @property
    def data(self) -> dict[str, Any]:
        """The parameters that came, validated."""
        data: dict[str, Any] = self.asked.validated_data
        return data

    def do(self, verb: Callable[Concatenate[Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Say a verb as the caller."""
        return verb(self.actor, *args, **kwargs)
