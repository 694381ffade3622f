"""Every card of these flows in both languages, with the worst names there are: Telegram takes them all.

`Chat` checks each card and toast as it is shown.
"""

import pytest

from bookings.errors import PatientNotFound
from core.errors import Busy, InvalidInput
from telegram_integration.cards import Card, show
from telegram_integration.refusals import away, refused
from telegram_integration.routes import TAPS, Route
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.support.chat import Chat
from tests.support.telegram_html import check_card
from tests.telegram_integration.codes import another_than, let_pass, sent_code

MALEE = "+66891112222"
NAMES = {
    "plain": "Malee Srisuk",
    "thai": "นางสาวมาลี ศรีสุข",
    "html": '<b>Malee</i> & "Sons" </a>',
    "emoji": "Malee 👩‍👩‍👧‍👦",
    "turning": "\u202eMalee\u2066\u061c",
    "longest": "&" * 199 + "M",
}


@pytest.fixture(params=["th", "en"])
def language(request) -> str:
    return request.param


@pytest.fixture(params=NAMES.values(), ids=NAMES.keys())
def name(request, hospital) -> str:
    """A name that the hospital has too, all over."""
    told = dict.fromkeys(("name", "address_line1", "address_line2"), request.param)
    cut = dict.fromkeys(("city", "state"), request.param[:100])
    Hospital.objects.filter(pk=hospital.pk).update(
        **told, **cut, phone_number="02 <3> & 4", postal_code="<&>"
    )
    forget_hospitals()
    return request.param


@pytest.fixture
def somebody(platform_bot, first_hospital, in_hospital, name, language) -> Chat:
    return Chat(platform_bot, first_name=name, last_name=name).speaks(language)


def test_registering_by_code(somebody, name, capsys):
    somebody.says("/start")
    somebody.says("123")
    somebody.sends_photo()
    somebody.says(name)
    somebody.says("no number")
    somebody.sends_photo()
    somebody.says("+1 212 555 0100")
    somebody.says("089 111 2222")
    code = sent_code(capsys)
    somebody.says("12")
    somebody.taps_action("r", "s")
    for _ in range(5):
        somebody.says(another_than(code))
    let_pass(seconds=61)
    somebody.taps_action("r", "s")
    somebody.taps_action("r", "c")
    somebody.says(name)
    somebody.taps_action("x")
    somebody.taps_action("m")
    somebody.says(name)
    somebody.says("0891112222")
    let_pass(seconds=61)
    capsys.readouterr()
    somebody.taps_action("r", "s")
    somebody.says(sent_code(capsys))

    assert somebody.user.is_verified
    somebody.taps_action("h")
    somebody.taps_action("hs")
    assert somebody.answers[-1].reply.cards


def test_registering_by_contact_and_everything_around_it(somebody, name, other_hospital, capsys):
    somebody.says("/myappointments")
    somebody.taps_action("r", "n") if name == NAMES["plain"] else somebody.says(name)
    somebody.shares(MALEE)
    for text in ("/help", "/language", "/hospital", "/cancel", "/menu", "/start", "/fly", "hello"):
        somebody.says(text)
    somebody.sends_photo()
    somebody.shares(MALEE)
    somebody.says("/hospital")
    somebody.taps_action("hs")
    somebody.taps_data("m.0.forged")
    somebody.says("/start nowhere")
    somebody.says("/start rama")
    somebody.says(name)
    somebody.taps_action("r", "k")
    somebody.says(sent_code(capsys))

    assert somebody.user.hospital == other_hospital
    somebody.says("/help")
    somebody.taps_action("o")
    somebody.taps_action("oy")
    assert not somebody.user.is_verified or somebody.user.links.exists()


def test_refusals_and_faults(somebody, monkeypatch):
    shown = []

    def handler(turn):
        for refusal in (Busy(), PatientNotFound(), InvalidInput(day="<Too & old>")):
            shown.extend(refused(turn, refusal).cards)
        shown.extend(away(turn).cards)
        return show(Card(text="."))

    monkeypatch.setitem(TAPS, "l", Route(handler, linked=False))
    somebody.says("/language")
    somebody.taps_action("l")

    assert len(shown) == 4
    for card in shown:
        check_card(card)
        assert card.rows
