"""One-time codes: sent, sent again, checked."""

from core.errors import DomainError
from telegram_integration.cards import Card, Reply, show
from telegram_integration.handlers.registered import finish
from telegram_integration.models import Proof
from telegram_integration.proving import PURPOSE, digits_of, subject_of
from telegram_integration.refusals import told
from telegram_integration.steps import ASKED_CODE
from telegram_integration.turn import Turn
from telegram_integration.words import registering as words
from telegram_integration.words.hospitals import phone_line
from telegram_integration.words.html import paragraphs
from verification.actions import DIGITS, Sent, check_code, send_code
from verification.errors import CodeTooSoon, NumberNotServed, WrongCode


def send(turn: Turn, phone: str) -> Reply:
    """Send a code to a number (E.164) and ask for it. Raises `NumberNotServed`, `RedisError`."""
    is_same = turn.draft.step == ASKED_CODE and turn.draft.data.get("phone") == phone
    # Remembered first: if this process ends after the sending, the code finds its question.
    turn.ask(ASKED_CODE, **turn.draft.data | {"phone": phone, "proven_by": None})
    try:
        sent = _send(turn, phone)
    except NumberNotServed:
        raise
    except CodeTooSoon as refusal:
        if not is_same:
            return words.wait_to_send(turn, phone, refusal.again_at)
        return _ask(turn, words.asked_before(refusal.again_at))
    except DomainError as refusal:
        return _ask(turn, _problem(turn, refusal))
    return Reply(cards=(words.sent_card(phone), words.code_card(turn, until=sent.expires_at)))


def _ask(turn: Turn, line: str) -> Reply:
    return Reply(cards=(Card(text=line, drops_contact_button=True), words.code_card(turn)))


def send_again(turn: Turn) -> Reply:
    """Another code to the same number; while it is too soon, how long to wait."""
    try:
        sent = _send(turn, str(turn.draft.data["phone"]))
    except CodeTooSoon as refusal:
        return Reply(toast=words.wait_so_long(refusal.again_at), is_alert=True)
    except DomainError as refusal:
        return show(words.code_card(turn, _problem(turn, refusal)))
    turn.ask(ASKED_CODE, **turn.draft.data)
    return show(words.code_card(turn, words.sent_again(), until=sent.expires_at))


def check(turn: Turn) -> Reply:
    """Check what was typed; the right code makes them a patient."""
    phone = str(turn.draft.data["phone"])
    if turn.draft.data.get("proven_by") != turn.update_id:
        code = digits_of(turn.text)
        if len(code) != DIGITS:
            return show(words.code_card(turn, words.six_digits()))
        try:
            check_code(purpose=PURPOSE, subject=subject_of(turn.user), phone=phone, code=code)
        except WrongCode as refusal:
            return show(words.code_card(turn, words.wrong_code(refusal.left)))
        except DomainError as refusal:
            return show(words.code_card(turn, _problem(turn, refusal)))
        # A code works once. If this process ends before the next line has done its work, the same update
        # comes again, and must not be refused for that.
        turn.ask(ASKED_CODE, **turn.draft.data | {"proven_by": turn.update_id})
    return finish(turn, phone=phone, proof=Proof.CODE)


def _send(turn: Turn, phone: str) -> Sent:
    return send_code(purpose=PURPOSE, subject=subject_of(turn.user), phone=phone, language=turn.language)


def _problem(turn: Turn, refusal: DomainError) -> str:
    return paragraphs(f"⚠️ {told(refusal)}", phone_line(turn.hospital))
