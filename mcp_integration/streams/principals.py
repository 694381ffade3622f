"""Whose results go to whose streams, and how they travel: sealed, under names that tell nobody who it is."""

import json
import secrets
from dataclasses import asdict, dataclass
from typing import Final, Self

from django.db import connection
from django.utils.crypto import salted_hmac

from credentials.callers import Credential

# This process, so that it does not hear itself.
ORIGIN: Final = secrets.token_hex(8)


def principal_of(credential: Credential) -> str:
    """A key, or one sign-in of a person, as a digest that nobody without the secret key can look up."""
    sign_in = credential.claims.sign_in_id if credential.claims else ""
    return salted_hmac(
        "mcp_integration.streams", f"{credential.name} {sign_in}", algorithm="sha256"
    ).hexdigest()[:32]


def results_channel() -> str:
    """The channel on which results travel."""
    return f"nadmor:results:{_database()}"


def presence_key(principal: str) -> str:
    """The key that is there while a caller listens anywhere."""
    return f"nadmor:listening:{_database()}:{principal}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed result on its way; `principal` says whose, `origin` from which process."""

    principal: str
    origin: str
    sealed: str

    @property
    def place(self) -> str:
        """What the result is sealed for."""
        return place_of(self.principal)

    def __str__(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Self:
        """The envelope of a text. Raises `ValueError`, `TypeError` for anything else."""
        return cls(**json.loads(text))


def place_of(principal: str) -> str:
    """The place that a caller's results are sealed for."""
    return f"streams.result:{principal}"


def _database() -> str:
    return str(connection.settings_dict["NAME"])
