"""Registering: name, phone, one-time code where it is needed. Then on to what was wanted.

What was answered so far is in the draft: `name`, `phone`, and `wanted` (see `telegram_integration.wanting`).
"""

from dataclasses import replace

from bookings.actions.patients import Guest, normalise_phone
from bookings.errors import CodeNeeded
from core.errors import InvalidInput
from telegram_integration.callbacks import BadTap
from telegram_integration.cards import Card, Reply, show
from telegram_integration.choosing import offer_another
from telegram_integration.handlers import codes
from telegram_integration.handlers.registered import finish
from telegram_integration.models import Proof
from telegram_integration.proving import digits_of, international
from telegram_integration.refusals import told
from telegram_integration.routes import on_step, on_tap
from telegram_integration.steps import ASKED_CODE, ASKED_NAME, ASKED_PHONE, REGISTERING
from telegram_integration.turn import Turn
from telegram_integration.wanting import Wanted
from telegram_integration.words import registering as words
from telegram_integration.words import strays
from telegram_integration.words.hospitals import phone_line
from telegram_integration.words.html import paragraphs
from telegram_integration.words.menu import menu_card
from verification.actions import DIGITS
from verification.errors import NumberNotServed


def greet(turn: Turn, line: str = "") -> Reply:
    """Welcome a stranger, under a line of HTML, and ask for their name."""
    if turn.hospital is None:
        return offer_another(turn)
    turn.ask(ASKED_NAME)
    return show(words.greeting_card(turn, suggested_name(turn), line))


def begin(turn: Turn, wanted: Wanted) -> Reply:
    """Ask for the name of somebody who wanted something that only patients can do."""
    if turn.hospital is None:
        return offer_another(turn)
    turn.ask(ASKED_NAME, wanted=wanted)
    return show(words.name_card(turn, suggested_name(turn), words.first_who_you_are(turn)))


def is_registering(turn: Turn) -> bool:
    """Whether one of our questions is open."""
    return turn.draft.step in REGISTERING


def ask_again(turn: Turn) -> Reply:
    """The open question once more, in another language maybe."""
    data = turn.draft.data
    if turn.draft.step == ASKED_PHONE:
        return _question_of_phone(turn, str(data["name"]))
    if turn.draft.step == ASKED_CODE:
        return show(words.code_card(turn))
    if data.get("wanted") or turn.is_linked:
        return show(words.name_card(turn, suggested_name(turn)))
    return show(words.greeting_card(turn, suggested_name(turn)))


@on_tap("r")
def tapped(turn: Turn) -> Reply:
    """The buttons of registering."""
    what = turn.tap.arguments[0] if turn.tap and turn.tap.arguments else ""
    if what == "a":
        return _anew(turn)
    if turn.is_linked and not is_registering(turn):
        return show(menu_card(turn))
    answers = {"": _anew, "n": _suggestion, "c": _anew, "k": _known_phone, "p": _another_phone, "s": _again}
    if what not in answers:
        raise BadTap
    return answers[what](turn)


def _anew(turn: Turn) -> Reply:
    """Ask for the name (again)."""
    if turn.hospital is None:
        return offer_another(turn)
    left = turn.draft.step == ASKED_PHONE
    turn.ask(ASKED_NAME, wanted=_wanted(turn))
    cards = (words.name_card(turn, suggested_name(turn)),)
    return Reply(cards=(*cards, Card(text="👌", drops_contact_button=True)) if left else cards)


def _suggestion(turn: Turn) -> Reply:
    """The name that we know already, or that Telegram tells."""
    name = suggested_name(turn)
    return _named(turn, name) if name else _anew(turn)


@on_step(ASKED_NAME)
def answer_name(turn: Turn) -> Reply:
    """The name, typed."""
    if not turn.text:
        return show(words.name_card(turn, suggested_name(turn), f"⚠️ {strays.unread()}"))
    try:
        name = read_name(turn.text)
    except InvalidInput as refusal:
        return show(words.name_card(turn, suggested_name(turn), f"⚠️ {told(refusal)}"))
    return _named(turn, name)


def _named(turn: Turn, name: str) -> Reply:
    if turn.hospital is None:
        return offer_another(turn)
    turn.ask(ASKED_PHONE, wanted=_wanted(turn), name=name, asked_by=turn.update_id)
    return _question_of_phone(turn, name)


def _question_of_phone(turn: Turn, name: str) -> Reply:
    return Reply(cards=(words.named_card(turn, name, turn.user.phone_number), words.phone_card()))


@on_step(ASKED_PHONE)
def answer_phone(turn: Turn) -> Reply:
    """The number: their own, as Telegram vouches for it, or any other, which needs a code."""
    if turn.draft.data.get("asked_by") == turn.update_id:
        # The update with the name once more: it is no number.
        return ask_again(turn)
    given = international(turn.contact.phone) if turn.contact else turn.text
    if not given:
        return show(words.phone_card(f"⚠️ {strays.unread()}"))
    try:
        phone = normalise_phone(given, field="phone")
    except InvalidInput as refusal:
        return show(words.phone_card(f"⚠️ {told(refusal)}"))
    if turn.contact is not None and turn.contact.is_own:
        try:
            return finish(turn, phone=phone, proof=Proof.CONTACT)
        except CodeNeeded as refusal:
            reply = _send(turn, phone)
            return replace(reply, cards=(Card(text=told(refusal)), *reply.cards))
    return _send(turn, phone)


def _send(turn: Turn, phone: str) -> Reply:
    asked = turn.draft.data
    try:
        return codes.send(turn, phone)
    except NumberNotServed as refusal:
        turn.ask(ASKED_PHONE, **asked)
        line = paragraphs(f"⚠️ {told(refusal)}", phone_line(turn.hospital))
        return show(words.phone_card(line))


def _known_phone(turn: Turn) -> Reply:
    """A code to the number that they registered with elsewhere."""
    if turn.draft.step != ASKED_PHONE or not turn.user.phone_number:
        return _anew(turn)
    reply = _send(turn, turn.user.phone_number)
    return replace(reply, cards=(words.plain_name_card(str(turn.draft.data["name"])), *reply.cards))


def _another_phone(turn: Turn) -> Reply:
    name = turn.draft.data.get("name")
    return _named(turn, str(name)) if name else _anew(turn)


def _again(turn: Turn) -> Reply:
    return codes.send_again(turn) if turn.draft.step == ASKED_CODE else _anew(turn)


@on_step(ASKED_CODE)
def answer_code(turn: Turn) -> Reply:
    """The code; a contact, or more digits than a code has, is another number."""
    if turn.contact is not None or len(digits_of(turn.text.lstrip("+"))) > DIGITS:
        return answer_phone(turn)
    return codes.check(turn)


def _wanted(turn: Turn) -> Wanted:
    return dict(turn.draft.data.get("wanted") or {}) if is_registering(turn) else {}


def suggested_name(turn: Turn) -> str:
    """The name that they registered with before, else the one that Telegram tells; empty if it is none."""
    try:
        return read_name(turn.user.name or f"{turn.first_name} {turn.last_name}")
    except InvalidInput:
        return ""


def read_name(text: str) -> str:
    """A person's name, tidy. Raises `InvalidInput` for what has no letter or is too long."""
    name = Guest.of(name=text).name
    if not any(map(str.isalpha, name)):
        raise InvalidInput(name=words.letters_needed())
    return name
