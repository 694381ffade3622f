"""Ways to reach a person: a registry that rooms above extend, and each hospital's order of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from django.utils.functional import Promise

from tenants.models import Hospital

Text = str | Promise

# The lane of the queue in which most channels are worked on.
LANE = "notices"


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
    # What the words were made of, times as aware datetimes, for channels that word it themselves.
    facts: dict[str, Any] = field(default_factory=dict)


class Undelivered(Exception):
    """A message did not get through. `why` is a code, such as ``address_refused``, and holds no address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NotNow(Undelivered):
    """The channel does not work at present; the same message may go through later, after `again_after`."""

    def __init__(self, why: str, again_after: timedelta | None = None) -> None:
        super().__init__(why)
        self.again_after = again_after


class NotTaken(Undelivered):
    """The channel refused this message or this recipient for good."""


class Unsure(Undelivered):
    """The message went out and no answer came: it may have been delivered."""


class Channel(Protocol):
    """A way to reach somebody. `delivers` is false where nobody outside hears of it.

    `lane` is the lane of the queue in which it is worked on: one that has its own is held up by no other.
    `repeats` says that it does no harm to hand the same message over twice, as it carries the same id.
    """

    name: str
    label: Text
    delivers: bool
    lane: str
    repeats: bool

    def why_not(self, to: Recipient) -> str:
        """Why it cannot reach somebody, as a code such as ``no_address``, or nothing. Talks to nobody."""

    def send(self, to: Recipient, message: Message) -> None:
        """Hand a message over. Raises `NotNow`, `NotTaken`, `Unsure`; ends by itself in a minute or so."""


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
