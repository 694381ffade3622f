"""Whose update it is, in which hospital and language, and which handler answers."""

import pytest
from django.utils import timezone, translation
from redis.exceptions import ConnectionError as RedisAway

from bookings.errors import TryAgain
from core.errors import Busy, NotFound
from telegram_integration import drafts, routes
from telegram_integration.answering import NOBODY, Answer, answer
from telegram_integration.callbacks import Tap, sign
from telegram_integration.cards import Card, Document, Reply, show
from telegram_integration.models import TelegramBot, TelegramLink
from telegram_integration.routes import Route
from tenants.context import current_schema
from tenants.directory import forget_hospitals
from tenants.models import Hospital
from tests.support.chat import Chat
from tests.support.statements import counted
from tests.telegram_integration.conftest import patient_of


def switch_off(hospital) -> None:
    Hospital.objects.filter(pk=hospital.pk).update(is_active=False, phone_number="02 123 4567")
    forget_hospitals()


def signed(chat, action, *arguments, hospital_id=0, bot=None, chat_id=None) -> str:
    bot_id, chat_id = (bot or chat.bot).pk, chat_id or chat.telegram_id
    return sign(Tap(action, hospital_id, arguments), bot_id=bot_id, chat_id=chat_id)


@pytest.fixture
def answers_by(monkeypatch):
    """Have a function answer the tap `zz`, the command `/zz` and the step `zz`."""

    def enter(handler, *, linked=False):
        for table in (routes.TAPS, routes.COMMANDS, routes.STEPS):
            monkeypatch.setitem(table, "zz", Route(handler, linked))

    return enter


@pytest.fixture
def redis_is_away(monkeypatch):
    """Nothing answers where Redis was."""

    class Away:
        def __getattr__(self, name):
            def fail(*args, **kwargs):
                raise RedisAway

            return fail

    monkeypatch.setattr(drafts, "_redis", lambda _url: Away())


def refuse(refusal):
    def handler(turn):
        raise refusal

    return handler


# ── where ─────────────────────────────────────────────────────────────────────


def test_a_handler_runs_in_the_hospital_and_the_language(patient_chat, answers_by):
    seen = []

    def handler(turn):
        seen.append((current_schema(), translation.get_language(), timezone.get_current_timezone_name()))
        return show(Card(text="."))

    answers_by(handler)
    before = current_schema()
    patient_chat.says("/zz")

    assert seen == [("h_ploy", "en", "Asia/Bangkok")]
    assert current_schema() == before


def test_a_button_is_about_its_own_hospital_from_then_on(
    patient_chat, other_hospital, other_people, answers_by
):
    TelegramLink.objects.create(
        user=patient_chat.user, hospital=other_hospital, patient_id=other_people.alice.pk, proof="CODE"
    )
    seen = []

    def handler(turn):
        seen.append((turn.hospital.subdomain, turn.patient_id))
        return show(Card(text="."))

    answers_by(handler, linked=True)
    patient_chat.taps_data(signed(patient_chat, "zz", hospital_id=other_hospital.pk))

    assert seen == [("rama", other_people.alice.pk)]
    assert patient_chat.user.hospital == other_hospital


def test_a_patient_of_one_hospital_is_a_stranger_in_the_other(patient_chat, other_hospital, answers_by):
    answers_by(refuse(AssertionError("reached")), linked=True)
    patient_chat.taps_data(signed(patient_chat, "zz", hospital_id=other_hospital.pk))

    assert "<b>Rama Hospital</b> has to know who you are" in patient_chat.text


def test_a_button_of_a_hospital_that_was_switched_off_offers_others(
    patient_chat, hospital, other_hospital, answers_by
):
    answers_by(refuse(AssertionError("reached")), linked=True)
    data = signed(patient_chat, "zz", hospital_id=hospital.pk)
    switch_off(hospital)
    patient_chat.taps_data(data)

    assert "does not take appointments here at present" in patient_chat.text
    assert "Rama Hospital" in patient_chat.labels


def test_a_chosen_hospital_that_was_switched_off_offers_others(patient_chat, hospital, other_hospital):
    switch_off(hospital)
    patient_chat.says("/start")

    assert "does not take appointments here at present" in patient_chat.text
    assert "Rama Hospital" in patient_chat.labels
    patient_chat.taps("Rama Hospital")
    assert "Welcome to <b>Rama Hospital</b>" in patient_chat.text


def test_without_a_first_hospital_they_choose_one(platform_bot, hospital, settings):
    settings.DEFAULT_SUBDOMAIN = "nowhere"
    chat = Chat(platform_bot).speaks("en")
    chat.says("/start")

    assert "Which hospital would you like to visit?" in chat.text
    chat.taps("Ploy Hospital")
    assert "Welcome to <b>Ploy Hospital</b>" in chat.text


def test_a_hospitals_own_bot_knows_no_other(hospital, other_hospital, other_people, first_hospital):
    own = TelegramBot.objects.create(hospital=other_hospital, telegram_id=99, token="sealed")
    chat = patient_of(own, hospital, other_people)
    chat.says("/start")
    assert "Welcome to <b>Rama Hospital</b>" in chat.text
    assert not any("nother hospital" in label for label in chat.labels)
    chat.says("/hospital")
    assert "This bot is for <b>Rama Hospital</b> alone." in chat.text
    chat.taps_data(signed(chat, "hs", "1", hospital_id=hospital.pk))
    assert "Rama Hospital" in chat.text


def test_a_hospitals_own_bot_says_when_it_is_switched_off(other_hospital, first_hospital):
    own = TelegramBot.objects.create(hospital=other_hospital, telegram_id=99, token="sealed")
    switch_off(other_hospital)
    chat = Chat(TelegramBot.objects.get(pk=own.pk)).speaks("en")
    chat.says("/start")

    assert "does not take appointments here at present" in chat.text
    assert "02 123 4567" in chat.text


# ── what ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "forgery", ["of another chat", "of another bot", "made up", "empty", "of old", "odd"]
)
def test_a_button_that_we_did_not_make_for_this_chat_does_nothing(patient_chat, answers_by, forgery):
    answers_by(refuse(AssertionError("reached")))
    data = {
        "of another chat": signed(patient_chat, "zz", chat_id=5),
        "of another bot": signed(patient_chat, "zz", bot=TelegramBot()),
        "made up": "zz.0.AAAAAAAA",
        "empty": "",
        "of old": signed(patient_chat, "yy"),
        "odd": "\ud800.é.\x00",
    }[forgery]
    reply = patient_chat.taps_data(data)

    assert reply.toast == "This button is too old. Here is a fresh menu."
    assert reply.is_fresh
    assert "📅 Book an appointment" in patient_chat.labels


@pytest.mark.parametrize(
    ("action", "argument"), [("l", "xx"), ("r", "zzz"), ("h", "!"), ("hs", "zzzzzzzzzzzzzzzz"), ("hs", "")]
)
def test_odd_arguments_of_a_signed_button_are_answered(patient_chat, action, argument):
    patient_chat.taps_data(signed(patient_chat, action, argument))

    assert patient_chat.text.strip()
    assert patient_chat.labels


def test_wanting_a_patients_thing_leads_a_stranger_to_registering(chat, answers_by):
    answers_by(refuse(AssertionError("reached")), linked=True)
    for attempt in (lambda: chat.says("/zz"), lambda: chat.taps_data(signed(chat, "zz"))):
        attempt()
        assert "has to know who you are" in chat.text


@pytest.mark.parametrize(
    ("refusal", "again"),
    [(Busy(), True), (TryAgain(), True), (NotFound(), False)],
    ids=["busy", "again", "404"],
)
def test_a_refusal_reaches_the_person_with_a_way_on(patient_chat, hospital, answers_by, refusal, again):
    Hospital.objects.filter(pk=hospital.pk).update(phone_number="02 <123> 4567")
    forget_hospitals()
    answers_by(refuse(refusal))
    patient_chat.taps_data(signed(patient_chat, "zz", "7", hospital_id=hospital.pk))

    with translation.override("en"):
        assert str(refusal) in patient_chat.text
    assert "02 &lt;123&gt; 4567" in patient_chat.text
    assert patient_chat.labels == ["Try again", "Main menu"] if again else ["Main menu"]


def test_a_fault_is_not_swallowed(patient_chat, answers_by):
    answers_by(refuse(ZeroDivisionError()))

    with pytest.raises(ZeroDivisionError):
        patient_chat.says("/zz")


def test_while_redis_is_away_typing_is_answered_and_taps_work(patient_chat, answers_by, redis_is_away):
    answers_by(lambda _turn: show(Card(text="Tapped.")))
    patient_chat.says("an answer to something")
    assert "try again in a minute" in patient_chat.text
    patient_chat.says("/start")
    assert "📅 Book an appointment" in patient_chat.labels
    patient_chat.taps("Language")
    patient_chat.taps("ภาษาไทย")
    patient_chat.taps_data(signed(patient_chat, "zz"))
    assert patient_chat.text.startswith("Tapped.")


def test_while_redis_is_away_a_stranger_is_told(chat, redis_is_away):
    chat.says("/start")

    assert "try again in a minute" in chat.text
    assert chat.labels == ["Main menu"]


# ── groups ────────────────────────────────────────────────────────────────────


def test_in_a_group_a_command_gets_one_line_and_nobody_is_looked_up(platform_bot, first_hospital):
    group = {"id": -100, "type": "supergroup", "title": "Family"}
    person = {"id": 5_555, "is_bot": False, "first_name": "Malee"}
    message = {"message_id": 1, "date": 1, "chat": group, "from": person, "text": "/start"}
    with counted() as statements:
        answered = answer(platform_bot, {"update_id": 1, "message": message})
        silent = answer(platform_bot, {"update_id": 2, "message": message | {"text": "hello"}})

    assert answered.chat_id == -100
    assert "private chats" in answered.reply.cards[0].text
    assert answered.reply.cards[0].rows == ()
    assert silent is None
    assert statements == []


def test_an_edited_card_is_no_new_message():
    card, file = Card(text="Hello"), Document(name="a.ics", content=b"x")
    where = {"chat_id": 1, "user_id": NOBODY}

    assert Answer(reply=Reply(), **where).new_messages == 0
    assert Answer(reply=Reply(cards=(card, card)), **where).new_messages == 2
    tapped = where | {"callback_id": "1", "message_id": 7}
    assert Answer(reply=Reply(cards=(card,), documents=(file,)), **tapped).new_messages == 1
    assert Answer(reply=Reply(cards=(card,), is_fresh=True), **tapped).new_messages == 1
    assert Answer(reply=Reply(toast="Hi"), **tapped).new_messages == 0
