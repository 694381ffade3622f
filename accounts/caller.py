"""A call on somebody's behalf: in their hospital, in their language, as them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.utils import translation

from accounts.models import User
from core.actor import Actor, Door
from tenants.context import inside
from tenants.models import Hospital

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Caller:
    """Which hospital, who, and in which language; each door builds one for each call."""

    hospital: Hospital
    actor: Actor
    language: str

    def call(self, verb: Callable[Concatenate[Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Say one verb (an action or a query) and return what it returns."""
        with inside(self.hospital), translation.override(self.language):
            return verb(self.actor, *args, **kwargs)

    async def run(self, verb: Callable[Concatenate[Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`call` from asynchronous code: one hop to a thread, the hospital entered inside of it."""

        def hop() -> T:
            try:
                return self.call(verb, *args, **kwargs)
            finally:
                close_old_connections()

        answer: T = await sync_to_async(hop, thread_sensitive=False)()
        return answer


def actor_of(user: User, door: Door, *, patient_id: Any = None, practitioner_id: Any = None) -> Actor:
    """The actor that a signed-in user is; ids say whose rows are their own."""
    return Actor(
        door=door,
        grants=user.grants,
        role=user.role,
        user_id=user.pk,
        patient_id=patient_id,
        practitioner_id=practitioner_id,
        label=user.get_full_name(),
    )
