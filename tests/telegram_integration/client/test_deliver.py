"""An answer reaches the person: cards in place, taps answered, nothing sent twice."""

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from telegram_integration.cards import Button, Card, Document, Reply, Style
from telegram_integration.client import connection
from telegram_integration.client.connection import connect, disconnect
from telegram_integration.client.deliver import Away, Blocked, Delivery, Refused, Wait, deliver
from tests.support.telegram import Sandbox
from tests.telegram_integration.inbox.working import NOBODY, reply, text

MALEE = 5001
BUTTONS = ((Button("Yes", data="y", style=Style.SUCCESS), Button("Site", url="https://nadmor.example/")),)


@pytest.fixture
def telegram(settings, monkeypatch):
    """A make-believe Telegram; whoever waits for it waits for a second at most."""
    monkeypatch.setattr(connection, "READ", 1.0)
    with Sandbox() as sandbox:
        sandbox.limit(overall=0, per_chat=0)
        settings.TELEGRAM_API_BASE_URL = sandbox.url
        yield sandbox


@pytest.fixture
def malee(telegram):
    return telegram.user(MALEE, first_name="Malee", language_code="en").starts()


def bring(telegram, answer, *, tries=1):
    """Deliver, going on so often."""

    async def run():
        bot = connect(telegram.token, at_once=8)
        try:
            if tries == 1:
                return await deliver(bot, answer)
            delivery = Delivery(bot, answer)
            for _ in range(tries - 1):
                with suppress(Wait, Away):
                    return await delivery.go_on()
            return await delivery.go_on()
        finally:
            await disconnect(bot)

    asyncio.run(run())


def answer(*cards, **more):
    made = reply(text(1, chat=MALEE))
    return replace(made, reply=Reply(cards=tuple(cards), **more))


def tapped(telegram, malee, *cards, **more):
    """An answer to a tap on a card that is there."""
    bring(telegram, answer(Card(text="Do you?", rows=BUTTONS)))
    told = telegram.ask("POST", f"/users/{malee.id}/tap", label="Yes")
    made = answer(*cards, **more)
    message_id = malee.card["message_id"]
    return replace(made, callback_id=told["callback_query_id"], message_id=message_id)


def shown(malee):
    return [card["text"] for card in malee.cards]


def test_a_card_is_sent_protected_and_quiet_about_links(telegram, malee):
    bring(telegram, answer(Card(text="<b>Do</b> you? https://nadmor.example", rows=BUTTONS)))

    card = malee.card
    assert card["text"] == "Do you? https://nadmor.example"
    assert card["is_protected"]
    [[yes, site]] = card["buttons"]
    assert (yes["text"], yes["style"], yes["data"]) == ("Yes", "success", "y")
    assert (site["kind"], site["url"]) == ("url", "https://nadmor.example/")
    [sent] = telegram.calls("sendMessage")
    assert "is_disabled" in str(sent["arguments"]["link_preview_options"])


def test_a_tap_is_answered_and_its_card_edited(telegram, malee):
    bring(telegram, tapped(telegram, malee, Card(text="Done"), toast="Thank you"))

    assert shown(malee) == ["Done"]
    assert malee.labels == []
    assert (malee.toast, malee.answers[-1]["show_alert"]) == ("Thank you", False)


def test_a_toast_alone_changes_nothing_else(telegram, malee):
    bring(telegram, tapped(telegram, malee, toast="Not that day", is_alert=True))

    assert shown(malee) == ["Do you?"]
    assert (malee.toast, malee.answers[-1]["show_alert"]) == ("Not that day", True)


def test_a_fresh_card_leaves_the_tapped_one(telegram, malee):
    bring(telegram, tapped(telegram, malee, Card(text="New"), is_fresh=True))

    assert shown(malee) == ["Do you?", "New"]


@pytest.mark.parametrize("card", [
    Card(text="Your number?", contact_button="Share it"), Card(text="Thanks", drops_contact_button=True),
], ids=["contact", "drops"])  # fmt: skip
def test_a_keyboard_under_the_text_field_comes_with_a_new_message(telegram, malee, card):
    bring(telegram, tapped(telegram, malee, card))

    assert shown(malee) == ["Do you?", card.text]
    assert bool(malee.keyboard) is bool(card.contact_button)


def test_the_first_card_is_edited_and_all_else_follows_in_order(telegram, malee):
    document = Document(name="visit.ics", content=b"BEGIN:VCALENDAR", caption="For <b>you</b>")
    bring(telegram, tapped(telegram, malee, Card(text="1"), Card(text="2"), documents=(document,)))

    assert shown(malee) == ["1", "2", "For you"]
    [told] = malee.documents
    assert (told["file_name"], malee.content_of(told)) == ("visit.ics", b"BEGIN:VCALENDAR")


def test_an_edit_that_changes_nothing_is_fine(telegram, malee):
    bring(telegram, tapped(telegram, malee, Card(text="Do you?", rows=BUTTONS)))

    assert shown(malee) == ["Do you?"]
    assert len(malee.answers) == 1


def test_a_card_that_is_gone_is_sent_anew(telegram, malee):
    made = tapped(telegram, malee, Card(text="Done"))
    bring(telegram, replace(made, message_id=9999))

    assert shown(malee) == ["Do you?", "Done"]


def test_a_tap_that_was_answered_already_is_no_matter(telegram, malee):
    made = tapped(telegram, malee, Card(text="Done"))
    bring(telegram, made)
    bring(telegram, made)

    assert shown(malee) == ["Done"]


@pytest.mark.parametrize("kind", ["500", "lost", "reset", "timeout"])
def test_an_edit_of_which_nobody_knows_is_made_again(telegram, malee, kind):
    made = tapped(telegram, malee, Card(text="Done"))
    telegram.fail_next("editMessageText", kind, seconds=3)
    bring(telegram, made, tries=3)

    assert shown(malee) == ["Done"]


@pytest.mark.parametrize(("kind", "seen"), [("lost", ["1", "2"]), ("500", ["2"]), ("timeout", ["2"])])
def test_a_message_of_which_nobody_knows_is_not_sent_again(telegram, malee, kind, seen):
    telegram.fail_next("sendMessage", kind, seconds=3)
    bring(telegram, answer(Card(text="1"), Card(text="2")))

    assert shown(malee) == seen


def test_who_goes_on_after_waiting_sends_only_what_is_left(telegram, malee):
    document = Document(name="visit.ics", content=b"x")
    telegram.fail_next("sendDocument", "429", times=2, retry_after=1)
    bring(telegram, answer(Card(text="1"), Card(text="2"), documents=(document,)), tries=3)

    assert len(malee.cards) == 3
    assert shown(malee)[:2] == ["1", "2"]


def test_an_answer_to_a_tap_that_has_to_wait_does_not_show_the_card_twice(telegram, malee):
    made = tapped(telegram, malee, Card(text="Done"), toast="Hm")
    telegram.fail_next("answerCallbackQuery", "429", retry_after=1)
    bring(telegram, made, tries=2)

    assert (malee.toast, shown(malee)) == ("Hm", ["Done"])
    assert len(telegram.calls("editMessageText")) == 1


@pytest.mark.parametrize(("kind", "fault"), [("403", Blocked), ("429", Wait)])
def test_what_the_caller_must_know_is_raised(telegram, malee, kind, fault):
    telegram.fail_next("sendMessage", kind, retry_after=1)

    with pytest.raises(fault):
        bring(telegram, answer(Card(text="1")))


def test_broken_html_is_refused(telegram, malee):
    with pytest.raises(Refused):
        bring(telegram, answer(Card(text="<b>x")))


def test_an_empty_answer_says_nothing(telegram, malee):
    before = telegram.counters()["calls"]
    bring(telegram, replace(answer(), user_id=NOBODY))

    assert telegram.counters()["calls"] == before
