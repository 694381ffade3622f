"""Ways to reach a person: a registry that rooms above extend, and each hospital's order of them."""

from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise

from tenants.models import Hospital

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Whom to reach. Each channel looks for what it needs; empty is what is not known."""

    patient_id: UUID | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What to say, worded in the recipient's language. `id` stays the same whenever it is sent again."""

    id: UUID
    kind: str
    title: str
    text: str
    html: str
    # Ids and public facts, for channels that offer more than text.
    data: dict[str, Any] = field(default_factory=dict)


class Undelivered(Exception):
    """A message did not get through. `why` is a code, such as ``address_refused``, and holds no address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotNow(Undelivered):
    """The channel does not work at present; the same message may go through later."""


class NotTaken(Undelivered):
    """The channel refused this message or this recipient for good."""


class Channel(Protocol):
    """A way to reach somebody. `delivers` is false where nobody outside hears of it."""

    name: str
    label: Text
    delivers: bool

    def why_not(self, to: Recipient) -> str:
        """Why it cannot reach somebody, as a code such as ``no_address``, or nothing. Talks to nobody."""

    def send(self, to: Recipient, message: Message) -> None:
        """Hand a message over. Raises `NotNow` or `NotTaken`; ends by itself within a minute or so."""


_channels: dict[str, tuple[int, Channel]] = {}


def add_channel(channel: Channel, *, preference: int) -> None:
    """Make a channel known, in the place of one of the same name; called from `AppConfig.ready`.

    The lower the preference, the sooner it is tried where a hospital has no order of its own.
    """
    _channels[channel.name] = (preference, channel)


def all_channels() -> list[Channel]:
    """Every channel, in the platform's order."""
    return [channel for _, channel in sorted(_channels.values(), key=lambda entry: entry[0])]


def channels_for(hospital: Hospital) -> list[Channel]:
    """The channels that a hospital uses, in its order; at the end those that deliver to nobody."""
    known = all_channels()
    chosen = hospital.channel_names
    if chosen:
        by_name = {channel.name: channel for channel in known}
        used = [by_name[name] for name in chosen if name in by_name]
    else:
        used = known
    last = [channel for channel in known if not channel.delivers]
    return [channel for channel in used if channel.delivers] + last
