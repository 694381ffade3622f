"""Registering: who are you, what is your number, what is the code."""

import math
from datetime import datetime, timedelta

import phonenumbers
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.actions.wording import time_in_words
from telegram_integration.cards import Button, Card, Reply, Rows, Style
from telegram_integration.turn import Turn
from telegram_integration.words.html import bold, label, lines, paragraphs
from tenants.models import Language


def greeting_card(turn: Turn, suggestion: str, line: str = "") -> Card:
    """The first thing that a stranger sees: where they are, and the question who they are."""
    text = paragraphs(
        line,
        "👋 " + _("Welcome to %(hospital)s.") % {"hospital": bold(turn.hospital or "")},
        _("Here you book, look up, move and cancel your appointments."),
        _question_of_name(),
    )
    others = [_other_language(turn)]
    if turn.bot.hospital_id is None:
        others.append(turn.button(_("🏥 Another hospital"), "h"))
    return Card(
        text=text, rows=(*_suggested(turn, suggestion), tuple(others), (turn.button(_("Help"), "e"),))
    )


def name_card(turn: Turn, suggestion: str, line: str = "") -> Card:
    """The question for the name, under a line of HTML that says why it is asked (again)."""
    rows = (*_suggested(turn, suggestion), (leave_button(turn),))
    return Card(text=paragraphs(line, _question_of_name()), rows=rows)


def first_who_you_are(turn: Turn) -> str:
    """Why somebody who wanted something is asked for their name (HTML)."""
    return _("First %(hospital)s has to know who you are.") % {"hospital": bold(turn.hospital or "")}


def letters_needed() -> str:
    """For a name of signs and digits alone."""
    return _("Please write your name in letters.")


def _question_of_name() -> str:
    return _("What is your name? Write your first and last name, as the hospital should know you.")


def _suggested(turn: Turn, suggestion: str) -> Rows:
    if not suggestion:
        return ()
    text = _("Use “%(name)s”") % {"name": label(suggestion)}
    return ((turn.button(text, "r", "n", style=Style.PRIMARY),),)


def _other_language(turn: Turn) -> Button:
    """Named in the language that it leads to."""
    if turn.language == Language.THAI:
        return turn.button("🌐 English", "l", Language.ENGLISH)
    return turn.button("🌐 ภาษาไทย", "l", Language.THAI)


def leave_button(turn: Turn) -> Button:
    """The way out of whatever is being asked."""
    return turn.button(_("Leave"), "x")


def named_card(turn: Turn, name: str, known_phone: str = "") -> Card:
    """The name that was given, with the ways to correct it and to use a number that is known already."""
    known = _("Use %(phone)s: a code is sent") % {"phone": number_in_words(known_phone)}
    rows: Rows = ((turn.button(known, "r", "k"),),) if known_phone else ()
    return Card(
        text=f"👤 {bold(name)}",
        rows=(*rows, (turn.button(_("Change name"), "r", "c"), leave_button(turn))),
    )


def plain_name_card(name: str) -> Card:
    """The name that was given, when it cannot be changed at this place any more."""
    return Card(text=f"👤 {bold(name)}")


def phone_card(line: str = "") -> Card:
    """The question for the number, with the button that shares one's own."""
    text = paragraphs(
        line,
        lines(
            "📱 " + _("Now your mobile number: tap the button below, and you are done."),
            _("You may also write a number; a code is sent to it then."),
        ),
    )
    return Card(text=text, contact_button=_("📱 Share my number"))


def sent_card(phone: str) -> Card:
    """A code is on its way. It takes the button that shares a number away."""
    text = _("A code of 6 digits is on its way to %(phone)s.") % {"phone": bold(number_in_words(phone))}
    return Card(text=f"📨 {text}", drops_contact_button=True)


def code_card(turn: Turn, line: str = "", *, until: datetime | None = None) -> Card:
    """The question for the code, with its ways on, under a line of HTML; `until` (aware) it is valid."""
    valid = _("It is valid until %(time)s.") % {"time": _minute(until)} if until else ""
    question = " ".join(part for part in (_("Write the 6 digits here."), valid) if part)
    return Card(text=paragraphs(line, question), rows=code_rows(turn))


def code_rows(turn: Turn) -> Rows:
    """What one can do but write a code."""
    return (
        (turn.button(_("Send again"), "r", "s"), turn.button(_("Another number"), "r", "p")),
        (turn.button(_("Change name"), "r", "c"), leave_button(turn)),
    )


def asked_before(again_at: datetime) -> str:
    """A code was asked for a moment ago (HTML)."""
    text = _("A code was sent a moment ago. Another can be sent from %(time)s on.")
    return text % {"time": _minute(_next_minute(again_at))}


def wait_to_send(turn: Turn, phone: str, again_at: datetime) -> Reply:
    """A code went to another number a moment ago; when this one may have its own."""
    text = _("A code can be sent from %(time)s on. Please tap “Send again” then.")
    told = text % {"time": _minute(_next_minute(again_at))}
    number = Card(text=f"📱 {bold(number_in_words(phone))}", drops_contact_button=True)
    return Reply(cards=(number, Card(text=told, rows=code_rows(turn))))


def wait_so_long(again_at: datetime) -> str:
    """How long somebody has to wait until another code may be sent; for a toast."""
    seconds = max(1, math.ceil((again_at - timezone.now()).total_seconds()))
    text = ngettext("Please wait %(count)d second.", "Please wait %(count)d seconds.", seconds)
    return text % {"count": seconds}


def sent_again() -> str:
    """Another code is on its way (HTML)."""
    return "📨 " + _("Another code is on its way. The one before it does not work any more.")


def six_digits() -> str:
    """What was typed is no code (HTML)."""
    return "⚠️ " + _("A code has 6 digits.")


def wrong_code(left: int) -> str:
    """That was not the code (HTML)."""
    text = ngettext(
        "This is not the code. You have %(count)d more try.",
        "This is not the code. You have %(count)d more tries.",
        left,
    )
    return text % {"count": left}


def registered_card(turn: Turn, name: str) -> Card:
    """They are a patient now."""
    text = _("You are registered at %(hospital)s as %(name)s.")
    told = text % {"hospital": bold(turn.hospital or ""), "name": bold(name)}
    return Card(text=f"✅ {told}", drops_contact_button=True)


def number_in_words(phone: str) -> str:
    """A number in E.164 as people write it: ``081 234 5678`` in Thailand, with its country elsewhere."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    is_ours = phonenumbers.region_code_for_number(number) == "TH"
    form = (
        phonenumbers.PhoneNumberFormat.NATIONAL if is_ours else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, form)


def _minute(instant: datetime) -> str:
    return time_in_words(timezone.localtime(instant))


def _next_minute(instant: datetime) -> datetime:
    """The first whole minute that is not before it: a clock without seconds must not promise too much."""
    return (instant + timedelta(seconds=59)).replace(second=0, microsecond=0)
