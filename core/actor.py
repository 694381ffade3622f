"""Who acts: one value that every verb and every query takes first."""

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from core.errors import NotAllowed


class Door(StrEnum):
    """The way that a caller came in; kept in the history of what they did."""

    ADMIN = "admin"
    API = "api"
    MCP = "mcp"
    TELEGRAM = "telegram"
    WEB = "web"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and what they may do. Built once for each call, by a door.

    `grants` are names of verbs such as ``appointments.book``; `role` is empty for a machine.
    `label` names a machine in the history (an API key's public id, a task's name).
    """

    door: Door
    grants: frozenset[str]
    role: str = ""
    user_id: uuid.UUID | None = None
    patient_id: uuid.UUID | None = None
    practitioner_id: uuid.UUID | None = None
    label: str = ""

    @classmethod
    def system(cls, label: str, *grants: str) -> Self:
        """The platform itself, for work that no person asked for, with just the grants that it needs."""
        return cls(door=Door.SYSTEM, grants=frozenset(grants), label=label)

    def can(self, verb: str) -> bool:
        """Whether this actor holds the grant of that name."""
        return verb in self.grants

    def require(self, verb: str) -> None:
        """Raise `NotAllowed` unless this actor holds the grant of that name."""
        if verb not in self.grants:
            raise NotAllowed(needs=verb)
