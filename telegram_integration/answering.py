"""One update, answered: whose it is, what it is about, and what is shown for it. No network."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from redis.exceptions import RedisError

from core import clock
from core.errors import DomainError, NotAllowed
from telegram_integration import drafts, handlers
from telegram_integration.callbacks import BadTap, Tap
from telegram_integration.callbacks import read as read_tap
from telegram_integration.cards import Card, Reply, show
from telegram_integration.choosing import offer_another
from telegram_integration.handlers import registering, strays
from telegram_integration.leaving import leave
from telegram_integration.models import TelegramBot
from telegram_integration.people import Person, choose_hospital, find_person, note_blocking
from telegram_integration.reading import Incoming, read
from telegram_integration.refusals import away, refused
from telegram_integration.routes import COMMANDS, STEPS, TAPS, Route
from telegram_integration.turn import Turn
from telegram_integration.wanting import wanted_of
from telegram_integration.words.strays import private_only
from tenants.context import inside
from tenants.errors import HospitalInactive, HospitalNotFound
from tenants.models import Language

__all__ = ["Answer", "answer", "handlers"]

# Whoever writes in a group is not looked up.
NOBODY = UUID(int=0)
# These leave a question open: it may be why somebody asks.
_ASIDE = ("help", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be shown, where, to whom.

    `callback_id` and `message_id` (the tapped card) are there after a tap alone.
    """

    chat_id: int
    reply: Reply
    user_id: UUID
    callback_id: str = ""
    message_id: int = 0

    @property
    def new_messages(self) -> int:
        """How many messages it sends; an edited card is none."""
        edited = 1 if self.message_id and self.reply.cards and not self.reply.is_fresh else 0
        return len(self.reply.cards) + len(self.reply.documents) - edited


def answer(bot: TelegramBot, payload: dict[str, Any]) -> Answer | None:
    """The answer to an update as Telegram sent it; None where nobody waits for one.

    Synchronous, in no transaction and outside of every hospital. Said twice for one update, it does and shows
    the same. Refusals of the domain are answered; what is left are faults such as a database that is away.
    """
    incoming = read(payload)
    if incoming is None:
        return None
    if not incoming.is_private:
        return _decline(incoming)
    if incoming.has_blocked is not None:
        note_blocking(bot, incoming.sender.telegram_id, has_blocked=incoming.has_blocked)
        return None
    tap = _tap_of(bot, incoming)
    person = find_person(bot, incoming.sender, hospital_id=tap.hospital_id if tap else None)
    turn = _turn_of(bot, incoming, tap, person)
    with _at(turn):
        reply = _reply(turn, is_readable=tap is not None or not incoming.callback_id)
    return Answer(
        chat_id=incoming.chat_id,
        reply=reply,
        user_id=person.user.pk,
        callback_id=incoming.callback_id,
        message_id=incoming.message_id,
    )


def _tap_of(bot: TelegramBot, incoming: Incoming) -> Tap | None:
    """The tapped button; None without one, and for one that is not ours."""
    if not incoming.callback_id:
        return None
    try:
        return read_tap(incoming.data, bot_id=bot.pk, chat_id=incoming.chat_id)
    except BadTap:
        return None


def _turn_of(bot: TelegramBot, incoming: Incoming, tap: Tap | None, person: Person) -> Turn:
    return Turn(
        bot=bot,
        user=person.user,
        chat_id=incoming.chat_id,
        update_id=incoming.update_id,
        language=person.user.language,
        hospital=person.hospital,
        patient_id=person.patient_id,
        command=incoming.command,
        text=incoming.text,
        contact=incoming.contact,
        tap=tap,
        is_other=incoming.is_other,
        first_name=incoming.sender.first_name,
        last_name=incoming.sender.last_name,
    )


@contextmanager
def _at(turn: Turn) -> Iterator[None]:
    """In the hospital at hand, on its clocks, in the person's language."""
    with ExitStack() as stack:
        stack.enter_context(translation.override(turn.language))
        if turn.hospital is not None:
            stack.enter_context(inside(turn.hospital))
            stack.enter_context(timezone.override(clock.zone(turn.hospital.timezone)))
        yield


def _reply(turn: Turn, *, is_readable: bool) -> Reply:
    try:
        return _routed(turn) if is_readable else strays.too_old(turn)
    except RedisError:
        return away(turn)
    except (HospitalInactive, HospitalNotFound):
        return offer_another(turn)
    except DomainError as refusal:
        return refused(turn, refusal)


def _routed(turn: Turn) -> Reply:
    if turn.command:
        return _command(turn)
    try:
        return _tap(turn) if turn.tap is not None else _loose(turn)
    except BadTap:
        return strays.too_old(turn)


def _command(turn: Turn) -> Reply:
    left = () if turn.command in _ASIDE else leave(turn)
    route = COMMANDS.get(turn.command)
    reply = _run(turn, route) if route else strays.unknown_command(turn)
    return replace(reply, cards=(*left, *reply.cards))


def _tap(turn: Turn) -> Reply:
    route = TAPS.get(turn.tap.action) if turn.tap else None
    if route is None:
        raise BadTap
    left = _follow(turn)
    reply = _run(turn, route)
    return replace(reply, cards=(*reply.cards, *left)) if left else reply


def _follow(turn: Turn) -> tuple[Card, ...]:
    """From now on they deal with the button's hospital; what they were typing was for the other one."""
    if turn.hospital is None or turn.user.hospital_id == turn.hospital.pk:
        return ()
    left = leave(turn) if turn.user.hospital_id is not None else ()
    choose_hospital(turn.user, turn.hospital)
    return left


def _loose(turn: Turn) -> Reply:
    """A text, contact or photo: the answer to what was asked last, if anything was."""
    # Not `turn.draft`, which is silent where Redis is away: an answer must not be taken for chatter.
    draft = drafts.load(turn.bot.pk, turn.user.pk)
    route = STEPS.get(draft.step)
    asked = replace(turn, _draft=draft)
    if route is None:
        return strays.unasked(asked)
    if turn.hospital is None:
        left = leave(asked)
        return replace(reply := offer_another(asked), cards=(*left, *reply.cards))
    return _run(asked, route)


def _run(turn: Turn, route: Route) -> Reply:
    """Have a route's handler answer; strangers who want what patients can do register first."""
    if not route.linked:
        return _unless_refused(turn, route)
    if turn.hospital is None:
        return offer_another(turn)
    return route.handler(turn) if turn.is_linked else registering.begin(turn, wanted_of(turn))


def _unless_refused(turn: Turn, route: Route) -> Reply:
    try:
        return route.handler(turn)
    except NotAllowed:
        if turn.is_linked:
            raise
        return registering.begin(turn, wanted_of(turn))


def _decline(incoming: Incoming) -> Answer | None:
    """In groups and channels: one line for a command or tap of ours, and never anything about anybody."""
    if incoming.command not in COMMANDS and not incoming.callback_id:
        return None
    with translation.override(Language.THAI):
        thai = private_only()
    with translation.override(Language.ENGLISH):
        english = private_only()
    reply = Reply(toast=english) if incoming.callback_id else show(Card(text=f"{thai}\n{english}"))
    return Answer(chat_id=incoming.chat_id, reply=reply, user_id=NOBODY, callback_id=incoming.callback_id)
