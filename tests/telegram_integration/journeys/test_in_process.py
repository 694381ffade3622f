"""The whole journey without a network: in both languages, and with each update handled twice."""

import re

import pytest

from bookings.models import Appointment, Patient
from bookings.rules.statuses import Status
from telegram_integration.models import TelegramLink
from tenants.context import inside
from tests.support.chat import Chat

REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
PHONE = "66812340001"

once = pytest.param(1, id="once")
twice = pytest.param(2, id="twice")


class Walk:
    """Somebody who does each thing, after which the update comes `times` in all."""

    def __init__(self, chat: Chat, times: int) -> None:
        self.chat, self._again = chat, times - 1

    def taps(self, *action: str) -> None:
        self.chat.taps_action(*action)
        self._repeat()

    def says(self, text: str) -> None:
        self.chat.says(text)
        self._repeat()

    def shares(self, phone: str) -> None:
        self.chat.shares(phone)
        self._repeat()

    def _repeat(self) -> None:
        for _ in range(self._again):
            self.chat.again()


@pytest.mark.parametrize("times", [once, twice])
@pytest.mark.parametrize("language", ["th", "en"])
def test_a_stranger_registers_books_moves_and_cancels(
    platform_bot, first_hospital, check_up, language, times
):
    walk = Walk(Chat(platform_bot).speaks(language), times)
    walk.says("/start")
    walk.says("Malee Srisuk")
    walk.shares(PHONE)
    walk.taps("b")
    if check_up.name not in walk.chat.text:
        walk.taps("bs")
    for action in ("bm", "bd", "bt", "bc"):
        walk.taps(action)
    with inside(first_hospital):
        booked = Appointment.objects.get(patient__phone_number=f"+{PHONE}")
        before = booked.start
        assert booked.status == Status.SCHEDULED
        assert booked.reference == REFERENCE.search(walk.chat.text)[0]

    walk.says("/myappointments")
    for action in ("ad", "am", "amd", "amt", "amc"):
        walk.taps(action)
    for action in ("ac", "acy", "acs"):
        walk.taps(action)
    with inside(first_hospital):
        row = Appointment.objects.get(patient__phone_number=f"+{PHONE}")
        assert (row.pk, row.status) == (booked.pk, Status.CANCELLED)
        assert row.start != before
        assert Patient.objects.filter(phone_number=f"+{PHONE}").count() == 1
    assert TelegramLink.objects.filter(user=walk.chat.user).count() == 1
