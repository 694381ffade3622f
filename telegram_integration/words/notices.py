"""What notices say in a chat, and their buttons; for `sending/`, which has no turn at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from bookings.actions.wording import day_in_words, time_in_words
from bookings.channels import Message
from core import clock
from telegram_integration.callbacks import Tap, pack_instant, pack_int, pack_uuid, sign
from telegram_integration.cards import LONGEST_TEXT, Button, Card, Rows, Style
from telegram_integration.words.booking import when_lines
from telegram_integration.words.html import bold, esc, paragraphs
from tenants.models import Hospital


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a notice goes: a hospital's, by a bot, to a chat, in a language."""

    hospital: Hospital
    bot_id: UUID
    chat_id: int
    language: str

    def button(self, text: str, action: str, *arguments: str, style: Style = Style.PLAIN) -> Button:
        """A button that only this chat can tap."""
        tap = Tap(action, self.hospital.pk, arguments)
        return Button(text, data=sign(tap, bot_id=self.bot_id, chat_id=self.chat_id), style=style)


def notice_card(message: Message, there: Destination) -> Card:
    """A notice as a card, in the language of the chat; of a kind unknown here, its own words as they are."""
    make = _CARDS.get(message.kind)
    with translation.override(there.language):
        if make is not None:
            return make(message, there)
    text = paragraphs(bold(message.title), esc(message.text.strip()))
    # Escaped it is longer: what is cut here would be refused as broken.
    return Card(text=text if len(text) <= LONGEST_TEXT else bold(message.title))


def _reminder(message: Message, there: Destination) -> Card:
    which = _appointment(message.data["subject"])
    rows = (
        (there.button(_("Confirm"), "nc", which, style=Style.SUCCESS),),
        (_move(there, which), _cancel(there, which)),
    )
    return Card(text=_visit_text(f"⏰ {bold(_('Your appointment is soon'))}", message, there), rows=rows)


def _moved(message: Message, there: Destination) -> Card:
    which = _appointment(message.data["appointment_id"])
    is_new_time = message.facts.get("is_new_time", True)
    happened = _("Your appointment was moved") if is_new_time else _("Somebody else will see you")
    rows = ((there.button(_("Details"), "ad", which),), (_move(there, which), _cancel(there, which)))
    return Card(text=_visit_text(f"🔄 {bold(happened)}", message, there), rows=rows)


def _cancelled(message: Message, there: Destination) -> Card:
    again = there.button(_("Book again"), "bs", pack_int(message.data["event_type_id"]), style=Style.PRIMARY)
    title = f"❌ {bold(_('Your appointment was cancelled'))}"
    rows: Rows = ((again,),)
    return Card(text=paragraphs(_visit_text(title, message, there), *_phone(there)), rows=rows)


def _choose_another_time(message: Message, there: Destination) -> Card:
    which = _appointment(message.data["appointment_id"])
    rows: Rows = ((_move(there, which),), (_cancel(there, which),))
    title = f"🗓 {bold(_('Please choose another time: this one cannot be kept'))}"
    return Card(text=paragraphs(_visit_text(title, message, there), *_phone(there)), rows=rows)


def _restored(message: Message, there: Destination) -> Card:
    which = _appointment(message.data["appointment_id"])
    rows = ((there.button(_("Details"), "ad", which),), (_move(there, which), _cancel(there, which)))
    title = f"✅ {bold(_('Your appointment takes place after all'))}"
    return Card(text=_visit_text(title, message, there), rows=rows)


def _offer(message: Message, there: Destination) -> Card:
    facts = message.facts
    title = (
        _("An earlier time for your appointment is free") if facts["is_move"] else _("A time has become free")
    )
    text = paragraphs(
        f"🔔 {bold(title)}\n{bold(there.hospital.name)}",
        when_lines(facts["start"], there.hospital),
        esc(_kept_until(facts["until"], there.hospital)),
    )
    which = pack_uuid(UUID(message.data["entry_id"])), pack_instant(facts["start"])
    take = there.button(_("Take it"), "wa", *which, style=Style.SUCCESS)
    return Card(text=text, rows=((take, there.button(_("No, thank you"), "wd", *which)),))


_CARDS: dict[str, Callable[[Message, Destination], Card]] = {
    "reminder": _reminder,
    "booking_moved": _moved,
    "booking_cancelled": _cancelled,
    "booking_restored": _restored,
    "choose_another_time": _choose_another_time,
    "waiting_list_offer": _offer,
}


def _visit_text(title: str, message: Message, there: Destination) -> str:
    """Time, place and reference. A phone shows it while it is locked: no service, no practitioner."""
    facts: dict[str, Any] = message.facts
    place = f"📍 {esc(there.hospital.name)}" + (f"\n{esc(facts['place'])}" if facts["place"] else "")
    reference = _("Reference: %(reference)s") % {"reference": f"<code>{esc(facts['reference'])}</code>"}
    return paragraphs(title, f"{when_lines(facts['start'], there.hospital)}\n{place}", reference)


def _kept_until(until: datetime, hospital: Hospital) -> str:
    local = until.astimezone(clock.zone(hospital.timezone))
    told = {"day": day_in_words(local.date()), "time": time_in_words(local)}
    return _("It is kept for you until %(day)s, %(time)s. Then it goes to the next person.") % told


def _phone(there: Destination) -> tuple[str, ...]:
    if not there.hospital.phone_number:
        return ()
    return (_("Phone of the hospital: %(phone)s") % {"phone": esc(there.hospital.phone_number)},)


def _appointment(key: str) -> str:
    return pack_uuid(UUID(key))


def _move(there: Destination, which: str) -> Button:
    return there.button(_("Reschedule"), "am", which)


def _cancel(there: Destination, which: str) -> Button:
    return there.button(_("Cancel appointment"), "ac", which, style=Style.DANGER)
