"""Short ways through the bot's booking: buttons found by what they mean, not by where they stand."""

from collections.abc import Iterator
from datetime import date, datetime, time

from bookings.models import Appointment
from bookings.rules.statuses import Status
from core import clock
from telegram_integration.callbacks import Tap, pack_day, pack_instant, read
from telegram_integration.cards import Button, Reply
from tenants.context import current_hospital
from tests.support.catalogue import coming_day
from tests.support.chat import Chat, buttons_of


def buttons(chat: Chat) -> Iterator[tuple[int, Button, Tap]]:
    """The buttons that are there, the newest message's first: message, button, what it means."""
    for message_id in sorted(chat.messages, reverse=True):
        for button in buttons_of(chat.messages[message_id]):
            yield message_id, button, read(button.data, bot_id=chat.bot.pk, chat_id=chat.telegram_id)


def find(chat: Chat, action: str, *arguments: str) -> tuple[int, Button] | None:
    """The newest button of that action whose arguments end with those."""
    for message_id, button, tap in buttons(chat):
        ends = tap.arguments[len(tap.arguments) - len(arguments) :]
        if tap.action == action and ends == arguments:
            return message_id, button
    return None


def tap(chat: Chat, action: str, *arguments: str) -> Reply:
    """Tap the newest button of that action whose arguments end with those."""
    found = find(chat, action, *arguments)
    assert found is not None, f"No button for {action} {arguments}: {chat.labels}"
    message_id, button = found
    return chat.taps_data(button.data, message_id)


def actions(chat: Chat) -> set[str]:
    """What can be done from the newest message."""
    newest = max(chat.messages)
    return {meaning.action for message_id, _, meaning in buttons(chat) if message_id == newest}


def tap_day(chat: Chat, day: date, *, action: str = "bd") -> Reply:
    """Choose a day on the calendar at hand, leafing to its month."""
    while find(chat, action, pack_day(day)) is None:
        chat.taps("»")
    return tap(chat, action, pack_day(day))


def instant(hour: int, minute: int = 0, *, days: int = 1) -> datetime:
    """A time of a coming day on the clocks of the hospital at hand, as an instant."""
    zone = clock.zone(current_hospital().timezone)
    return datetime.combine(coming_day(days), time(hour, minute), zone)


def tap_time(chat: Chat, start: datetime, *, action: str = "bt") -> Reply:
    """Choose a time of the day at hand."""
    return tap(chat, action, pack_instant(start))


def to_times(chat: Chat, *, days: int = 1) -> Reply:
    """From nothing to the times of a coming day of the only service."""
    chat.says("/book")
    return tap_day(chat, coming_day(days))


def to_summary(chat: Chat, start: datetime) -> Reply:
    """From nothing to the summary of a visit of the only service."""
    zone = clock.zone(current_hospital().timezone)
    chat.says("/book")
    tap_day(chat, start.astimezone(zone).date())
    return tap_time(chat, start)


def held() -> list[Appointment]:
    """Every hold of the hospital at hand."""
    return list(Appointment.objects.filter(status=Status.HELD).order_by("start"))


def booked() -> list[Appointment]:
    """Every appointment of the hospital at hand."""
    return list(Appointment.objects.exclude(status=Status.HELD).order_by("start"))
