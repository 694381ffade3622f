"""A turn: one update, read. Who wrote or tapped what, to which bot, as which patient of which hospital."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from redis.exceptions import RedisError

from accounts.permissions import GRANTS, Role
from core.actor import Actor, Door
from telegram_integration import drafts
from telegram_integration.callbacks import Tap, sign
from telegram_integration.cards import Button, Style
from telegram_integration.drafts import Draft
from telegram_integration.models import TelegramBot, TelegramUser
from tenants.models import Hospital

P = ParamSpec("P")
T = TypeVar("T")

# Whoever is not linked to a patient yet sees what there is and says who they are.
_UNKNOWN = frozenset({"catalogue.read", "availability.read", "patients.claim"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedContact:
    """A contact that came in a message. `is_own`: Telegram says that the number is the sender's account's."""

    phone: str
    is_own: bool


@dataclass(kw_only=True)
class Turn:
    """What a handler gets. It runs in a thread, inside of `hospital`, in `language`, in no transaction.

    `hospital` is that of the tapped button, else the one that the user chose; None before they chose any and
    where it is gone or switched off. `patient_id` is the patient that they are there. Of `text` (typed, or
    after a command), `contact` and `tap` at most one is there; `is_other` tells of a photo, a sticker and
    whatever else nobody asked for.
    """

    bot: TelegramBot
    user: TelegramUser
    chat_id: int
    update_id: int
    language: str
    hospital: Hospital | None = None
    patient_id: UUID | None = None
    command: str = ""
    text: str = ""
    contact: SharedContact | None = None
    tap: Tap | None = None
    is_other: bool = False
    # What Telegram says of the sender: for a first guess of the name.
    first_name: str = ""
    last_name: str = ""
    _draft: Draft | None = field(default=None, repr=False)

    @cached_property
    def actor(self) -> Actor:
        """Who acts: the patient, or somebody whom nobody knows yet."""
        grants = GRANTS[Role.PATIENT] if self.patient_id else _UNKNOWN
        role = Role.PATIENT.value if self.patient_id else ""
        return Actor(door=Door.TELEGRAM, grants=grants, role=role, patient_id=self.patient_id)

    @property
    def is_linked(self) -> bool:
        """Whether the person is a patient of the hospital at hand."""
        return self.patient_id is not None

    def do(self, verb: Callable[Concatenate[Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Say a verb of the domain as this person."""
        return verb(self.actor, *args, **kwargs)

    def button(self, text: str, action: str, *arguments: str, style: Style = Style.PLAIN) -> Button:
        """A button that only this chat can tap, for the hospital at hand."""
        hospital_id = self.hospital.pk if self.hospital else 0
        tap = Tap(action, hospital_id, arguments)
        return Button(text, data=sign(tap, bot_id=self.bot.pk, chat_id=self.chat_id), style=style)

    @property
    def draft(self) -> Draft:
        """What they are typing; nothing while Redis is away."""
        if self._draft is None:
            try:
                self._draft = drafts.load(self.bot.pk, self.user.pk)
            except RedisError:
                self._draft = drafts.NOTHING
        return self._draft

    def ask(self, step: str, **data: Any) -> None:
        """Remember what is asked now: the next text is the answer. Raises `RedisError`."""
        self._draft = Draft(step, data)
        drafts.keep(self.bot.pk, self.user.pk, self._draft)

    def forget(self) -> None:
        """Nothing is being typed any more. While Redis is away it forgets by itself, after an hour."""
        if self.draft.step:
            try:
                drafts.drop(self.bot.pk, self.user.pk)
            except RedisError:
                return
            self._draft = drafts.NOTHING
